"""What an audit found, for a terminal: the verdict, what to mend, then the measurements.

All text is put in as plain text without control characters: messages and diffs quote code, and
neither markup nor escape sequences may reach the terminal from there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.audit.report import (
    AuditReport,
    Cell,
    Finding,
    Kind,
    Margin,
    MutantRow,
    MutantVerdict,
    Row,
    Severity,
    Stage,
    TestCost,
)
from autograder.batch.visible import visible
from autograder.outcomes import Outcome

NARROWEST = 10
"""Comparisons that are shown: those nearest to their tolerance."""
_SLOWEST = 5
_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_DIFF_STYLES = {"+": "green", "-": "red"}
_BAR = 20
"""Characters of a bar for 100 %."""


def print_report(report: AuditReport, console: Console, *, verbose: bool = False) -> None:
    """Print a report.

    Parameters
    ----------
    verbose
        Show also what is as it should be: every refusal, explained survivors, all comparisons
        and all tests.
    """
    style = "bold green" if report.passed else "bold red"
    _line(console, Text(headline(report), style))
    _findings(report, console)
    _answers(report, console, verbose)
    _mutants(report, console, verbose)
    _repeats(report, console)
    _margins(report, console, verbose)
    _leaks(report, console)
    _costs(report, console, verbose)


def headline(report: AuditReport) -> str:
    """Return the verdict and what it rests on, in one sentence each."""
    warnings = len(report.findings) - len(report.errors)
    return (
        f"{report.slug}: {'passed' if report.passed else 'FAILED'}, "
        f"{count(len(report.errors), 'error')}, {count(warnings, 'warning')}. "
        f"Tried {count(len(report.rows), 'answer')} on {count(len(test_names(report)), 'test')}, "
        f"{count(len(report.mutants), 'mutant')}, {count(report.repeats.runs, 'repeat')}."
    )


def count(number: int, thing: str) -> str:
    """Return a number of things, in words a person would use."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}".replace(",", "\N{NO-BREAK SPACE}")


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
    """Return the misconception an answer was recognised as, and the expected one if another."""
    given = ", ".join(row.hints_given) or "none"
    if row.kind is Kind.STUB or set(row.hints_given) == set(row.hints_expected):
        return given if row.hints_given else ""
    return f"expected {', '.join(row.hints_expected) or 'none'}, given {given}"


def deviates(row: Row) -> bool:
    """Say whether an answer met anything but what it must meet."""
    return bool(deviations(row)) or hint_text(row).startswith("expected ")


def with_verdict(report: AuditReport, *verdicts: MutantVerdict) -> list[MutantRow]:
    """Return the mutants that ended so."""
    return [mutant for mutant in report.mutants if mutant.verdict in verdicts]


def diff_lines(diff: str) -> list[str]:
    """Return the lines of a unified diff, without its headers."""
    lines = diff.splitlines()
    if [line[:4] for line in lines[:2]] == ["--- ", "+++ "]:
        lines = lines[2:]
    return [line for line in lines if not line.startswith("@@")]


def narrowest(margins: Iterable[Margin]) -> list[Margin]:
    """Return the comparisons, those nearest to their tolerance first."""
    return sorted(margins, key=_room)


def factor(value: float | None) -> str:
    """Return a multiple of a tolerance for reading."""
    if value is None:
        return "none"
    return "∞" if math.isinf(value) else f"{value:.2g}"


def _room(margin: Margin) -> float:
    """Return the distance to the border in powers of ten; negative beyond it."""
    right, wrong = margin.worst_right, margin.best_wrong
    below = -math.log10(right) if right else math.inf
    above = math.log10(wrong) if wrong else math.inf
    return min(below, above)
