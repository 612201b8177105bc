"""Shows how wrong a numeric gradient is for each distance h, with the student's own function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course.arrays import Array
from course.panel import Panel, slider
from course.plots.style import BLUE, GREEN, INK, MUTED, VERMILLION, dress

NumericGradient = Callable[[Callable[[Any], float], Array, float], Any]
"""Takes f, w and h; returns slopes in the shape of w."""

PLACES = np.array([0.7, -1.1])
_DISTANCES = np.logspace(-13, 0, 53)
_TINY = 1e-17


def f(w: Any) -> float:
    """Return sin(3 w1) exp(w2): smooth, with slopes of every order."""
    return float(np.sin(3.0 * w[0]) * np.exp(w[1]))


def slopes_of_f(w: Array) -> Array:
    """Return the true slopes of :func:`f`."""
    slopes: Array = np.array([3.0 * np.cos(3.0 * w[0]), np.sin(3.0 * w[0])]) * np.exp(w[1])
    return slopes


def checker_scope(numeric_gradient: NumericGradient, *, h: float = 1e-5) -> CheckerScope:
    """Draw the error of your numeric gradient against h; a slider moves h.

    Parameters
    ----------
    numeric_gradient
        Your function. It is called with f, w of shape (2,) and h.
    h
        Where the slider begins, 1e-13 to 1.

    Returns
    -------
    CheckerScope
        Shows itself when it is the last line of a cell.

    Raises
    ------
    ValueError
        If ``h`` is out of range.
    """
    return CheckerScope(numeric_gradient, h)


class CheckerScope(Panel):
    """A slider for h, and log error against log h.

    Attributes
    ----------
    h
        The slider: ``scope.h.value = 1e-3`` does what moving it does.
    error
        The relative error at this h; nan if the student's function gave no gradient.
    """

    def __init__(self, numeric_gradient: NumericGradient, h: float) -> None:
        self._numeric_gradient = numeric_gradient
        self.h = slider(widgets.FloatLogSlider, "h", h, -13, 0, step=0.25, readout_format=".2g")
        self.error = np.nan
        self._curve = [self._error_if_any(float(each)) for each in _DISTANCES]
        super().__init__([self.h])

    def compute(self) -> None:
        """Ask for the gradient at the present h."""
        self.error = np.nan
        self.error = self._error_at(self.h.value)

    def subject(self) -> str:
        """Return what trouble is about."""
        return "numeric_gradient cannot be shown"

    def finding(self) -> str:
        """Return the error in words."""
        return f"h = {self.h.value:.2g}: relative error {self.error:.2g}"

    def draw(self) -> Figure:
        """Return a figure with the errors of all h, and a mark at the present one."""
        figure = Figure(figsize=(7.2, 4.0), layout="constrained")
        ax = dress(figure.subplots())
        ax.loglog(_DISTANCES, self._curve, ".-", color=BLUE, label="your numeric gradient")
        ax.loglog(_DISTANCES, _DISTANCES, ":", color=MUTED, label="one-sided would be near $h$")
        ax.loglog(_DISTANCES, _DISTANCES**2, "--", color=GREEN, label="$h^2$: formula too coarse")
        ax.loglog(
            _DISTANCES, 1e-16 / _DISTANCES, "-.", color=VERMILLION, label="$10^{-16}/h$: rounding"
        )
        if np.isfinite(self.error):
            ax.plot(self.h.value, self.error, "o", color=INK, markersize=8)
        ax.set(xlabel="distance h", ylabel="relative error", ylim=(1e-14, 3.0))
        ax.legend(loc="lower left", fontsize=8)
        return figure

    def _error_at(self, h: float) -> float:
        """Return the relative error of the student's slopes."""
        want = slopes_of_f(PLACES)
        got = np.asarray(self._numeric_gradient(f, PLACES.copy(), h), dtype=np.float64)
        if got.shape != want.shape:
            raise ValueError(f"slopes of shape {want.shape} are expected, not {got.shape}")
        longest = max(float(np.linalg.norm(got)), float(np.linalg.norm(want)))
        return max(float(np.linalg.norm(got - want)) / longest, _TINY)

    def _error_if_any(self, h: float) -> float:
        """Return the same; nan where there are no slopes, which leaves a gap in the curve."""
        try:
            return self._error_at(h)
        except (Exception, SystemExit):  # it is told when the slider comes to such an h
            return float("nan")
