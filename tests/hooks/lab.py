"""A small assignment by hand: two tasks with hidden tests, one written, one data file."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

LAB = "lab"

CONFIG = """
from autograder.hooks import configure
c = get_config()
c.CourseDirectory.course_id = "lab101"
configure(c)
"""

SETTINGS = """
graders_dir = "graders"
call_cpu_s = 2
notebook_limit_bytes = 1000000
"""

CONTRACT = """
title = "Lab"
notebook = "lab"
task = [
  {id = "lab_t1", title = "Double", kind = "auto", level = "core", points = 3, minutes = 5},
  {id = "lab_t2", title = "Triple", kind = "auto", level = "core", points = 2, minutes = 5},
  {id = "lab_t3", title = "Why", kind = "written", level = "core", points = 2, minutes = 5},
]
"""

HINTS = """
[added-two]
text = "Doubling is *multiplying* by two."
section = "Doubling"
"""

GRADER = """
import pytest
from autograder.grading import Draw, Student, expect


@pytest.mark.task("lab_t1", points=2)
def test_double_is_twice(student: Student, draw: Draw) -> None:
    n = draw.integer(3, 9)
    expect.equal(student.call("double", n), 2 * n, what="double(n) is twice n",
                 inputs={"n": n}, misconceptions={"added-two": n + 2})


@pytest.mark.task("lab_t1", points=1)
def test_double_of_zero(student: Student) -> None:
    expect.equal(student.call("double", 0), 0, what="double(0) is 0")


@pytest.mark.task("lab_t2", points=2)
def test_triple_is_thrice(student: Student, draw: Draw) -> None:
    n = draw.integer(3, 9)
    expect.equal(student.call("triple", n), 3 * n, what="triple(n) is three times n")
"""

DOUBLE = "def double(n):\n    return 2 * n"
TRIPLE = "def triple(n):\n    return OFFSET + 3 * n"
STUB = 'def {0}(n):\n    raise NotImplementedError("{1}")'
WRITTEN = "*Write your answer here.*"


def flags(grade_id: str, **given: Any) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell."""
    metadata = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**metadata, "grade_id": grade_id, "schema_version": 3, **given}}


def source_notebook() -> NotebookNode:
    """Return the instructor's notebook, as the build writes it: answers hide the stubs."""
    code, prose = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    cells = [
        prose("# Lab\n\n<details>An explanation.</details>"),
        code("OFFSET = 0", metadata=flags("lab_cell_01", locked=True)),
        code(STUB.format("double", "lab_t1"), metadata=flags("lab_t1_answer", solution=True)),
        code("print('check 1')", metadata=flags("lab_t1", grade=True, locked=True, points=3)),
        code(STUB.format("triple", "lab_t2"), metadata=flags("lab_t2_answer", solution=True)),
        code("print('check 2')", metadata=flags("lab_t2", grade=True, locked=True, points=2)),
        prose(WRITTEN, metadata=flags("lab_t3", grade=True, solution=True, points=2)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"lab-{number}"
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["metadata"]["autograder"] = {"stub": cell["source"]}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write(path: Path, text: str) -> None:
    """Write a file, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class Course:
    """A course directory that real nbgrader commands run in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        write(root / "nbgrader_config.py", CONFIG)
        write(root / "autograder.toml", SETTINGS)
        write(root / ".autograder-secret", "0123456789abcdef0123")
        write(root / "assignments/lab/assignment.toml", CONTRACT)
        write(root / "graders/lab/hints.toml", HINTS)
        write(root / "graders/lab/test_lab.py", GRADER)
        write(root / "solutions/lab/reference.py", f"{DOUBLE}\n")
        write(root / "source/lab/lab.ipynb", nbformat.writes(source_notebook()))
        write(root / "source/lab/data.txt", "the instructor's data")
        self.run("generate_assignment", LAB)

    @property
    def database(self) -> str:
        """The gradebook's address."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run an nbgrader command with no configuration of this account; return its log."""
        home = self.root / "home"
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **{name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")},
        }
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=240,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stderr

    def released(self) -> dict[str, Any]:
        """Return the notebook that students fetch, as JSON."""
        path = self.root / "release/lab/lab.ipynb"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def solved(self) -> dict[str, Any]:
        """Return the notebook with every task done."""
        document = self.released()
        by_id(document, "lab_t1_answer")["source"] = DOUBLE
        by_id(document, "lab_t2_answer")["source"] = TRIPLE
        by_id(document, "lab_t3")["source"] = "Because two is even."
        return document

    def folder(self, student: str) -> Path:
        """Return the folder of a student's submission, made if need be."""
        folder = self.root / "submitted" / student / LAB
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def submit(
        self, student: str, change: Callable[[dict[str, Any]], object] = lambda document: None
    ) -> Path:
        """Hand in the solved notebook with something changed; return its folder."""
        document = copy.deepcopy(self.solved())
        change(document)
        folder = self.folder(student)
        write(folder / "lab.ipynb", json.dumps(document))
        return folder

    def autograded(self, student: str) -> NotebookNode:
        """Return a graded notebook."""
        path = self.root / "autograded" / student / LAB / "lab.ipynb"
        return nbformat.read(path, as_version=4)


def by_id(document: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell with this id of nbgrader's."""
    cells: list[dict[str, Any]] = document["cells"]
    return next(
        cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def drop(document: dict[str, Any], grade_id: str) -> None:
    """Delete a cell."""
    document["cells"].remove(by_id(document, grade_id))
