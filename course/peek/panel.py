"""The panel: sliders, a button that breaks the seal, and the student's grid search between."""

from __future__ import annotations

import base64
import html
from typing import Any

import ipywidgets as widgets
import numpy as np

from course.peek.picture import as_png, draw_search
from course.peek.problem import Problem, draw_problem
from course.peek.searches import Found, GridSearch, SearchTrouble, honest, peeked

_FALLBACK = "Sliders and a button: they appear when this notebook runs in Jupyter."
_DRAWS = 60


def search_panel(
    grid_search: GridSearch, *, rows: int = 20, noise: float = 0.5, steps: int = 7
) -> SearchPanel:
    """Show a grid search from above; each move of a slider runs it again.

    Parameters
    ----------
    grid_search
        Your function. It is called as ``grid_search(grid, make, fit, error, train, valid,
        open_test)``, and its answer is drawn.
    rows
        How many rows there are to choose by, and as many in the test set; 5 to 200.
    noise
        Standard deviation of the targets' noise, 0.1 to 1.
    steps
        How many values each of the two settings has in the grid, 2 to 12.

    Returns
    -------
    SearchPanel
        Shows itself at the end of a cell. Without a front end it is a picture.

    Raises
    ------
    ValueError
        If a number is beyond its slider.
    """
    return SearchPanel(grid_search, rows, noise, steps)


class SearchPanel:
    """Controls, a map of errors, and a button that peeks at the test set.

    Attributes
    ----------
    rows, noise, steps
        The sliders; ``panel.rows.value = 50`` does what moving the slider does.
    peek
        The button; ``panel.peek.click()`` breaks the seal until a slider moves.
    found
        What your search found with the present settings; None if it did not run.
    optimism
        After a peek: mean optimism of honest and of peeked reports over many draws; else None.
    """

    def __init__(self, grid_search: GridSearch, rows: int, noise: float, steps: int) -> None:
        self._search = grid_search
        self._display: Any = None
        slide = {"continuous_update": False, "style": {"description_width": "initial"}}
        self.rows = widgets.IntSlider(
            value=rows, min=5, max=200, description="rows to choose by", **slide
        )
        self.noise = widgets.FloatSlider(
            value=noise, min=0.1, max=1.0, step=0.1, description="noise", **slide
        )
        self.steps = widgets.IntSlider(
            value=steps, min=2, max=12, description="values a setting", **slide
        )
        asked = zip((self.rows, self.noise, self.steps), (rows, noise, steps), strict=True)
        for slider, value in asked:
            if not np.isclose(slider.value, value):  # ipywidgets moves it without a word
                raise ValueError(
                    f"{slider.description} = {value} is beyond its slider, "
                    f"{slider.min} to {slider.max}"
                )
            slider.observe(self._on_move, names="value")
        self.peek = widgets.Button(description="Peek at the test set", button_style="warning")
        self.peek.on_click(self._on_peek)
        self.message = widgets.HTML()
        sliders = widgets.HBox([self.rows, self.noise, self.steps])
        self.panel = widgets.VBox([sliders, self.peek, self.message])
        self.found: Found | None = None
        self.optimism: tuple[float, float] | None = None
        self._peeked: Found | None = None
        self._repeats: tuple[list[float], list[float]] | None = None
        self._on_move(None)

    def __repr__(self) -> str:
        return self._words

    def _ipython_display_(self) -> None:
        """Show the controls, then the picture as an output that can be replaced."""
        from IPython.display import display

        display({**self.panel._repr_mimebundle_(), "text/plain": _FALLBACK}, raw=True)
        self._display = display(self.picture(), raw=True, display_id=True)

    def picture(self) -> dict[str, str]:
        """Return the map as a PNG with its summary in words, by media type."""
        if self.found is None:
            return {"text/plain": self._words}
        png = as_png(draw_search(self.found, self._peeked, self._repeats))
        return {"image/png": base64.b64encode(png).decode("ascii"), "text/plain": self._words}

    def _on_move(self, _change: object) -> None:
        """Seal the test set again, and search with the present settings."""
        self.found = self._peeked = self._repeats = self.optimism = None
        try:
            self.found = honest(self._search, self._draw(0), self.steps.value)
        except SearchTrouble as trouble:
            self._say(f"grid_search: {trouble}")
        else:
            self._say(
                f"chosen by validation; test error {self.found.reported:.3f}, "
                f"test set opened {_times(self.found.opened)}"
            )

    def _on_peek(self, _button: object) -> None:
        """Choose by the test set instead, in this draw and in many others."""
        try:
            self._peeked = peeked(self._search, self._draw(0), self.steps.value)
            self._repeats = self._many()
        except SearchTrouble as trouble:
            self._say(f"grid_search: {trouble}")
            return
        self.optimism = (float(np.mean(self._repeats[0])), float(np.mean(self._repeats[1])))
        self._say(
            f"after the peek the report says {self._peeked.reported:.3f}; on fresh rows that model "
            f"errs by {self._peeked.fresh:.3f}. Over {_DRAWS} draws a peeked report is too kind "
            f"by {self.optimism[1]:.3f}, an honest one by {self.optimism[0]:.3f}"
        )

    def _many(self) -> tuple[list[float], list[float]]:
        """Return the optimism of honest and of peeked reports over many draws."""
        pairs = []
        for seed in range(1, _DRAWS + 1):
            problem = self._draw(seed)
            runs = (search(self._search, problem, self.steps.value) for search in (honest, peeked))
            pairs.append([found.optimism for found in runs])
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def _draw(self, seed: int) -> Problem:
        return draw_problem(self.rows.value, self.noise.value, seed)

    def _say(self, words: str) -> None:
        self._words = words
        self.message.value = f'<div role="status">{html.escape(words)}</div>'
        if self._display is not None:
            self._display.update(self.picture(), raw=True)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
