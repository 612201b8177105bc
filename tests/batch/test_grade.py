"""Grading one student at a time must come to what nbgrader comes to, and must not stop."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.batch import (
    Batch,
    Course,
    Graded,
    Watcher,
    check_assignment,
    grade_submissions,
    open_course,
)
from autograder.batch.plan import Only
from autograder.errors import UserError
from autograder.grading.run import LOST_WHILE_SHOWING
from autograder.outcomes import Outcome
from autograder.results import read_results, write_result

from .conftest import HAND_INS, SLUG, hand_in

Rows = dict[tuple[str, str], tuple[float | None, bool | None, str | None]]


class Silent:
    """Watches without a word."""

    def __init__(self) -> None:
        self.told_to_stop = False

    def started(self, student: str) -> None:
        pass

    def finished(self, graded: Graded) -> None:
        pass

    def stopping(self) -> None:
        self.told_to_stop = True

    def tick(self) -> None:
        pass


def run(
    course: Course,
    *students: str,
    jobs: int = 2,
    only: Only | None = None,
    rerun: bool = False,
    watcher: Watcher | None = None,
) -> Batch:
    return grade_submissions(
        check_assignment(course, SLUG),
        lambda total: contextlib.nullcontext(watcher or Silent()),
        jobs=jobs,
        students=students,
        only=only,
        rerun=rerun,
    )


def grade(course: Course, *students: str, rerun: bool = False) -> dict[str, Graded]:
    return run(course, *students, rerun=rerun).graded


def rows(course: Course) -> Rows:
    """Return score, flag and comment of every cell, by student and cell."""
    found: Rows = {}
    coursedir = course.coursedir()
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for entry in gradebook.assignment_submissions(SLUG):
            for notebook in entry.notebooks:
                for item in notebook.grades:
                    found[entry.student.id, item.name] = (
                        item.auto_score,
                        item.needs_manual_grade,
                        None,
                    )
                for item in notebook.comments:
                    found[entry.student.id, f"{item.name} comment"] = (
                        None,
                        None,
                        item.auto_comment,
                    )
    return found


@pytest.fixture(scope="module")
def graded(copy_course: Callable[[], Course]) -> tuple[Course, dict[str, Graded]]:
    course = copy_course()
    return course, grade(course)


def test_marks_flags_and_comments_are_those_of_plain_nbgrader(
    graded: tuple[Course, dict[str, Graded]], copy_course: Callable[[], Course]
) -> None:
    plain = copy_course()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", SLUG],
        cwd=plain.root,
        env={**os.environ, "PATH": path, "HOME": str(plain.root)},
        capture_output=True,
        timeout=240,
        check=True,
    )
    expected = rows(plain)
    assert {student for student, _ in expected} == set(HAND_INS)
    assert rows(graded[0]) == expected


def test_every_hand_in_gets_the_outcome_it_deserves(
    graded: tuple[Course, dict[str, Graded]],
) -> None:
    seen = {student: item.result.outcome for student, item in graded[1].items()}
    assert seen == {
        "broken": Outcome.NOT_GRADED,
        "deleted": Outcome.PASSED,
        "missing": Outcome.NOT_GRADED,
        "right": Outcome.PASSED,
        "untouched": Outcome.FAILED,
        "wrong": Outcome.FAILED,
    }


def test_results_are_kept_for_every_student(graded: tuple[Course, dict[str, Graded]]) -> None:
    course, items = graded
    kept = {result.student: result for result in read_results(course.settings, SLUG)}
    assert kept == {student: item.result for student, item in items.items()}
    assert len(kept) == len(HAND_INS)


def test_second_run_keeps_what_is_graded_and_rerun_does_not(
    graded: tuple[Course, dict[str, Graded]],
) -> None:
    course, first = graded
    again = grade(course, "right", "wrong")
    assert [item.is_new for item in again.values()] == [False, False]
    assert again["wrong"].result == first["wrong"].result
    assert grade(course, "right", rerun=True)["right"].is_new


def test_graded_submission_whose_result_is_lost_is_graded_again(
    graded: tuple[Course, dict[str, Graded]],
) -> None:
    course, first = graded
    write_result(course.settings, first["right"].result).unlink()
    again = grade(course, "right")["right"]
    assert again.is_new
    assert again.result.outcome is Outcome.PASSED


def test_submission_whose_words_were_lost_with_the_sandbox_is_graded_again(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    right = run(course, "right", "wrong").graded["right"].result
    write_result(course.settings, right.model_copy(update={"notes": (LOST_WHILE_SHOWING,)}))
    again = run(course, "right", "wrong").graded
    assert again["right"].is_new
    assert again["right"].result == right
    assert not again["wrong"].is_new


def test_submission_that_nbgrader_cannot_handle_does_not_stop_the_next(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    (course.root / "submitted" / "deleted" / SLUG / "timestamp.txt").write_text("tomorrow")
    done = grade(course, "deleted", "right")
    assert done["deleted"].result.outcome is Outcome.NOT_GRADED
    assert "time of the submission" in done["deleted"].result.damaged
    assert done["right"].result.outcome is Outcome.PASSED
    assert len(read_results(course.settings, SLUG)) == 2


def test_folder_named_like_a_pattern_never_gets_a_classmates_marks(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    name = "righ[t]"
    hand_in(course.root, name, b"{not json")
    done = grade(course, name)[name]
    assert done.result.outcome is Outcome.NOT_GRADED
    assert "no student's id" in done.result.damaged
    assert not (course.root / "autograded").exists()


def test_first_interrupt_finishes_the_submission_and_starts_no_other(
    copy_course: Callable[[], Course],
) -> None:
    class Interrupting(Silent):
        pressed = False

        def started(self, student: str) -> None:
            # Once: a second Ctrl-C ends at once, and one more may have been on its way already.
            if not self.pressed:
                self.pressed = True
                os.kill(os.getpid(), signal.SIGINT)

    before, watcher = signal.getsignal(signal.SIGINT), Interrupting()
    course = copy_course()
    done = run(course, jobs=1, watcher=watcher).graded
    assert 1 <= len(done) < len(HAND_INS)
    assert grade(course).keys() == set(HAND_INS)
    assert watcher.told_to_stop
    assert signal.getsignal(signal.SIGINT) is before


def test_student_who_submitted_nothing_is_named_with_a_near_one(
    graded: tuple[Course, dict[str, Graded]],
) -> None:
    with pytest.raises(UserError) as error:
        check_assignment(graded[0], SLUG).students(["rihgt"])
    assert "rihgt" in str(error.value)
    assert "right" in error.value.hint


def test_assignment_that_the_gradebook_does_not_know_is_refused(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    (course.root / "gradebook.db").unlink()
    with pytest.raises(UserError, match="does not know the assignment"):
        check_assignment(course, SLUG)


def test_course_that_would_run_submissions_unconfined_is_refused(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    with pytest.raises(UserError, match="does not switch the autograder on"):
        open_course(tmp_path)


def test_broken_configuration_is_named(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(UserError, match=r"nbgrader_config\.py cannot be read"):
        open_course(tmp_path)


def test_folder_that_is_no_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a course directory"):
        open_course(tmp_path)
