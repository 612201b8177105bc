"""How an audit's report is put into words: shared by the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Iterable

from autograder.audit.report import (
    AuditReport,
    Cell,
    Finding,
    Kind,
    Margin,
    MutantRow,
    MutantVerdict,
    OpenPart,
    Repeats,
    Row,
    Severity,
    Stage,
    TestCost,
)
from autograder.outcomes import Outcome

_BEYOND_MEASURE = 1e300
"""An answer that is infinitely wrong has an excess of about 1.8e308."""


def headline(report: AuditReport) -> str:
    """Return the verdict and what it rests on."""
    return f"{report.slug}: {'passed' if report.passed else 'FAILED'}, {tally(report)}"


def tally(report: AuditReport) -> str:
    """Return how much was found, and how much was tried."""
    warnings = len(report.findings) - len(report.errors)
    return (
        f"{count(len(report.errors), 'error')}, {count(warnings, 'warning')}. "
        f"Tried {count(len(report.rows), 'answer')} on {count(len(test_names(report)), 'test')}, "
        f"{count(len(report.mutants), 'mutant')}, {count(report.repeats.runs, 'repeat')}."
    )


def count(number: int, thing: str) -> str:
    """Return a number of things, in words a person would use."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def findings_by_stage(report: AuditReport) -> list[tuple[Stage, list[Finding]]]:
    """Return the findings in the order of the stages, in each the errors first."""
    grouped = [(stage, [f for f in report.findings if f.stage is stage]) for stage in Stage]
    return [
        (stage, sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))
        for stage, found in grouped
        if found
    ]


def problem_text(finding: Finding, report: AuditReport) -> str:
    """Return what is wrong; a survivor's diff is named there and stands with the mutants."""
    text = finding.problem
    for mutant in with_verdict(report, MutantVerdict.SURVIVED):
        if mutant.diff:
            text = text.replace(mutant.diff, f"its diff is below, as {mutant.key}")
    return text.rstrip()


def test_names(report: AuditReport) -> list[str]:
    """Return every test's name; those of the answers' cells if the audit ended before costs."""
    named = [cost.test for cost in report.tests]
    return named or list(dict.fromkeys(name for row in report.rows for name in row.cells))


def deviations(row: Row) -> dict[str, Cell]:
    """Return the outcomes that the answer must not have, by test."""
    return {name: cell for name, cell in row.cells.items() if not cell.as_expected}


def deviation_text(cell: Cell) -> str:
    """Return what a test should have made of an answer, and what it did, with its message."""
    demanded = "must fail" if cell.expected_failure else "must not fail"
    if cell.outcome is Outcome.NOT_GRADED:
        demanded = "must decide"
    return f"{cell.outcome}, {demanded}" + (f": {cell.message}" if cell.message else "")


def hint_text(row: Row) -> str:
    """Return the misconceptions an answer was recognised as, and the expected ones if others."""
    given = ", ".join(row.hints_given)
    if not hint_deviates(row):
        return given
    return f"expected {', '.join(row.hints_expected) or 'none'}, given {given or 'none'}"


def hint_deviates(row: Row) -> bool:
    """Say whether an answer was recognised as something else; nothing is expected of a stub."""
    return row.kind is not Kind.STUB and set(row.hints_given) != set(row.hints_expected)


def deviates(row: Row) -> bool:
    """Say whether an answer met anything but what it must meet."""
    return hint_deviates(row) or bool(deviations(row))


def with_verdict(report: AuditReport, *verdicts: MutantVerdict) -> list[MutantRow]:
    """Return the mutants that ended so."""
    return [mutant for mutant in report.mutants if mutant.verdict in verdicts]


def diff_lines(diff: str) -> list[str]:
    """Return the lines of a unified diff, without its headers."""
    lines = diff.splitlines()
    if [line[:4] for line in lines[:2]] == ["--- ", "+++ "]:
        lines = lines[2:]
    return [line for line in lines if not line.startswith("@@")]


def open_text(part: OpenPart) -> str:
    """Return why a function has no mutants."""
    return f"{part.task}: no mutants of {part.function}: {part.reason}"


def slow_text(repeats: Repeats) -> str:
    """Return which tests are repeated less often, and how often; empty if there are none."""
    if not repeats.slow_tests:
        return ""
    return f"{count(repeats.slow_runs, 'run')} of slow tests: {', '.join(repeats.slow_tests)}"


def narrowest(margins: Iterable[Margin]) -> list[Margin]:
    """Return the comparisons, those nearest to their tolerance first."""
    return sorted(margins, key=_room)


def factor(value: float | None) -> str:
    """Return a multiple of a tolerance for reading."""
    if value is None:
        return "none"
    return "∞" if value > _BEYOND_MEASURE else f"{value:.2g}"


def _room(margin: Margin) -> float:
    """Return the distance to the border in powers of ten; negative beyond it."""
    right, wrong = margin.worst_right, margin.best_wrong
    below = -math.log10(right) if right else math.inf
    above = math.log10(wrong) if wrong else math.inf
    return min(below, above)


def idle(tests: Iterable[TestCost]) -> list[TestCost]:
    """Return the tests without which nothing in the report would look different."""
    return [cost for cost in tests if not cost.wrong_failed and not cost.mutants_killed]
