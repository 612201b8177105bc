"""The table that ends a run: one row for each student."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from autograder.batch.visible import visible
from autograder.outcomes import Outcome, SubmissionResult, TaskResult
from autograder.reports.findings import SYMBOLS, findings, max_points, points

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.DEFERRED: "yellow",
    Outcome.NOT_GRADED: "yellow",
}
_MOST_FINDINGS = 3
_LONGEST_FINDING = 160
_LONGEST_ID = 32
_NARROWEST_FINDINGS = 24


def results_table(title: str, results: Sequence[SubmissionResult]) -> Table:
    """Return a table of marks, outcomes and findings.

    All text is put in as plain text without control characters: a message may quote what a
    student wrote, and neither markup nor escape sequences may reach the terminal from there.

    Parameters
    ----------
    results
        In the order of the rows. Their tasks give the columns.
    """
    tasks = {task.task: task.max_points for result in results for task in result.tasks}
    table = Table(title=Text(visible(title)), title_justify="left", show_lines=False)
    table.add_column("Student", no_wrap=True)
    for name, worth in zip(_short(tasks), tasks.values(), strict=True):
        table.add_column(Text(f"{visible(name)}\nof {worth:g}"), justify="right", no_wrap=True)
    table.add_column("Total", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("What was found", overflow="fold", min_width=_NARROWEST_FINDINGS)
    for result in results:
        graded = {task.task: task for task in result.tasks}
        style = _STYLES[result.outcome]
        table.add_row(
            Text(visible(result.student, _LONGEST_ID)),
            *(_mark(graded.get(name)) for name in tasks),
            Text(total(result)),
            Text(f"{SYMBOLS[result.outcome]} {result.outcome}", style),
            Text(_found(result)),
        )
    return table


def total(result: SubmissionResult) -> str:
    """Return the points of a submission; a question mark stands for what is undecided."""
    reached = points(result)
    if reached is not None:
        return f"{reached:g} of {max_points(result):g}"
    settled = [task.score for task in result.tasks if task.score is not None]
    return f"{sum(settled):g} + ?" if settled else "?"


def _short(names: Iterable[str]) -> list[str]:
    """Leave out what all names have before their last ``_``, as the ``a1`` of ``a1_t1``."""
    parts = [name.rpartition("_") for name in names]
    is_shared = len({before for before, _, _ in parts}) == 1
    return [last if is_shared else f"{before}{dash}{last}" for before, dash, last in parts]


def _mark(task: TaskResult | None) -> Text:
    if task is None:
        return Text("-")
    if task.score is None:
        return Text(SYMBOLS[task.outcome], _STYLES[task.outcome])
    return Text(f"{task.score:g}")


def _found(result: SubmissionResult) -> str:
    found = findings(result)
    lines = [visible(" ".join(line.split()), _LONGEST_FINDING) for line in found[:_MOST_FINDINGS]]
    if len(found) > _MOST_FINDINGS:
        lines.append(f"and {len(found) - _MOST_FINDINGS} more")
    return "\n".join(lines)
