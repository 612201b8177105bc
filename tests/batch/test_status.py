"""``autograder status`` says how far it is, to a person and to a script."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable

import pytest
from rich.console import Console

from autograder.batch import Course, Journal
from autograder.batch.digests import basis
from autograder.batch.lock import is_running, only_run
from autograder.errors import UserError
from autograder.outcomes import Outcome
from autograder.reports.status import status_command

from .conftest import HAND_INS, SLUG
from .test_grade import grade


def told(course: Course, slug: str = SLUG) -> tuple[int, str]:
    stream = io.StringIO()
    code = status_command(course, slug, Console(file=stream, width=200), as_json=False)
    return code, stream.getvalue()


@pytest.fixture(scope="module")
def course(copy_course: Callable[[], Course]) -> Course:
    course = copy_course()
    grade(course, "broken", "right", "wrong")
    return course


def test_each_submission_is_counted_and_what_has_no_mark_says_why(course: Course) -> None:
    code, text = told(course)
    assert code == 1
    assert "6 submissions: 3 new, 2 graded, 1 not graded\n" in text
    assert re.search(r"broken: not graded: .*not JSON", text)
    assert "Last run: began" in text
    assert "ended 20" in text
    assert f"Go on with: autograder grade {SLUG}" in text


def test_script_gets_the_same(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    status_command(course, SLUG, Console(), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"new": 3, "graded": 2, "not graded": 1}
    assert document["submissions"].keys() == set(HAND_INS)
    assert "not JSON" in document["submissions"]["broken"]["reason"]
    assert document["submissions"]["right"] == {"state": "graded", "reason": ""}
    assert document["is_running"] is False


def test_interrupted_is_not_what_is_being_graded(copy_course: Callable[[], Course]) -> None:
    course = copy_course()
    now = basis(course.settings, course.coursedir(assignment_id=SLUG))
    with Journal(course.root) as journal, journal.run(SLUG, "{}"):
        journal.start(SLUG, "right", "digest", now)
        with only_run(course.root, SLUG):
            assert is_running(course.root, SLUG)
            text = told(course)[1]
            assert "right: being graded" in text
            assert "is running" in text
            assert "Go on" not in text
        assert not is_running(course.root, SLUG)
        text = told(course)[1]
    assert "right: interrupted" in text
    assert "was cut off" in text


def test_complete_class_is_told_by_the_exit_status_until_somebody_hands_in_again(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    submitted = course.root / "submitted"
    for student in set(HAND_INS) - {"right", "wrong"}:
        shutil.rmtree(submitted / student)
    grade(course)
    assert told(course)[0] == 0
    shutil.copy(submitted / "right" / SLUG / f"{SLUG}.ipynb", submitted / "wrong" / SLUG)
    code, text = told(course)
    assert code == 1
    assert "wrong: handed in again" in text


def test_deferred_submission_is_no_graded_one(copy_course: Callable[[], Course]) -> None:
    course = copy_course()
    grade(course, "right")
    with Journal(course.root) as journal:
        journal.saved(SLUG, "right", Outcome.DEFERRED)
    assert "1 deferred" in told(course)[1]


def test_mistyped_assignment_is_refused(course: Course) -> None:
    with pytest.raises(UserError, match="no submission of b1_erors"):
        told(course, "b1_erors")
