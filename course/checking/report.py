"""What the checks of a task found, as HTML in a notebook and as text in a terminal."""

from __future__ import annotations

import enum
import html
from dataclasses import dataclass


class Status(enum.Enum):
    """How one check went: a sign, the word beside it, and JupyterLab's colour for it."""

    PASSED = ("✓", "passed", "var(--jp-success-color1, #2e7d32)")
    FAILED = ("✗", "not yet right", "var(--jp-error-color1, #c62828)")
    RAISED = ("✗", "stopped by an error", "var(--jp-error-color1, #c62828)")
    NOT_WRITTEN = ("○", "not written yet", "var(--jp-ui-font-color2, #757575)")

    def __init__(self, sign: str, word: str, color: str) -> None:
        self.sign = sign
        self.word = word
        self.color = color


@dataclass(frozen=True)
class Result:
    """One check: its title, how it went, why, and the student's line where it stopped."""

    title: str
    status: Status
    message: str = ""
    line: str = ""


@dataclass(frozen=True)
class Report:
    """All visible checks of a task.

    Attributes
    ----------
    task
        The id that was asked for.
    results
        One for each check, in the order of ``checks.py``.
    problem
        Why no check could be run; empty if they were.
    """

    task: str
    results: tuple[Result, ...] = ()
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether there was a check, and every one passed."""
        return bool(self.results) and all(r.status is Status.PASSED for r in self.results)

    @property
    def headline(self) -> str:
        """The outcome in one line."""
        if self.problem:
            return f"{self.task}: not checked"
        good = sum(result.status is Status.PASSED for result in self.results)
        return f"{self.task}: {good} of {len(self.results)} visible checks passed"

    def __str__(self) -> str:
        return "\n".join([self.headline, *_indented(self.problem), *_text_lines(self.results)])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}

    def _repr_html_(self) -> str:
        """Return HTML in the colours of the notebook around it, light or dark."""
        items = "".join(map(_item, self.results))
        problem = _detail(self.problem)
        return (
            f'<div role="status" style="{_FRAME}">'
            f"<strong>{html.escape(self.headline)}</strong>{problem}"
            f'<ul style="list-style: none; margin: 0; padding: 0">{items}</ul></div>'
        )


# Only inherited colours and JupyterLab's own variables, so that dark themes work. The
# sign never stands alone: a word says the same.
_FRAME = (
    "color: var(--jp-content-font-color1, inherit); background: transparent; "
    "border-left: 3px solid var(--jp-border-color1, #bdbdbd); padding: 2px 0 2px 12px; "
    "font-family: var(--jp-content-font-family, sans-serif); line-height: 1.5"
)
_DETAIL = (
    "margin: 0 0 4px 1.6em; white-space: pre-wrap; overflow-wrap: anywhere; "
    "font: inherit; color: inherit; background: transparent"
)
_CODE = (
    "margin: 0 0 4px 1.75em; white-space: pre-wrap; background: transparent; color: inherit; "
    "font-family: var(--jp-code-font-family, monospace); font-size: 0.92em"
)


def _detail(text: str) -> str:
    return f'<div style="{_DETAIL}">{html.escape(text)}</div>' if text else ""


def _item(result: Result) -> str:
    status = result.status
    parts = [
        f'<span aria-hidden="true" style="color: {status.color}; display: inline-block; '
        f'width: 1.6em; font-weight: bold">{status.sign}</span>',
        f"{html.escape(result.title)} <em>({status.word})</em>",
    ]
    parts.append(_detail(result.message))
    if result.line:
        parts.append(f'<pre style="{_CODE}">{html.escape(result.line)}</pre>')
    return f'<li style="margin: 4px 0">{"".join(parts)}</li>'


def _text_lines(results: tuple[Result, ...]) -> list[str]:
    lines = []
    for result in results:
        lines.append(f"  {result.status.sign} {result.title} ({result.status.word})")
        lines += _indented(result.message) + _indented(result.line)
    return lines


def _indented(text: str) -> list[str]:
    return [f"      {line}" for line in text.splitlines()]
