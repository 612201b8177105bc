"""A classic nbgrader course: two notebooks, their tests inside, and a class of every kind."""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.authoring import init_course

SLUG = "Problem-Set-1"  # a name that no assignment with hidden tests could have
CONFIG = 'c = get_config()\n\nc.CourseDirectory.course_id = "classic101"\n'
SQUARE = "def square(n):\n    return n * n"
WRONG = "def square(n):\n    return n + n"
LOUD = "import sys\ndef square(n):\n    sys.stderr.write('hm')\n    return n * n"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert square(-3) == 9\n### END HIDDEN TESTS"
PARTIAL = "sum(square(n) == n * n for n in (0, 2, 5, 7)) / 2"

Rows = dict[tuple[str, str, str], tuple[object, ...]]


def flags(grade_id: str, **given: Any) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell."""
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**plain, "grade_id": grade_id, "schema_version": 3, **given}}


def check_cell(grade_id: str, source: str, points: float) -> NotebookNode:
    """Return a test cell."""
    metadata = flags(grade_id, grade=True, locked=True, points=points)
    return nbformat.v4.new_code_cell(source, metadata=metadata)


def answer(grade_id: str, source: str) -> NotebookNode:
    """Return an answer cell, as the instructor writes it."""
    solved = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    return nbformat.v4.new_code_cell(solved, metadata=flags(grade_id, solution=True))


def written(grade_id: str) -> NotebookNode:
    """Return a cell that a person marks."""
    metadata = flags(grade_id, grade=True, solution=True, points=2)
    return nbformat.v4.new_markdown_cell("YOUR ANSWER HERE", metadata=metadata)


def notebook(*cells: NotebookNode, kernel: str = "python3") -> NotebookNode:
    """Return a notebook of the instructor's."""
    spec = {"name": kernel, "display_name": "A kernel", "language": "python"}
    return nbformat.v4.new_notebook(cells=list(cells), metadata={"kernelspec": spec})


def squares() -> NotebookNode:
    """Return the first notebook, with a test that gives part of the points."""
    return notebook(
        nbformat.v4.new_code_cell("OFFSET = 0"),
        answer("square_answer", SQUARE),
        check_cell("square", f"assert square(2) == 4\n{HIDDEN}", 3),
        check_cell("partly", PARTIAL, 2),
        written("why"),
        nbformat.v4.new_markdown_cell(
            "A task.", metadata=flags("work", task=True, locked=True, points=1)
        ),
    )


def cubes() -> NotebookNode:
    """Return the second notebook."""
    return notebook(
        answer("cube_answer", "def cube(n):\n    return n ** 3"),
        check_cell("cube", "assert cube(2) == 8", 1),
    )


def nbgrader(root: Path, *arguments: str, code: int = 0) -> str:
    """Run an nbgrader command as plain as it comes; return its log."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    alone = dict.fromkeys(("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"), str(root / "home"))
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={**os.environ, "PATH": path, **alone},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return done.stderr


def make_course(root: Path, **notebooks: NotebookNode) -> None:
    """Make a course directory that knows nothing of the autograder, and release its assignment."""
    (root / "source" / SLUG).mkdir(parents=True)
    (root / "home").mkdir()  # where there is none, IPython makes a directory of its own each time
    (root / "nbgrader_config.py").write_text(CONFIG)
    for name, nb in notebooks.items():
        nbformat.write(nb, root / "source" / SLUG / f"{name}.ipynb")
    nbgrader(root, "generate_assignment", SLUG)


def by_id(nb: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the cell with this id of nbgrader's."""
    return next(
        cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def solve(nb: NotebookNode, source: str) -> None:
    by_id(nb, "square_answer").source = source
    by_id(nb, "why").source = "Because."


Change = Callable[[NotebookNode], object]
CLASS: dict[str, Change] = {
    "deleted": lambda nb: (solve(nb, SQUARE), nb.cells.remove(by_id(nb, "square"))),
    "error": lambda nb: solve(nb, "def square(n):\n    raise ValueError('no idea')"),
    "loud": lambda nb: solve(nb, LOUD),
    "partial": lambda nb: solve(nb, "def square(n):\n    return n * n if n < 5 else 0"),
    "right": lambda nb: solve(nb, SQUARE),
    "syntax": lambda nb: solve(nb, "def square(n) return"),
    "untouched": lambda nb: None,
    "wrong": lambda nb: solve(nb, WRONG),
}


def hand_in(root: Path, student: str, name: str, change: Change = lambda nb: None) -> Path:
    """Hand in a released notebook with something changed; return its folder."""
    nb = copy.deepcopy(nbformat.read(root / "release" / SLUG / f"{name}.ipynb", as_version=4))
    change(nb)
    folder = root / "submitted" / student / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, folder / f"{name}.ipynb")
    return folder


def rows(root: Path) -> Rows:
    """Return everything that the gradebook says of every student's cells and notebooks."""
    found: Rows = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "classic101") as gradebook:
        for entry in gradebook.assignment_submissions(SLUG):
            student = entry.student.id
            found[student, "", "total"] = (entry.score, entry.max_score, entry.needs_manual_grade)
            for nb in entry.notebooks:
                for grade in nb.grades:
                    marks = (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    found[student, nb.name, grade.name] = marks
                for comment in nb.comments:
                    found[student, nb.name, f"{comment.name} comment"] = (comment.auto_comment,)
    return found


@pytest.fixture(scope="session")
def plain_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classic course with its class handed in, and nothing graded."""
    root = tmp_path_factory.mktemp("classic") / "course"
    root.mkdir()
    make_course(root, squares=squares(), cubes=cubes())
    for student, change in CLASS.items():
        hand_in(root, student, "squares", change)
        if student != "partial":
            hand_in(root, student, "cubes", lambda nb: None)
    by_hand = "def cube(n):\n    return n ** 3"
    hand_in(root, "right", "cubes", lambda nb: by_id(nb, "cube_answer").update(source=by_hand))
    (root / "submitted" / "empty" / SLUG).mkdir(parents=True)
    return root


@pytest.fixture
def course(plain_course: Path, tmp_path: Path) -> Path:
    """A copy of the course in which the autograder was switched on."""
    root = shutil.copytree(plain_course, tmp_path / "course")
    init_course(root, course_id="")
    return root
