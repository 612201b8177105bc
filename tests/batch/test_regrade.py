"""A regrade must tell who would gain or lose what before anything is written."""

from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console

from autograder.batch import Course, changes
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult
from autograder.reports.regrade import regrade

from .conftest import SLUG
from .test_grade import grade, rows


def result(*tests: tuple[str, Outcome]) -> SubmissionResult:
    made = tuple(
        TestResult(name=name, task="x1_t1", points=2.0, outcome=outcome, message="why it failed")
        for name, outcome in tests
    )
    task = TaskResult(task="x1_t1", max_points=4.0, tests=made)
    return SubmissionResult(student="ada", assignment="x1", notebook="x1", tasks=(task,), tier="T1")


def test_equal_results_have_no_changes() -> None:
    same = result(("test_a", Outcome.PASSED), ("test_b", Outcome.FAILED))
    assert changes(same, same) == []


def test_change_names_the_tests_that_ended_otherwise() -> None:
    before = result(("test_a", Outcome.PASSED), ("test_b", Outcome.FAILED))
    after = result(("test_a", Outcome.FAILED), ("test_b", Outcome.FAILED))
    (change,) = changes(before, after)
    assert (change.before, change.after, change.difference) == (2.0, 0.0, -2.0)
    assert change.why == ("test_a: passed, now failed (why it failed)",)


def test_undecided_is_neither_zero_nor_full() -> None:
    (change,) = changes(result(("t", Outcome.PASSED)), result(("t", Outcome.NOT_GRADED)))
    assert (change.before, change.after) == (2.0, None)


def test_dry_run_shows_who_would_lose_and_writes_nothing(
    copy_course: Callable[[], Course],
) -> None:
    course = copy_course()
    grade(course, "right", "wrong")
    before, results = rows(course), course.root / ".autograder" / "results" / SLUG
    kept = {path.name: path.read_bytes() for path in results.iterdir()}
    for test in (course.root / "graders" / SLUG).glob("test_*.py"):
        harder = 'raise expect.PropertyFailed("no answer will do", None, ())\n'
        text = test.read_text()
        start = text.index("def test_")
        head = text.index("\n", text.index(") -> None:", start)) + 1
        test.write_text(f"{text[:head]}    {harder}{text[head:]}")
    stream = io.StringIO()
    console = Console(file=stream, width=200)
    regrade(course, SLUG, console, students=["right", "wrong"], jobs=2, dry_run=True)
    text = stream.getvalue()
    assert "Nothing was written." in text
    assert "0 would gain and 1 would lose points" in text
    assert "passed, now failed" in text
    assert rows(course) == before
    assert {path.name: path.read_bytes() for path in results.iterdir()} == kept
    assert not list((course.root / ".autograder" / "staging").rglob("*.ipynb"))
