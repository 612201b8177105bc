"""Marks from what test cells showed, by nbgrader's own rules.

An error or text on stderr gives no points, a number that the cell returned gives that many, and
everything else gives all of them.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from autograder.outcomes import Outcome, TaskResult, TestResult

_LONGEST_MESSAGE = 300


def read_marks(nb: NotebookNode) -> tuple[TaskResult, ...]:
    """Return what each test cell of a notebook that has run came to."""
    return tuple(_mark(cell) for cell in deciding_cells(nb))


def deciding_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Return the cells whose outputs decide points."""
    return [
        cell
        for cell in nb["cells"]
        if cell["cell_type"] == "code" and is_grade(cell) and not is_solution(cell)
    ]


def _mark(cell: NotebookNode) -> TaskResult:
    name, worth = cell["metadata"]["nbgrader"]["grade_id"], _worth(cell)
    try:
        score = float(determine_grade(cell)[0])
    except (KeyError, ValueError) as error:  # a number above the points, a result without text
        reason = f"The test cell gave no mark that nbgrader can read: {_short(str(error))}."
        return TaskResult(task=name, max_points=worth, reason=reason)
    test = TestResult(
        name=name,
        task=name,
        points=worth,
        outcome=Outcome.PASSED if score == worth else Outcome.FAILED,
        message="" if score == worth else _why(cell, score),
        earned=score if 0 < score < worth else None,
    )
    return TaskResult(task=name, max_points=worth, tests=(test,))


def _worth(cell: NotebookNode) -> float:
    return float(cell["metadata"]["nbgrader"]["points"])


def _why(cell: NotebookNode, score: float) -> str:
    """Say why a cell did not give all of its points."""
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            return _short(f"{output['ename']}: {_text(output['evalue'])}")
        if output["output_type"] == "stream" and output["name"] == "stderr":
            return _short(f"It wrote to stderr: {_text(output['text'])}")
    return f"The test cell gave {score:g} points."


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
