"""A hidden test that watches processes waits for a machine whose sandbox lets right answers run."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading import engine as engines
from autograder.grading import grade_notebook
from autograder.outcomes import Outcome
from autograder.sandbox import choose_confinement
from autograder.settings import Settings

from .conftest import GOOD, SUBMISSION, Grade, as_notebook, by_name

GRADER = """
import pytest
from autograder.grading import Student, expect

@pytest.mark.task("tiny_t1", points=2)
def test_alone(student: Student) -> None:
    with student.watch() as seen:
        got = student.call("double", 2)
    expect.true(got == 4 and not seen.left_running, what="double(2) is 4, and starts nothing")

@pytest.mark.task("tiny_t1", points=1)
def test_unwatched(student: Student) -> None:
    expect.equal(student.call("double", 3), 6, what="double(3) is 6")
"""


def test_watched_test_passes_where_shared_memory_is_the_submissions_own(grade: Grade) -> None:
    result = grade(GOOD, grader=GRADER)
    assert result.outcome is Outcome.PASSED


def test_watched_test_is_deferred_with_the_reason_where_it_is_not(
    tiny: Path, fast_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pools need semaphores in ``/dev/shm``: no answer could be right there."""
    (tiny / "graders/tiny/test_tiny.py").write_text(GRADER)
    weaker = choose_confinement("auto", frozenset({"view"}))
    monkeypatch.setattr(engines, "choose_confinement", lambda _: weaker)
    with engines.Engine(fast_settings) as engine:
        result = grade_notebook(as_notebook(GOOD), SUBMISSION, fast_settings, engine)
    tests = by_name(result)
    assert tests["test_unwatched"].outcome is Outcome.PASSED
    assert tests["test_alone"].outcome is Outcome.DEFERRED
    assert "neither lost nor won" in tests["test_alone"].message
    assert result.tasks[0].score is None
