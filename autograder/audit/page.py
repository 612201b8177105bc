"""What an audit found, as one HTML page that loads nothing and runs nothing."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from autograder import reports
from autograder.audit import wording
from autograder.audit.report import AuditReport, Cell, Kind, Margin, MutantVerdict, Row
from autograder.batch.visible import visible
from autograder.outcomes import Outcome

_FOLDERS = (
    Path(__file__).parent / "templates",
    Path(reports.__file__).parent / "templates",  # the style that all pages share
)
_DRAWN = 24
"""Comparisons in the drawing; the wider ones are in a table only."""
_MOST_DECADES = 8
"""Where the axis of the drawing ends on either side, at most."""
_SYMBOLS = {
    Outcome.PASSED: "·",
    Outcome.FAILED: "✗",
    Outcome.DEFERRED: "…",
    Outcome.NOT_GRADED: "?",
}
_ALSO_FAILED = "+"


def render_page(report: AuditReport, made: datetime) -> str:
    """Return the page.

    Parameters
    ----------
    made
        When the audit ended.
    """
    margins = wording.narrowest(report.margins)
    return _template().render(
        report=report,
        tally=wording.tally(report),
        findings=wording.findings_by_stage(report),
        matrices=_matrices(report),
        survivors=wording.with_verdict(report, MutantVerdict.SURVIVED),
        explained=wording.with_verdict(report, MutantVerdict.ACCEPTED, MutantVerdict.EQUIVALENT),
        margins=margins,
        strip=_strip(margins[:_DRAWN]),
        slowest=sorted(report.tests, key=lambda cost: -cost.milliseconds),
        idle={cost.test for cost in wording.idle(report.tests)},
        made=made.strftime("%Y-%m-%d %H:%M"),
        wording=wording,
    )


def write_page(path: Path, report: AuditReport, made: datetime) -> Path:
    """Write the page in place of the last one, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(report, made), encoding="utf-8")
    return path


@dataclass(frozen=True)
class _Square:
    """What one test made of one answer, as the matrix shows it.

    ``style`` is one of ``passed``, ``listed``, ``also``, ``undecided``, ``missing`` and
    ``alarm``; a sign says the same for whoever sees no colours.
    """

    symbol: str
    style: str
    words: str


@dataclass(frozen=True)
class _Line:
    """A row of a matrix. Its deviations are those in the matrix, and those outside its tasks."""

    row: Row
    squares: tuple[_Square, ...]
    deviations: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Matrix:
    """The answers to a task against its tests."""

    task: str
    tests: tuple[tuple[int, str], ...]
    lines: tuple[_Line, ...]


def _matrices(report: AuditReport) -> list[_Matrix]:
    """Return a matrix for each task; one of everything if the tasks of the tests are unknown."""
    numbered = list(enumerate(wording.test_names(report), 1))
    task_of = {cost.test: cost.task for cost in report.tests}
    return [
        _matrix(
            task,
            [(n, name) for n, name in numbered if task_of.get(name, "") == task],
            task_of,
            report,
        )
        for task in dict.fromkeys(task_of.get(name, "") for _, name in numbered)
    ]


def _matrix(
    task: str, tests: Sequence[tuple[int, str]], task_of: Mapping[str, str], report: AuditReport
) -> _Matrix:
    rows = [row for row in report.rows if not task or not row.tasks or task in row.tasks]
    names = [name for _, name in tests]
    return _Matrix(task, tuple(tests), tuple(_line(row, names, task_of) for row in rows))


def _line(row: Row, names: Sequence[str], task_of: Mapping[str, str]) -> _Line:
    return _Line(
        row=row,
        squares=tuple(_square(name, row.cells.get(name)) for name in names),
        deviations=tuple(
            (name, wording.deviation_text(cell))
            for name, cell in wording.deviations(row).items()
            if name in names or (row.tasks and task_of.get(name) not in row.tasks)
        ),
    )


def _square(name: str, cell: Cell | None) -> _Square:
    if cell is None:
        return _Square("–", "missing", f"{name}: not run")
    if not cell.as_expected:
        sign = "✓" if cell.outcome is Outcome.PASSED else _SYMBOLS[cell.outcome]
        return _Square(f"{sign}!", "alarm", f"{name}: {wording.deviation_text(cell)}")
    words = f"{name}: {cell.outcome}" + (f": {cell.message}" if cell.message else "")
    if cell.outcome is Outcome.FAILED and not cell.expected_failure:
        return _Square(_ALSO_FAILED, "also", words)
    style = {Outcome.PASSED: "passed", Outcome.FAILED: "listed"}.get(cell.outcome, "undecided")
    return _Square(_SYMBOLS[cell.outcome], style, words)


@dataclass(frozen=True)
class _Gap:
    """One comparison in the drawing: where right answers end and wrong ones begin."""

    number: int
    y: int
    right: float | None
    wrong: float | None
    words: str


@dataclass(frozen=True)
class _Strip:
    """Comparisons on a logarithmic axis, in units of its view box; 1 is in the middle."""

    gaps: tuple[_Gap, ...]
    ticks: tuple[tuple[float, str], ...]
    left: int
    right: int
    middle: float
    height: int


_LEFT, _RIGHT, _TOP, _STEP = 44, 700, 34, 20


def _strip(margins: Sequence[Margin]) -> _Strip:
    """Return the drawing; what lies beyond the axis is drawn at its end."""
    decades = _decades(margins)
    middle = (_LEFT + _RIGHT) / 2
    unit = (_RIGHT - _LEFT) / 2 / decades

    def place(value: float | None) -> float | None:
        if value is None:
            return None
        power = math.log10(value) if value > 0 else -math.inf
        return round(middle + unit * min(max(power, -decades), decades), 1)

    gaps = tuple(
        _Gap(
            number=number,
            y=_TOP + _STEP * number - _STEP // 2,
            right=place(margin.worst_right),
            wrong=place(margin.best_wrong),
            words=f"{margin.test}: worst right {wording.factor(margin.worst_right)}, "
            f"best wrong {wording.factor(margin.best_wrong)}",
        )
        for number, margin in enumerate(margins, 1)
    )
    powers = range(-decades, decades + 1, 1 if decades <= 4 else 2)
    ticks = tuple((round(middle + unit * n, 1), _power(n)) for n in powers)
    return _Strip(gaps, ticks, _LEFT, _RIGHT, middle, _TOP + _STEP * len(gaps) + 6)


def _decades(margins: Sequence[Margin]) -> int:
    """Return how many powers of ten the axis has on either side: an even number, 2 at least."""
    values = [value for m in margins for value in (m.worst_right, m.best_wrong) if value]
    widest = max((abs(math.log10(value)) for value in values if math.isfinite(value)), default=0)
    return min(max(2 * math.ceil(widest / 2), 2), _MOST_DECADES)


def _power(exponent: int) -> str:
    """Return a power of ten as it is written: 10⁻² for -2."""
    if exponent in (0, 1):
        return str(10**exponent)
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _shown(value: object) -> object:
    """Make a text visible before it is escaped; whatever a template puts out comes through here."""
    return visible(value) if type(value) is str else value


@functools.cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(Kind=Kind, MutantVerdict=MutantVerdict)
    return environment.get_template("audit.html.j2")
