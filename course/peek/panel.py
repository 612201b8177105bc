"""The panel: sliders, a button that breaks the seal, and the student's grid search between."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course.panel import Panel, slider
from course.peek.picture import draw_search
from course.peek.problem import Problem, draw_problem
from course.peek.searches import Found, GridSearch, honest, peeked

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


class SearchPanel(Panel):
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

    fallback = "Sliders and a button: they appear when this notebook runs in Jupyter."

    def __init__(self, grid_search: GridSearch, rows: int, noise: float, steps: int) -> None:
        self._search = grid_search
        wide = {"style": {"description_width": "initial"}}
        self.rows = slider(widgets.IntSlider, "rows to choose by", rows, 5, 200, **wide)
        self.noise = slider(widgets.FloatSlider, "noise", noise, 0.1, 1.0, step=0.1, **wide)
        self.steps = slider(widgets.IntSlider, "values a setting", steps, 2, 12, **wide)
        self.peek = widgets.Button(description="Peek at the test set", button_style="warning")
        self.peek.on_click(lambda _button: self.refresh(self._break_seal))
        self.found: Found | None = None
        self._peeked: Found | None = None
        self._repeats: tuple[list[float], list[float]] | None = None
        sliders = [self.rows, self.noise, self.steps]
        super().__init__(sliders, rows=[widgets.HBox(sliders), self.peek])

    @property
    def optimism(self) -> tuple[float, float] | None:
        """Mean optimism of honest and of peeked reports, once there was a peek."""
        if self._repeats is None:
            return None
        honest, peeked = self._repeats
        return float(np.mean(honest)), float(np.mean(peeked))

    def compute(self) -> None:
        """Seal the test set again, and search with the present settings."""
        self.found = self._peeked = self._repeats = None
        self.found = honest(self._search, self._draw_rows(0), self.steps.value)

    def subject(self) -> str:
        """Return what trouble is about."""
        return "grid_search"

    def finding(self) -> str:
        """Return what was reported; after a peek, what such reports are worth."""
        assert self.found is not None, "without a search there is trouble"
        if self._peeked is None or self.optimism is None:
            return (
                f"chosen by validation; test error {self.found.reported:.3f}, "
                f"test set opened {_times(self.found.opened)}"
            )
        return (
            f"after the peek the report says {self._peeked.reported:.3f}; on fresh rows that model "
            f"errs by {self._peeked.fresh:.3f}. Over {_DRAWS} draws a peeked report is too kind "
            f"by {self.optimism[1]:.3f}, an honest one by {self.optimism[0]:.3f}"
        )

    def draw(self) -> Figure | None:
        """Return the map of errors; after a peek, with the optimism beside it."""
        if self.found is None:
            return None
        return draw_search(self.found, self._peeked, self._repeats)

    def _break_seal(self) -> None:
        """Choose by the test set instead, in this draw and in many others."""
        found = peeked(self._search, self._draw_rows(0), self.steps.value)
        self._peeked, self._repeats = found, self._many()

    def _many(self) -> tuple[list[float], list[float]]:
        """Return the optimism of honest and of peeked reports over many draws."""
        pairs = []
        for seed in range(1, _DRAWS + 1):
            problem = self._draw_rows(seed)
            runs = (search(self._search, problem, self.steps.value) for search in (honest, peeked))
            pairs.append([found.optimism for found in runs])
        return [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def _draw_rows(self, seed: int) -> Problem:
        return draw_problem(self.rows.value, self.noise.value, seed)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
