"""What an audit found, for a terminal: the verdict, what to mend, then the measurements.

All text is put in as plain text without control characters: messages and diffs quote code, and
neither markup nor escape sequences may reach the terminal from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.audit.report import (
    AuditReport,
    Cell,
    MutantRow,
    MutantShare,
    MutantVerdict,
    Row,
    Severity,
    TestCost,
)
from autograder.audit.wording import (
    count,
    deviates,
    deviation_text,
    deviations,
    diff_lines,
    factor,
    findings_by_stage,
    headline,
    hint_text,
    idle,
    narrowest,
    open_text,
    problem_text,
    slow_text,
    with_verdict,
)
from autograder.batch.visible import visible
from autograder.outcomes import Outcome

NARROWEST = 10
"""Comparisons that are shown: those nearest to their tolerance."""
_SLOWEST = 5
_SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_DIFF_STYLES = {"+": "green", "-": "red"}
_ALARM = ("! ", "bold red")
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
    _line(console, (headline(report), style))
    _findings(report, console)
    _answers(report, console, verbose)
    _mutants(report, console, verbose)
    _repeats(report, console)
    _margins(report, console, verbose)
    _leaks(report, console)
    _costs(report, console, verbose)


def _findings(report: AuditReport, console: Console) -> None:
    for stage, found in findings_by_stage(report):
        _heading(console, f"Findings: {stage}")
        for finding in found:
            label = (f"{finding.severity:8}", _SEVERITY_STYLES[finding.severity])
            _line(console, label, finding.where)
            _line(console, problem_text(finding, report), indent=8)
            if finding.advice:
                _line(console, f"→ {finding.advice}", indent=8)


def _answers(report: AuditReport, console: Console, verbose: bool) -> None:
    for title, rows in _answer_groups(report.rows):
        _heading(console, f"Answers: {title}")
        titles = ",Answer*,Kind,Passed<,Failed<,Must fail<,Hint"
        _print_table(console, titles, map(_answer_cells, rows))
        for row in rows:
            _outcomes(console, row, row.cells if verbose else deviations(row))


def _answer_cells(row: Row) -> list[Text]:
    mark = Text("!", "bold red") if deviates(row) else Text("✓", "green")
    return [mark, *_cells(row.name, row.kind, *_counts(row), hint_text(row))]


def _outcomes(console: Console, row: Row, cells: Mapping[str, Cell]) -> None:
    for name, cell in cells.items():
        if not cell.as_expected:
            _line(console, _ALARM, f"{row.name}: {name}: {deviation_text(cell)}", indent=2)
        elif cell.outcome is not Outcome.PASSED:
            note = f": {cell.message}" if cell.message else ""
            _line(console, f"{row.name}: {name}: {cell.outcome}{note}", indent=4)


def _answer_groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the answers of whole notebooks, then those of each task."""
    whole = [row for row in rows if len(row.tasks) != 1]
    if whole:
        yield "whole notebooks", whole
    for task in dict.fromkeys(row.tasks[0] for row in rows if len(row.tasks) == 1):
        yield task, [row for row in rows if row.tasks == (task,)]


def _counts(row: Row) -> tuple[str, str, str]:
    """Return how many tests an answer passed and failed, and of those listed, how many."""
    outcomes = [cell.outcome for cell in row.cells.values()]
    listed = [cell.outcome for cell in row.cells.values() if cell.expected_failure]
    seen = f"{listed.count(Outcome.FAILED)} of {len(listed)}" if listed else ""
    return str(outcomes.count(Outcome.PASSED)), str(outcomes.count(Outcome.FAILED)), seen


def _mutants(report: AuditReport, console: Console, verbose: bool) -> None:
    if not report.shares:
        return
    _heading(console, "Mutants of the reference that the tests kill")
    titles = "Task*,Share<,,Killed<,Equivalent<,Accepted<,Unexplained<"
    _print_table(console, titles, [_share_cells(share, report) for share in report.shares])
    explained = with_verdict(report, MutantVerdict.ACCEPTED, MutantVerdict.EQUIVALENT)
    for mutant in [*with_verdict(report, MutantVerdict.SURVIVED), *(explained if verbose else [])]:
        _mutant(mutant, console)
    for part in report.open_parts:
        _line(console, open_text(part), indent=2)


def _share_cells(share: MutantShare, report: AuditReport) -> list[Text]:
    verdicts = [mutant.verdict for mutant in report.mutants if mutant.task == share.task]
    filled = int(_BAR * share.percent / 100)
    return _cells(
        share.task,
        f"{share.percent:.1f} %",
        "█" * filled + "░" * (_BAR - filled),
        f"{share.killed} of {share.counted}",
        str(share.equivalent),
        str(verdicts.count(MutantVerdict.ACCEPTED)),
        str(verdicts.count(MutantVerdict.SURVIVED)),
    )


def _mutant(mutant: MutantRow, console: Console) -> None:
    title = f"{mutant.task}, line {mutant.line}, {mutant.operator} ({mutant.key})"
    console.print()
    _line(console, (f"{title}: {mutant.verdict}", "bold"), indent=2)
    if mutant.reason:
        _line(console, mutant.reason, indent=2)
    for line in diff_lines(mutant.diff):
        _line(console, (line, _DIFF_STYLES.get(line[:1], "")), indent=4)


def _repeats(report: AuditReport, console: Console) -> None:
    repeats = report.repeats
    if not repeats.runs:
        return
    _heading(console, "Repeats with other hidden inputs")
    split = "; ".join(f"{runs} with {name}" for name, runs in repeats.by_conditions.items())
    _line(console, f"{count(repeats.runs, 'run')} ({split})", indent=2)
    if slow := slow_text(repeats):
        _line(console, slow, indent=2)
    flips = count(len(repeats.flips), "flip") if repeats.flips else "none flipped"
    _line(console, f"{count(repeats.verdicts, 'verdict')}, {flips}", indent=2)
    for flip in repeats.flips:
        where = f"{flip.variant}: {flip.test}, {flip.conditions}, seed {flip.seed}"
        _line(console, _ALARM, f"{where}: {flip.message}", indent=2)
        _line(console, f"→ AUTOGRADER_TERM={flip.term} draws it again", indent=4)


def _margins(report: AuditReport, console: Console, verbose: bool) -> None:
    if not report.margins:
        return
    shown = narrowest(report.margins)[: None if verbose else NARROWEST]
    _heading(
        console,
        f"Margins: the {len(shown)} narrowest of {count(len(report.margins), 'comparison')}, "
        "in units of the tolerance",
    )
    for margin in shown:
        _line(console, f"{margin.test} ({margin.site})", indent=2)
        for label, value, variant in (
            ("worst right", margin.worst_right, margin.worst_right_variant),
            ("best wrong", margin.best_wrong, margin.best_wrong_variant),
        ):
            by = f"  {variant}" if variant else ""
            _line(console, f"{label:11} {factor(value):>8}{by}", indent=4)
        if margin.note:
            _line(console, margin.note, indent=4)


def _leaks(report: AuditReport, console: Console) -> None:
    search = report.leak_search
    if not search.places:
        return
    _heading(console, f"Leak search: {count(len(search.leaks), 'leak')}")
    for place, number in search.places.items():
        _line(console, f"{number:>8} {place}")
    for leak in search.leaks:
        _line(console, _ALARM, f"{leak.what}: {leak.where}", indent=2)


def _costs(report: AuditReport, console: Console, verbose: bool) -> None:
    if not report.tests:
        return
    slowest = sorted(report.tests, key=lambda cost: -cost.milliseconds)
    _heading(console, "Tests" if verbose else f"The {min(_SLOWEST, len(slowest))} slowest tests")
    titles = "Test*,Task*,Points<,Time<,Wrong failed<,Mutants killed<"
    shown = slowest[: None if verbose else _SLOWEST]
    _print_table(console, titles, map(_cost_cells, shown))
    for cost in idle(report.tests):
        text = f"{cost.test} failed no wrong answer and was the first to kill no mutant"
        _line(console, ("! ", "bold yellow"), text, indent=2)


def _cost_cells(cost: TestCost) -> list[Text]:
    return _cells(
        cost.test,
        cost.task,
        f"{cost.points:g}",
        f"{cost.milliseconds:.0f} ms",
        str(cost.wrong_failed),
        str(cost.mutants_killed),
    )


def _print_table(console: Console, titles: str, rows: Iterable[Sequence[Text]]) -> None:
    """Print a table that cuts nothing: names stay whole, other columns fold.

    Parameters
    ----------
    titles
        One for each column, with commas between; ``<`` ends one of numbers, ``*`` one of names.
    """
    rows = list(rows)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title, cells in zip(titles.split(","), zip(*rows, strict=True), strict=True):
        table.add_column(
            title.rstrip("<*"),
            justify="right" if title.endswith("<") else "left",
            overflow="fold",
            min_width=max(cell.cell_len for cell in cells) if title.endswith("*") else None,
        )
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _cells(*texts: str) -> list[Text]:
    return [Text(visible(text)) for text in texts]


def _heading(console: Console, title: str) -> None:
    console.print()
    _line(console, (title, "bold underline"))


def _line(console: Console, *parts: str | tuple[str, str], indent: int = 0) -> None:
    """Print a text of plain and of styled parts; a terminal wraps it within its indent."""
    pairs = [(part, "") if isinstance(part, str) else part for part in parts]
    text = Text.assemble(*((visible(plain), style) for plain, style in pairs))
    room = max(console.width - indent, 20)
    for line in text.split("\n", allow_blank=True):
        for piece in line.wrap(console, room) if console.is_terminal else [line]:
            console.print(Text(" " * indent) + piece, soft_wrap=True)
