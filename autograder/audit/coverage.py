"""What each test costs and is good for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from autograder.audit.findings import error
from autograder.audit.report import Finding, Kind, MutantRow, Row, Stage, TestCost
from autograder.audit.trial import TrialResult
from autograder.authoring.marked import Marked
from autograder.outcomes import Outcome


def costs(
    tests: Sequence[Marked],
    rows: Sequence[Row],
    results: Sequence[TrialResult],
    mutants: Iterable[MutantRow],
) -> list[TestCost]:
    """Return time and use of every test.

    Parameters
    ----------
    rows, results
        Of the known answers, in the same order.
    """
    kills = Counter(row.killed_by for row in mutants)
    return [
        TestCost(
            test=test.name,
            task=test.task,
            points=test.points,
            milliseconds=1e3 * _seconds(test.name, rows, results),
            wrong_failed=sum(_fails(row, test.name) for row in rows if row.kind is Kind.WRONG),
            mutants_killed=kills[test.name],
        )
        for test in tests
    ]


def unused(found: Iterable[TestCost]) -> list[str]:
    """Return the tests that no wrong variant failed and that killed no mutant."""
    return [cost.test for cost in found if not cost.wrong_failed and not cost.mutants_killed]


def coverage_findings(idle: Iterable[str], tests: Sequence[Marked]) -> Iterator[Finding]:
    """Yield the tests that never said no: their points are a gift."""
    by_name = {test.name: test for test in tests}
    for name in idle:
        test = by_name[name]
        yield error(
            Stage.COVERAGE,
            f"{test.path}:{test.line}",
            f"{name} ({test.points:g} points) failed on no wrong variant and on no mutant.",
            "Either it cannot fail, or the wrong answer that it is for is missing in wrong/.",
        )


def _seconds(name: str, rows: Sequence[Row], results: Sequence[TrialResult]) -> float:
    right = (Kind.REFERENCE, Kind.RIGHT)
    times = [
        sum(seen.seconds for seen in result.seen if seen.test == name)
        for row, result in zip(rows, results, strict=True)
        if row.kind in right
    ]
    return median(times) if times else 0.0


def _fails(row: Row, name: str) -> bool:
    return name in row.cells and row.cells[name].outcome is Outcome.FAILED
