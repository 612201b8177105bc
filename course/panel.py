"""What all panels share: controls above, and below them a picture that the controls replace."""

from __future__ import annotations

import base64
import html
import io
import math
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

from course.errors import message_of, name_and_message
from course.plots.style import in_style


class Panel:
    """Controls, the picture that belongs to their values, and a sentence about it.

    The picture is an output of its own, an ordinary PNG. So it stays in the notebook file, and
    stands in an HTML export and in feedback, where no slider works.

    A panel of its own says what is asked (:meth:`compute`), how the answer looks (:meth:`draw`)
    and what it means (:meth:`finding`). It sets what these need before it calls ``__init__``
    here, which asks for the first time. What a student's code raises there is told beside the
    controls: an exception that leaves a slider lands in a log, where no student looks.

    Parameters
    ----------
    watched
        The widgets whose ``value`` the picture depends on: a new value asks again.
    rows
        What stands above the message, from top to bottom; by default what is watched.

    Attributes
    ----------
    panel
        All controls, with the message below them.
    message
        The sentence, which a screen reader speaks whenever it changes.
    trouble
        What went wrong at the present values, in words; empty if nothing did.
    """

    fallback = "Sliders: they appear when this notebook runs in Jupyter."
    """What stands in the place of the controls where no widget works."""

    def __init__(self, watched: Sequence[Any], rows: Sequence[Any] | None = None) -> None:
        self.message = widgets.HTML()
        self.panel = widgets.VBox([*(watched if rows is None else rows), self.message])
        self.trouble = ""
        self._png: bytes | None = None
        self._display: Any = None
        for control in watched:
            control.observe(self._on_change, names="value")
        self.refresh(self.compute)

    def compute(self) -> None:
        """Ask the student's function about the present values, and keep what it answers.

        Whatever this raises becomes the panel's ``trouble``. An answer that cannot be shown is
        refused with a ``ValueError``, whose message is told as it is.
        """
        raise NotImplementedError

    def draw(self) -> Figure | None:
        """Return the picture of what was computed, or None where words must do.

        It is drawn after trouble too: some of the picture may stand without the student.
        """
        raise NotImplementedError

    def finding(self) -> str:
        """Return in words what the picture shows, where nothing went wrong."""
        raise NotImplementedError

    def subject(self) -> str:
        """Return what trouble is about."""
        raise NotImplementedError

    def details(self) -> str:
        """Return as HTML what the message says where nothing went wrong."""
        return html.escape(self.finding())

    def summary(self) -> str:
        """Return the finding, or what went wrong, in words."""
        return f"{self.subject()}: {self.trouble}" if self.trouble else self.finding()

    def __repr__(self) -> str:
        return self.summary()

    def _ipython_display_(self) -> None:
        """Show the controls, then the picture as an output that can be replaced."""
        from IPython.display import display

        controls = {**self.panel._repr_mimebundle_(), "text/plain": self.fallback}
        display(controls, raw=True)
        self._display = display(self.picture(), raw=True, display_id=True)

    def picture(self) -> dict[str, str]:
        """Return the picture as a PNG, if there is one, and the summary, by media type."""
        words = {"text/plain": self.summary()}
        if self._png is None:
            return words
        return {"image/png": base64.b64encode(self._png).decode("ascii"), **words}

    def refresh(self, ask: Callable[[], None]) -> None:
        """Ask, draw, and show both; a panel with a button may ask for more than ``compute``."""
        self.trouble, self._png = "", None
        self._attempt(ask)
        self._attempt(self._paint)
        told = html.escape(self.summary()) if self.trouble else self.details()
        self.message.value = f'<div role="status">{told}</div>'
        if self._display is not None:
            self._display.update(self.picture(), raw=True)

    def _on_change(self, _change: object) -> None:
        self.refresh(self.compute)

    def _attempt(self, act: Callable[[], None]) -> None:
        """Do it; the first thing that goes wrong is the trouble."""
        try:
            act()
        except (Exception, SystemExit) as problem:  # whatever a student's answer makes of it
            self.trouble = self.trouble or _words_of(problem)

    @in_style
    def _paint(self) -> None:
        figure = self.draw()
        self._png = None if figure is None else as_png(figure)


def slider(kind: Any, label: str, value: float, least: float, most: float, **looks: Any) -> Any:
    """Return a slider that sends its value once it rests, not while it is dragged.

    Parameters
    ----------
    kind
        The class: ``IntSlider``, ``FloatSlider``, or ``FloatLogSlider`` with exponents as ends.
    label, value, least, most
        What stands beside it, where it begins, and its ends.
    looks
        More arguments for the class.

    Raises
    ------
    ValueError
        If the value lies beyond the ends; ipywidgets would move it without a word.
    """
    made = kind(
        value=value, min=least, max=most, description=label, continuous_update=False, **looks
    )
    if not math.isclose(made.value, value):
        raise ValueError(
            f"{label} is {value}, beyond its slider; the nearest there is {made.value:g}"
        )
    return made


def as_png(figure: Figure) -> bytes:
    """Return the picture as the bytes of a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _words_of(problem: BaseException) -> str:
    """Return what went wrong: by its message where that is a sentence, else with its name."""
    is_sentence = isinstance(problem, ValueError | NotImplementedError)  # a refusal, or a stub's
    return (message_of(problem) if is_sentence else "") or name_and_message(problem)
