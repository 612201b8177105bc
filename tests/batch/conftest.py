"""A small class in a real course directory, made once and copied for each test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import GenerateAssignment

from autograder.authoring import (
    build_assignment,
    build_stub,
    build_variant_notebook,
    init_course,
    new_assignment,
)
from autograder.batch import Course, open_course
from autograder.settings import load_settings

SLUG = "b1_errors"
HAND_INS = ("broken", "deleted", "missing", "right", "untouched", "wrong")


def hand_in(course_dir: Path, student: str, data: bytes | None) -> Path:
    """Put a hand-in where nbgrader collects to; None means no notebook."""
    folder = course_dir / "submitted" / student / SLUG
    folder.mkdir(parents=True)
    if data is not None:
        (folder / f"{SLUG}.ipynb").write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course directory with an assignment and one hand-in of each kind, not graded."""
    home = tmp_path_factory.mktemp("template") / "course"
    init_course(home, course_id="dl101")
    settings = load_settings(home)
    new_assignment(SLUG, settings)
    build_assignment(SLUG, settings, home / "source")
    course = open_course(home)
    GenerateAssignment(coursedir=course.coursedir(assignment_id=SLUG), parent=course.app).start()
    solutions = home / "solutions" / SLUG
    right = nbformat.writes(build_variant_notebook(SLUG, solutions / "right/loop.py", settings))
    wrong = nbformat.writes(
        build_variant_notebook(SLUG, solutions / "wrong/sum_for_mean.py", settings)
    )
    deleted = json.loads(right)
    deleted["cells"] = [
        cell
        for cell in deleted["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != "b1_t1"
    ]
    hand_in(home, "broken", b"{not json")
    hand_in(home, "deleted", json.dumps(deleted).encode())
    hand_in(home, "missing", None)
    hand_in(home, "right", right.encode())
    hand_in(home, "untouched", nbformat.writes(build_stub(SLUG, settings)).encode())
    hand_in(home, "wrong", wrong.encode())
    return home


@pytest.fixture(scope="session")
def copy_course(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Course]:
    """Return a way to get a fresh copy of the course."""

    def copy() -> Course:
        return open_course(shutil.copytree(template, tmp_path_factory.mktemp("copy") / "course"))

    return copy
