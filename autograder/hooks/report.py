"""What a student reads about a graded task, in a cell of the notebook and as a comment.

Messages quote values of the student's making, so everything is escaped for the place
it goes to: HTML in the notebook, Markdown in the gradebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult

_MARKS = {
    Outcome.PASSED: ("✓", "text-success"),
    Outcome.FAILED: ("✗", "text-danger"),
    Outcome.DEFERRED: ("…", "text-muted"),
    Outcome.NOT_GRADED: ("?", "text-muted"),
}


def show(result: SubmissionResult, nb: NotebookNode) -> None:
    """Put the report of each task in place of whatever its check cell printed."""
    tasks = {task.task: task for task in result.tasks}
    for cell in nb["cells"]:
        if cell["cell_type"] != "code" or not is_grade(cell) or is_solution(cell):
            continue
        task = tasks.get(cell["metadata"]["nbgrader"]["grade_id"])
        data = {"text/plain": as_text(task), "text/html": as_html(task)} if task else {}
        cell["outputs"] = [nbformat.v4.new_output("display_data", data=data)] if data else []
        cell["execution_count"] = None


def headline(task: TaskResult) -> str:
    """Return the outcome of a task in one line."""
    if task.outcome is Outcome.DEFERRED:
        return f"Not graded yet: {_why_undecided(task)}"
    if task.score is None:
        return f"Not graded: {_why_undecided(task)}"
    return f"{_points(task.score)} of {_points(task.max_points)} points"


def as_text(task: TaskResult) -> str:
    """Return the report for a terminal."""
    lines = [headline(task)]
    for test, explanations in _explained(task):
        lines.append(_line(test))
        lines += [f"    {line}" for text in explanations for line in text.splitlines()]
    return "\n".join(lines)


def as_html(task: TaskResult) -> str:
    """Return the report as HTML that looks as it should wherever nbgrader shows it."""
    kind = {Outcome.PASSED: "success", Outcome.FAILED: "danger"}.get(task.outcome, "warning")
    rows = "".join(_row(test, explanations) for test, explanations in _explained(task))
    table = f'<table class="table table-condensed">{rows}</table>' if rows else ""
    return f'<div class="alert alert-{kind}"><b>{escape(headline(task))}</b></div>{table}'


def as_comment(task: TaskResult, notes: Iterable[str] = ()) -> str:
    """Return the gist of the report as the Markdown of a comment in the gradebook.

    The misconceptions come first, then what failed, with one example: the first. All
    examples stand in the report at the check cell.
    """
    parts = [plain(headline(task)) + "."]
    if task.outcome is Outcome.FAILED:
        failed = [test for test in task.tests if test.outcome is Outcome.FAILED]
        hints = dict.fromkeys(test.hint_text for test in failed if test.hint_text)
        parts += hints  # the instructor's Markdown
        parts += [plain(_line(failed[0])), _fenced(failed[0].message)]
        parts += [plain(_line(test)) for test in failed[1:]]
    return "\n\n".join([*parts, *map(plain, notes)])


def property_of(test: TestResult) -> str:
    """Return the property a hidden test is named for, in words."""
    name = test.name.removeprefix("test_")
    return name if name == test.task else name.replace("_", " ")


def plain(text: str) -> str:
    r"""Return Markdown that shows ``text`` as it is.

    Only characters that could begin markup or a formula are escaped, since formgrader
    shows comments as they are written.
    """
    text = re.sub(r"([\\`*\[\]<$&~])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)  # not inside a name like a1_t3
    text = re.sub(r"(?m)^(\s*\d+)([.)]\s)", r"\1\\\2", text)
    return re.sub(r"(?m)^(\s*)([#>+-])", r"\1\\\2", text)


def _fenced(text: str) -> str:
    """Return a block of code that no text can close from inside."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _line(test: TestResult) -> str:
    return f"{_MARKS[test.outcome][0]} {property_of(test)} ({_worth(test)})"


def _row(test: TestResult, explanations: Iterable[str]) -> str:
    mark, style = _MARKS[test.outcome]
    told = "".join(
        f"<pre>{escape(text)}</pre>" if text is test.message else f"<p>{escape(text)}</p>"
        for text in explanations
    )
    return (
        f'<tr><td class="{style}"><b>{mark}</b></td>'
        f"<td>{escape(property_of(test))}{told}</td>"
        f"<td>{_worth(test).replace(' ', '&nbsp;')}</td></tr>"  # one line, however narrow
    )


def _explained(task: TaskResult) -> Iterator[tuple[TestResult, list[str]]]:
    """Yield each test with what is told about it; a hint is told where it first applies."""
    told: set[str] = set()
    for test in task.tests:
        texts = [] if test.outcome is Outcome.PASSED else [test.message, test.hint_text]
        yield test, [text for text in texts if text and text not in told]
        told.add(test.hint_text)


def _why_undecided(task: TaskResult) -> str:
    undecided = [test.message for test in task.tests if not test.outcome.is_settled]
    return (task.reason or next(filter(None, undecided), "no reason was given")).rstrip(".")


def _worth(test: TestResult) -> str:
    if not test.outcome.is_settled:
        return f"worth {_points(test.points)}"
    return f"{_points(test.score)} of {_points(test.points)}"


def _points(value: float) -> str:
    return f"{value:g}"
