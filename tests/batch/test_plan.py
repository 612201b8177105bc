"""What a run takes up, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.batch import Course, Journal, Only, check_assignment
from autograder.batch.digests import basis
from autograder.batch.plan import Plan, make_plan
from autograder.grading.run import LOST
from autograder.kernels import Budget, BudgetSpent
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult
from autograder.results import write_result

from .conftest import HAND_INS, SLUG
from .test_grade import grade


@pytest.fixture(scope="module")
def course(copy_course: Callable[[], Course]) -> Course:
    """A course of which some is graded; *broken* and *missing* cannot be."""
    course = copy_course()
    grade(course, "broken", "missing", "right", "wrong")
    return course


def planned(course: Course, only: Only | None = None, *, rerun: bool = False) -> Plan:
    now = basis(course.settings, course.coursedir(assignment_id=SLUG))
    with Journal(course.root) as journal:
        known = journal.entries(SLUG)
    return make_plan(check_assignment(course, SLUG), HAND_INS, known, now, only=only, rerun=rerun)


def spent() -> str:
    """Return the reason of a submission that took all its time."""
    with pytest.raises(BudgetSpent) as stopped:
        Budget(0.0).check()
    return str(stopped.value)


def result(*tests: TestResult, reason: str = "") -> SubmissionResult:
    task = TaskResult(task="b1_t1", max_points=4, tests=tests, reason=reason)
    return SubmissionResult(
        student="right", assignment=SLUG, notebook=SLUG, tasks=(task,), tier="T1"
    )


def test_each_choice_takes_its_own(course: Course) -> None:
    assert set(planned(course).to_grade) == {"deleted", "untouched"}
    assert set(planned(course, Only.NEW).to_grade) == {"deleted", "untouched"}
    assert set(planned(course, Only.FAILED).to_grade) == {"broken", "missing"}
    assert set(planned(course, rerun=True).to_grade) == set(HAND_INS)
    assert len(planned(course, Only.DEFERRED)) == 0


def test_deferred_submission_is_taken_where_the_device_may_be(course: Course) -> None:
    with Journal(course.root) as journal:
        journal.saved(SLUG, "wrong", Outcome.DEFERRED)
        assert set(planned(course, Only.DEFERRED).to_grade) == {"wrong"}
        journal.saved(SLUG, "wrong", Outcome.FAILED)


@pytest.mark.parametrize("only", [None, *Only])
def test_what_a_killed_run_was_grading_is_taken_up_by_any_run(
    copy_course: Callable[[], Course], only: Only | None
) -> None:
    course = copy_course()
    now = basis(course.settings, course.coursedir(assignment_id=SLUG))
    with Journal(course.root) as journal:
        journal.start(SLUG, "right", "whatever it was", now)
    assert "right" in planned(course, only).to_grade


def test_submission_that_took_all_its_time_does_not_hold_up_every_run(course: Course) -> None:
    undecided = TestResult(
        name="test_x", task="b1_t1", points=4, outcome=Outcome.NOT_GRADED, message=spent()
    )
    with Journal(course.root) as journal:
        journal.saved(SLUG, "right", Outcome.NOT_GRADED)
        for stopped in (result(reason=spent()), result(undecided)):
            write_result(course.settings, stopped)
            assert "right" not in planned(course).to_grade
            assert "right" in planned(course, Only.FAILED).to_grade
        write_result(course.settings, result(reason=LOST))
        assert "right" in planned(course).to_grade
        write_result(course.settings, result(undecided, reason=LOST))
        assert "right" in planned(course).to_grade
        journal.saved(SLUG, "right", Outcome.PASSED)
