"""The class as a whole: marks, hidden tests and misconceptions, counted."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.hooks.report import property_of
from autograder.outcomes import Outcome, SubmissionResult
from autograder.reports.findings import hint_name, max_points, points

_MOST_BINS = 12


@dataclass(frozen=True)
class TestShare:
    """How many students pass one hidden test, of those for whom it is decided."""

    __test__ = False  # not a pytest class, whatever its name

    task: str
    name: str
    passed: int
    decided: int

    @property
    def percent(self) -> float:
        """The share that passes, in percent; 0 while it is decided for nobody."""
        return 100 * self.passed / self.decided if self.decided else 0.0


@dataclass(frozen=True)
class Misconception:
    """A hint, and whose answers earned it."""

    name: str
    advice: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Bin:
    """A bar of the distribution of marks."""

    label: str
    count: int


@dataclass(frozen=True)
class Overview:
    """The numbers of the summary.

    Attributes
    ----------
    totals
        Points of each submission whose tasks are all decided.
    undecided
        Submissions with a task that is deferred or not graded.
    """

    totals: tuple[float, ...]
    max_points: float
    undecided: int
    bins: tuple[Bin, ...]
    tests: tuple[TestShare, ...]
    misconceptions: tuple[Misconception, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether a mark is still missing, which must not be read as a zero."""
        return self.undecided > 0

    @property
    def full_marks(self) -> int:
        """How many reach all autograded points."""
        return sum(value >= self.max_points for value in self.totals)

    @property
    def mean(self) -> float | None:
        """Mean of the decided totals."""
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        """Median of the decided totals."""
        return statistics.median(self.totals) if self.totals else None


def overview(results: Sequence[SubmissionResult]) -> Overview:
    """Count what a class's results hold."""
    reached = [points(result) for result in results]
    totals = tuple(value for value in reached if value is not None)
    worth = max((max_points(result) for result in results), default=0.0)
    return Overview(
        totals=totals,
        max_points=worth,
        undecided=len(results) - len(totals),
        bins=_bins(totals, worth),
        tests=_tests(results),
        misconceptions=_misconceptions(results),
    )


def _bins(totals: Sequence[float], worth: float) -> tuple[Bin, ...]:
    """Sort totals into bins of whole points; full marks have one of their own at the end.

    With ``w`` points a bin, a total ``p`` below full marks lies in bin ``floor(p / w)``.
    """
    if worth <= 0:
        return ()
    width = math.ceil(worth / _MOST_BINS)
    below = math.ceil(worth / width)
    counts = [0] * (below + 1)
    for value in totals:
        counts[below if value >= worth else int(value // width)] += 1
    labels = [_label(i * width, width, worth) for i in range(below)]
    return tuple(map(Bin, [*labels, f"{worth:g}"], counts))


def _label(low: int, width: int, worth: float) -> str:
    return f"{low}" if width == 1 else f"{low}–{min(low + width, worth):g}"


def _tests(results: Sequence[SubmissionResult]) -> tuple[TestShare, ...]:
    counts: dict[tuple[str, str], list[Outcome]] = {}
    for result in results:
        for task in result.tasks:
            for test in task.tests:
                counts.setdefault((test.task, property_of(test)), []).append(test.outcome)
    return tuple(
        TestShare(
            task=task,
            name=name,
            passed=outcomes.count(Outcome.PASSED),
            decided=sum(outcome.is_settled for outcome in outcomes),
        )
        for (task, name), outcomes in sorted(counts.items(), key=lambda item: item[0][0])
    )


def _misconceptions(results: Sequence[SubmissionResult]) -> tuple[Misconception, ...]:
    """Return the hints that were earned, the most frequent first."""
    students: dict[str, dict[str, None]] = {}
    advice: dict[str, str] = {}
    for result in results:
        for test in (test for task in result.tasks for test in task.tests if test.hint):
            hint = test.hint or ""
            students.setdefault(hint, {})[result.student] = None
            advice[hint] = test.hint_text
    found = [Misconception(hint_name(h), advice[h], tuple(who)) for h, who in students.items()]
    return tuple(sorted(found, key=lambda item: (-len(item.students), item.name)))
