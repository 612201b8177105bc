"""The graders that are compared: each grades a class of its own, and tells the marks."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.light_course import (
    SLUG,
    TASKS,
    Kind,
    otter_test,
    plain_notebook,
    student_id,
    write_course,
)
from benchmarks.measure import BIN, Run, measured
from benchmarks.real_course import write_real_course


@contextlib.contextmanager
def course(kind: Kind, students: int, slug: str = SLUG) -> Iterator[Path]:
    """Give a course directory with a class that has handed in."""
    root = Path(tempfile.mkdtemp(prefix=f"bench-{kind}-"))
    try:
        if slug == SLUG:
            write_course(root, kind, students)
        else:
            write_real_course(root, slug, kind, students)
        _nbgrader(root, "generate_assignment", slug)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _nbgrader(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)


def stock(students: int, slug: str = SLUG) -> Run:
    """Grade with plain ``nbgrader autograde``."""
    with course("stock", students, slug) as root:
        run = measured("stock", students, [_stock_command(root, slug)], root)
        run.marks = gradebook_marks(root, slug)
        return run


def two_stock(students: int) -> Run:
    """Grade with two of them, each on a copy of the course with half of the class."""
    with course("stock", students) as root:
        halves = [root / "half0", root / "half1"]
        for number, half in enumerate(halves):
            half.mkdir()
            for name in ("nbgrader_config.py", "gradebook.db", "source", "release"):
                source = root / name
                copy = shutil.copytree if source.is_dir() else shutil.copy
                copy(source, half / name)
            for index in range(number, students, 2):
                name = student_id(index)
                shutil.copytree(root / "submitted" / name, half / "submitted" / name)
        commands = [_stock_command(half) for half in halves]
        run = measured("two_stock", students, commands, root)
        run.marks = {**gradebook_marks(halves[0]), **gradebook_marks(halves[1])}
        return run


def _stock_command(root: Path, slug: str = SLUG) -> list[str]:
    return [
        *(sys.executable, "-m", "nbgrader", "autograde", slug),
        f"--CourseDirectory.root={root}",
        f"--config={root / 'nbgrader_config.py'}",
    ]


def ours(students: int, jobs: int, slug: str = SLUG) -> Run:
    """Grade with ``autograder grade``, sandbox on."""
    with course("autograder", students, slug) as root:
        command = [str(BIN / "autograder"), "grade", slug, "--course", str(root)]
        run = measured("ours", students, [[*command, "--jobs", str(jobs)]], root)
        run.marks = gradebook_marks(root, slug)
        return run


def otter(students: int, python: Path) -> Run:
    """Grade with Otter's local run, one submission after another, in its own environment."""
    root = Path(tempfile.mkdtemp(prefix="bench-otter-"))
    try:
        _otter_files(root, students)
        zipped = root / "autograder.zip"
        began = time.monotonic()
        marks = {}
        for number in range(students):
            out = root / f"out{number}"
            out.mkdir()
            command = [str(python), "-m", "otter", "run", str(root / f"{number}" / "light.ipynb")]
            command += ["-a", str(zipped), "-o", str(out)]
            done = subprocess.run(command, cwd=root, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"Otter ended with {done.returncode}: {done.stderr}")
            found = json.loads((out / "results.json").read_text(encoding="utf-8"))
            marks[student_id(number)] = {
                test["name"].split()[0]: float(test["score"])
                for test in found["tests"]
                if test["name"].split()[0] in {task.id for task in TASKS}
            }
        return Run("otter", students, time.monotonic() - began, marks=marks).told()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _otter_files(root: Path, students: int) -> None:
    tests = root / "tests"
    tests.mkdir()
    for task in TASKS:
        (tests / f"{task.id}.py").write_text(otter_test(task), encoding="utf-8")
    (root / "otter_config.json").write_text("{}", encoding="utf-8")
    archive = root / "autograder"
    archive.mkdir()
    shutil.copytree(tests, archive / "tests")
    shutil.copy(root / "otter_config.json", archive)
    shutil.make_archive(str(archive), "zip", archive)
    for number in range(students):
        folder = root / f"{number}"
        folder.mkdir()
        (folder / "light.ipynb").write_text(json.dumps(plain_notebook(number)), encoding="utf-8")


def gradebook_marks(root: Path, slug: str = SLUG) -> dict[str, dict[str, float | None]]:
    """Return the marks in a gradebook, by student and task."""
    from nbgrader.api import Gradebook

    marks: dict[str, dict[str, float | None]] = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", "light") as gradebook:
        for submission in gradebook.assignment_submissions(slug):
            (notebook,) = submission.notebooks
            marks[submission.student.id] = {item.name: item.auto_score for item in notebook.grades}
    return marks
