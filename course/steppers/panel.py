"""What both panels share: controls above, and below them a picture that the controls replace."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from matplotlib.figure import Figure

_FALLBACK = "Sliders: they appear when this notebook runs in Jupyter."
_TEXT_LIMIT = 300


class Panel:
    """A panel of controls and the picture that belongs to their values.

    The picture is an output of its own, an ordinary PNG. So it stays in the notebook file, and
    stands in an HTML export and in feedback, where no slider works.

    Parameters
    ----------
    controls
        The widgets whose ``value`` the picture depends on.
    """

    def __init__(self, controls: Sequence[Any]) -> None:
        self._display: Any = None
        self.message = widgets.HTML()
        self.panel = widgets.VBox([widgets.HBox(list(controls)), self.message])
        for control in controls:
            control.observe(self._on_change, names="value")
        self._figure = self._updated()

    def compute(self) -> None:
        """Ask the student's function about the present values of the controls."""
        raise NotImplementedError

    def draw(self) -> Figure:
        """Return the picture of what was computed."""
        raise NotImplementedError

    def summary(self) -> str:
        """Return in words what the picture shows."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.summary()

    def _ipython_display_(self) -> None:
        """Show the controls, then the picture as an output that can be replaced."""
        from IPython.display import display

        controls = {**self.panel._repr_mimebundle_(), "text/plain": _FALLBACK}
        display(controls, raw=True)
        self._display = display(self.picture(), raw=True, display_id=True)

    def picture(self) -> dict[str, str]:
        """Return the picture as a PNG with its summary in words, by media type."""
        buffer = io.BytesIO()
        self._figure.savefig(buffer, format="png")
        png = base64.b64encode(buffer.getvalue()).decode("ascii")
        return {"image/png": png, "text/plain": self.summary()}

    def _on_change(self, _change: object) -> None:
        self._figure = self._updated()
        if self._display is not None:
            self._display.update(self.picture(), raw=True)

    def _updated(self) -> Figure:
        self.compute()
        self.message.value = f'<div role="status">{html.escape(self.summary())}</div>'
        return self.draw()


def trouble_of(problem: Exception) -> str:
    """Return what went wrong in a student's function, as one short sentence."""
    text = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    return text if len(text) <= _TEXT_LIMIT else f"{text[:_TEXT_LIMIT]}..."
