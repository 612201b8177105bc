"""``autograder grade`` as a script calls it: what it prints, and its exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograder.batch import Course, check_assignment, open_course
from autograder.errors import UserError

from .conftest import SLUG
from .test_grade import rows

pytestmark = pytest.mark.timeout(900)

FORGETFUL = """
    from pathlib import Path
    seen = Path(__file__).with_name("seen")
    if seen.exists():
        raise expect.PropertyFailed("the second time everything is wrong", None, ())
    seen.touch()
"""
"""A hidden test's last lines that let an answer pass once."""


def grade(course: Course, *options: str, code: int) -> tuple[dict[str, Any], str]:
    """Run the command; return the document on standard output, and what else it said."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", SLUG, "--json", *options],
        cwd=course.root,
        env={**os.environ, "HOME": str(course.root)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)  # nothing else stands there
    return document, done.stderr


def test_json_tells_every_outcome_and_what_was_not_graded(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    document, _ = grade(course, "--students", "right,wrong,broken", code=1)
    told = {item["student"]: item for item in document["submissions"]}
    outcomes = {student: item["outcome"] for student, item in told.items()}
    assert outcomes == {"right": "passed", "wrong": "failed", "broken": "not graded"}
    assert told["right"]["scores"] == {"b1_t1": 4}
    assert told["broken"]["scores"] == {"b1_t1": None}
    assert "not JSON" in told["broken"]["reason"]
    assert {item["marks_from"] for item in told.values()} == {"hidden tests"}
    assert (document["complete"], document["left"], document["flips"]) == (False, 0, [])

    again, _ = grade(course, "--students", "right,wrong", "--repeat", "2", code=0)
    assert [item["graded_now"] for item in again["submissions"]] == [False, False]
    assert (again["complete"], again["flips"]) == (True, [])


def test_repeat_names_a_mark_that_flips_and_saves_nothing(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    (path,) = (course.root / "graders" / SLUG).glob("test_*.py")
    path.write_text(path.read_text().rstrip() + "\n" + FORGETFUL)
    document, said = grade(course, "--students", "right", "--repeat", "2", code=1)
    (item,) = document["submissions"]
    assert item["scores"] == {"b1_t1": 4}
    lost = [(flip["student"], flip["before"], flip["after"]) for flip in document["flips"]]
    assert lost == [("right", 4.0, 3.0)] * 2
    assert "second time everything is wrong" in document["flips"][0]["why"][0]
    assert "Graded 2 times more: 2 marks differ." in said
    assert rows(course)["right", "b1_t1"][0] == 4.0


def test_assignment_whose_folders_are_mislaid_is_not_taken_for_a_classic_one(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    for folder in ("assignments", "graders"):
        shutil.rmtree(course.root / folder / SLUG)
    with pytest.raises(UserError, match="no contract"):  # never marks from visible checks
        check_assignment(course, SLUG)


def test_configuration_that_would_run_submissions_unconfined_is_refused(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    config = course.root / "nbgrader_config.py"
    steps = '["nbgrader.preprocessors.Execute", "nbgrader.preprocessors.SaveAutoGrades"]'
    config.write_text(f"{config.read_text()}\nc.Autograde.autograde_preprocessors = {steps}\n")
    with pytest.raises(UserError, match="unconfined"):
        open_course(course.root)
