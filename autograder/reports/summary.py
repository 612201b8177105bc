"""The summary of a graded assignment: one HTML page that needs nothing else."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from autograder.batch.visible import visible
from autograder.classic import Outline
from autograder.contract import Contract, Kind
from autograder.outcomes import MarksFrom, SubmissionResult
from autograder.reports.findings import SYMBOLS, findings
from autograder.reports.histogram import histogram
from autograder.reports.overview import overview
from autograder.reports.table import total

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_FINDING = 300
INSIDE = (
    "These marks were decided inside the students' own processes, as in plain nbgrader: the tests "
    "are cells of the notebook. A submission is confined, and cannot reach others, the gradebook "
    "or the network; but one that sets out to can read these tests and make its own pass."
)


@dataclass(frozen=True)
class _Row:
    """A student's row; every text is plain and is escaped by the template."""

    student: str
    marks: tuple[str, ...]
    total: str
    outcome: str
    symbol: str
    found: tuple[str, ...]


def render_summary(
    slug: str, contract: Contract | Outline, results: Sequence[SubmissionResult], made: datetime
) -> str:
    """Return the page.

    Parameters
    ----------
    results
        In the order of the table of students.
    made
        When the results were put together.
    """
    numbers = overview(results)
    auto = [task for task in contract.tasks if task.kind is Kind.AUTO]
    return _template().render(
        slug=slug,
        contract=contract,
        auto=auto,
        written=[task for task in contract.tasks if task.kind is Kind.WRITTEN],
        rows=[_row(result, [task.id for task in auto]) for result in results],
        numbers=numbers,
        plot=histogram([(bar.label, bar.count) for bar in numbers.bins]),
        tiers=sorted({result.tier for result in results}),
        inside=INSIDE if decided_inside(results) else "",
        made=made.strftime("%Y-%m-%d %H:%M"),
    )


def decided_inside(results: Sequence[SubmissionResult]) -> bool:
    """Whether test cells of notebooks gave the marks, rather than tests outside the process."""
    return any(result.marks_from is MarksFrom.TEST_CELLS for result in results)


def write_summary(
    path: Path, slug: str, contract: Contract | Outline, results: Sequence[SubmissionResult]
) -> Path:
    """Write the page of an assignment's results, in place of the last one; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_summary(slug, contract, results, datetime.now()), encoding="utf-8")
    return path


def _row(result: SubmissionResult, tasks: Sequence[str]) -> _Row:
    graded = {task.task: task for task in result.tasks}
    marks = []
    for name in tasks:
        task = graded.get(name)
        if task is None:
            marks.append("–")
        else:
            marks.append(SYMBOLS[task.outcome] if task.score is None else f"{task.score:g}")
    return _Row(
        student=visible(result.student),
        marks=tuple(marks),
        total=total(result),
        outcome=str(result.outcome),
        symbol=SYMBOLS[result.outcome],
        found=tuple(visible(line, _LONGEST_FINDING) for line in findings(result)),
    )


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("summary.html.j2")
