"""Curves over one variable: how the error falls, and what the network has learnt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from course.arrays import Array, as_rows
from course.plots.style import (
    BLUE,
    INK,
    MUTED,
    in_style,
    line_looks,
    new_axes,
    new_panels,
    number_log_ticks,
)

Predict = Callable[[Array], ArrayLike]
"""Takes inputs, shape (samples, n_in); returns outputs, shape (samples, 1)."""

_HEADROOM_LOG, _HEADROOM_LINEAR = 30.0, 1.5
"""How far above the highest starting error the picture ends."""


@in_style
def plot_error_curves(
    curves: Mapping[str, Sequence[float] | Array],
    *,
    log: bool = True,
    window: int = 1,
    xlabel: str = "steps taken",
    ylabel: str = "mean squared error",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the errors of several runs on one axis.

    Parameters
    ----------
    curves
        For each run its name and its errors, one a step, the first before any step; what
        :func:`course.train` returns.
    log
        Whether the error axis is logarithmic: equal distances are equal *factors* there, which
        shows progress that is too small to see otherwise.
    window
        Over how many steps each point of a line averages. The errors themselves then stand
        behind it, pale: curves that jump can be told apart, and their jumps are still seen.
    xlabel, ylabel
        What the axes show; give the unit of the error where it has one.
    ax
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        One line a run. A run that ends far above every starting error, or in inf or nan, has
        a cross where it leaves the picture, and is called diverged.

    Raises
    ------
    ValueError
        If there is no run, a run has no numbers or is not one-dimensional, or ``window`` is
        below 1.
    """
    if not curves:
        raise ValueError("curves is empty; give at least one name with its errors")
    if window < 1:
        raise ValueError(f"window is {window}; a point averages over 1 step at least")
    ax = new_axes() if ax is None else ax
    runs = {name: _errors(name, values) for name, values in curves.items()}
    ceiling = _ceiling(list(runs.values()), _HEADROOM_LOG if log else _HEADROOM_LINEAR)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    ax.set_title(title)
    for (name, errors), look in zip(runs.items(), line_looks(), strict=False):
        _draw_run(ax, name, errors, ceiling, look, window)
    if log:
        number_log_ticks(ax)
    else:
        ax.set_ylim(bottom=0.0)
    ax.legend()
    return ax


@in_style
def plot_fits(
    models: Mapping[str, Predict],
    x: ArrayLike,
    t: ArrayLike,
    *,
    truth: Predict | None = None,
    xlabel: str = "x (rad)",
    ylabel: str = "t",
) -> list[Axes]:
    """Draw what several models say about one input, beside each other, with the data.

    Parameters
    ----------
    models
        For each model its name and its function, for instance ``{"Adam": network.predict}``.
    x, t
        The data, each of shape (samples, 1).
    truth
        The curve without noise, for comparison.

    Returns
    -------
    list of Axes
        A panel for each model, on the same scales.

    Raises
    ------
    ValueError
        If there is no model, or the data are not two columns of one length.
    """
    x, t = as_rows(x, 1, "x"), as_rows(t, 1, "t")
    if not models or len(x) != len(t):
        raise ValueError(f"{len(models)} models, {len(x)} inputs and {len(t)} targets do not fit")
    along = np.linspace(x.min(), x.max(), 300)[:, None]
    panels = new_panels(len(models))
    for ax, (name, predict) in zip(panels, models.items(), strict=True):
        ax.plot(x, t, "o", color=MUTED, markersize=3.5, alpha=0.8, label="data")
        if truth is not None:
            ax.plot(along, np.asarray(truth(along)), color=INK, lw=1.2, ls="--", label="truth")
        ax.plot(along, as_rows(predict(along), 1, name), color=BLUE, lw=2.2, label="model")
        ax.set(xlabel=xlabel, ylabel=ylabel, ylim=_margins(t))
        ax.set_title(f"{name}: RMSE {rmse(predict, x, t):.3f}")
    panels[0].legend()
    return panels


def rmse(predict: Predict, x: Array, t: Array) -> float:
    """Return the root of the mean squared error, in the unit of ``t``."""
    return float(np.sqrt(np.mean((np.asarray(predict(x)) - t) ** 2)))


def _errors(name: str, values: Sequence[float] | Array) -> Array:
    errors = np.asarray(values, dtype=np.float64)
    if errors.ndim != 1 or errors.size == 0:
        raise ValueError(
            f"the errors of {name!r} have shape {errors.shape}; a list of numbers is expected"
        )
    return errors


def _ceiling(runs: list[Array], headroom: float) -> float:
    """Return the error above which nothing is drawn, so that one run cannot dwarf the others."""
    starts = [float(errors[0]) for errors in runs if np.isfinite(errors[0])]
    return headroom * max(starts, default=1.0) or 1.0


def _draw_run(
    ax: Axes, name: str, errors: Array, ceiling: float, look: dict[str, Any], window: int
) -> None:
    shown = errors <= ceiling  # false for nan as well
    if shown[-1]:
        _draw_line(ax, name, np.where(shown, errors, np.nan), look, window)
        return
    # The last step that can be seen, or none of them.
    end = errors.size - int(np.argmax(shown[::-1])) if shown.any() else 0
    _draw_line(ax, f"{name} (diverged)", np.where(shown, errors, np.nan)[:end], look, window)
    last = errors[end - 1] if end else ceiling
    ax.plot(max(end - 1, 0), last, "X", color=look["color"], markersize=8, clip_on=False)


def _draw_line(ax: Axes, name: str, errors: Array, look: dict[str, Any], window: int) -> None:
    window = min(window, max(errors.size, 1))
    if window == 1:
        ax.plot(errors, label=name, **look)
        return
    ax.plot(errors, color=look["color"], alpha=0.25, linewidth=0.5, zorder=1)
    means = np.convolve(errors, np.ones(window) / window, mode="valid")
    along = np.arange(means.size) + (window - 1) / 2
    # A white rim keeps the line apart from the jumps, its own and those of the others.
    halo = withStroke(linewidth=4.0, foreground="white")
    ax.plot(along, means, label=name, path_effects=[halo], **{**look, "linewidth": 2.2})


def _margins(t: Array) -> tuple[float, float]:
    room = 0.25 * (float(np.ptp(t)) or 1.0)
    return float(t.min()) - room, float(t.max()) + room
