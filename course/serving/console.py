"""A console: write a request, send it to the student's own application, see answer and time."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.plots.style import BLUE, dress

_EXAMPLE = {"rows": [{"temperature": 75.0, "pressure": 3.5, "vibration": 4.0, "age": 12.0}]}
_SHOWN = 1500


def request_console(
    make_app: Callable[[], Any], *, path: str = "/predict", example: Any = None
) -> RequestConsole:
    """Send requests to the application that ``make_app()`` returns; the application is made once.

    Parameters
    ----------
    path
        Where the requests go at first.
    example
        The value in the box at first.
    """
    return RequestConsole(make_app(), path, _EXAMPLE if example is None else example)


class RequestConsole(Panel):
    """A box for the body, a slider for how often it is sent, a button, and what came back.

    Attributes
    ----------
    body, path, repeats, button
        The controls; ``console.send()`` does what the button does.
    seconds
        How long each answer of the last sending took.
    status
        The status of its last answer.
    """

    fallback = "Console: it appears when this notebook runs in Jupyter."

    def __init__(self, app: Any, path: str, example: Any) -> None:
        self._client = app.test_client()
        wide = widgets.Layout(width="38em", height="8em")
        text = json.dumps(example, indent=1)
        self.path = widgets.Text(value=path, description="POST", continuous_update=False)
        self.body = widgets.Textarea(text, description="body", layout=wide, continuous_update=False)
        self.repeats = slider(widgets.IntSlider, "times", 20, 1, 200)
        self.button = widgets.Button(description="Send", button_style="primary")
        self.button.on_click(lambda _button: self.send())
        self.seconds: list[float] = []
        self.status = 0
        rows = [self.path, self.body, self.repeats, self.button]
        super().__init__([self.repeats], rows=rows)  # a body half written is not sent

    def send(self) -> None:
        """Send the body as often as the slider says, and show what came back."""
        self.refresh(self.compute)

    def compute(self) -> None:
        """Send the body; keep the last answer and all times."""
        self.seconds, self.status = [], 0
        for _ in range(self.repeats.value):
            start = time.perf_counter()
            answer = self._client.post(
                self.path.value, data=self.body.value, content_type="application/json"
            )
            self.seconds.append(time.perf_counter() - start)
        self.status, self._text = answer.status_code, answer.get_data(as_text=True)[:_SHOWN]

    def subject(self) -> str:
        """Return where the request went."""
        return f"POST {self.path.value}"

    def finding(self) -> str:
        """Return how many answers there were, and how slow the slowest was."""
        slowest = 1000.0 * max(self.seconds)
        count = len(self.seconds)
        return f"{count} answers, the last with status {self.status}; {slowest:.1f} ms at most"

    def details(self) -> str:
        """Return the last answer."""
        return f"status {self.status}<pre>{html.escape(self._text)}</pre>"

    def draw(self) -> Figure | None:
        """Return a histogram of the times."""
        if self.trouble:
            return None
        figure = Figure(figsize=(6.4, 2.4), layout="constrained")
        ax = dress(figure.subplots())
        ax.hist([1000.0 * one for one in self.seconds], bins=20, color=BLUE, edgecolor="white")
        ax.set(xlabel="milliseconds", ylabel="answers", title="How long each answer took")
        return figure
