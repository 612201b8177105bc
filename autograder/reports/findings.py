"""What grading found in one submission, in short lines for a person on the staff."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.hooks.report import property_of
from autograder.outcomes import Outcome, SubmissionResult, TestResult

SYMBOLS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.DEFERRED: "…",
    Outcome.NOT_GRADED: "?",
}
"""So that an outcome is never told by colour alone."""


def findings(result: SubmissionResult) -> list[str]:
    """Return what a person should know, the most important first; empty if all is well.

    Why something was not graded comes before the misconceptions that were recognised, those
    before the first failure without one, and notes on what was repaired come last.
    """
    found = list(_undecided(result))
    failed = [test for test in _tests(result) if test.outcome is Outcome.FAILED]
    hints = dict.fromkeys(hint_name(test.hint) for test in failed if test.hint)
    if hints:
        found.append(f"looks like {', '.join(hints)}")
    elif failed:
        found.append(first_line(failed[0].message) or f"not so: {property_of(failed[0])}")
    return [*found, *(note for note in result.notes if note not in found)]


def points(result: SubmissionResult) -> float | None:
    """Return the points of all tasks with hidden tests, or None while one is undecided."""
    scores = [task.score for task in result.tasks]
    settled = [score for score in scores if score is not None]
    return sum(settled) if scores and len(settled) == len(scores) else None


def max_points(result: SubmissionResult) -> float:
    """Return what the tasks with hidden tests are worth together."""
    return sum(task.max_points for task in result.tasks)


def hint_name(hint: str) -> str:
    """Return a hint's identifier as words."""
    return hint.replace("-", " ").replace("_", " ")


def first_line(text: str) -> str:
    """Return the first line that is not blank; empty if there is none."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _undecided(result: SubmissionResult) -> Iterator[str]:
    if result.damaged:
        yield f"not graded: {result.damaged}"
        return
    reasons = [f"{outcome}: {first_line(why)}" for outcome, why in result.undecided()]
    yield from dict.fromkeys(reasons)


def _tests(result: SubmissionResult) -> Iterator[TestResult]:
    for task in result.tasks:
        yield from task.tests
