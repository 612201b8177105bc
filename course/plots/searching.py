"""Pictures of a search: what was tried, what it gave, and what a surrogate model makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.ticker import LogFormatter, StrMethodFormatter
from numpy.typing import ArrayLike

from course.arrays import Array
from course.plots.style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    VERMILLION,
    figure_of,
    in_style,
    line_looks,
    new_axes,
    new_panels,
)


@in_style
def plot_heat_map(
    rows: Sequence[Any],
    columns: Sequence[Any],
    errors: ArrayLike,
    *,
    row_name: str = "",
    column_name: str = "",
    title: str = "",
    marks: Mapping[str, tuple[int, int]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the error of every pair of settings, dark where it is low.

    Parameters
    ----------
    rows, columns
        The values of the two settings.
    errors
        Shape (len(rows), len(columns)); nan where nothing was tried, or nothing came out.
    row_name, column_name, title
        What stands beside the axes and above.
    marks
        Pairs to point out: a name, and the numbers of row and column.
    ax
        Where to draw; a new figure by default.

    Raises
    ------
    ValueError
        If the shape does not fit the values.
    """
    values = np.asarray(errors, dtype=np.float64)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(
            f"errors has shape {values.shape}, but there are {len(rows)} rows and "
            f"{len(columns)} columns"
        )
    ax = new_axes() if ax is None else ax
    known = values[np.isfinite(values) & (values > 0)]
    norm = LogNorm(known.min(), known.max() * 1.001) if known.size else None
    picture = ax.imshow(values, cmap="viridis", norm=norm, aspect="auto")
    bar = figure_of(ax).colorbar(picture, ax=ax, label="error", shrink=0.9)
    _plain_numbers(bar.ax)
    ax.set_xticks(range(len(columns)), [_short(value) for value in columns], rotation=45)
    ax.set_yticks(range(len(rows)), [_short(value) for value in rows])
    ax.set(xlabel=column_name, ylabel=row_name)
    ax.set_title(title)
    ax.grid(visible=False)
    for (name, (row, column)), shape in zip((marks or {}).items(), "os^D", strict=False):
        ax.plot(column, row, shape, markersize=13, markerfacecolor="none", markeredgewidth=2.5,
                color="white", label=name)  # fmt: skip
    if marks:
        legend = ax.legend(loc="upper left", facecolor=INK, framealpha=0.75)
        for text in legend.get_texts():
            text.set_color("white")
    return ax


@in_style
def plot_learning_curves(
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]], *, ylabel: str = "error"
) -> list[Axes]:
    """Draw training and validation error against the number of training rows, side by side.

    Parameters
    ----------
    curves
        For each model its name, the sizes, and the errors in two columns (training, validation)
        of shape (len(sizes), 2).

    Raises
    ------
    ValueError
        If there is no model, or errors and sizes do not fit.
    """
    if not curves:
        raise ValueError("curves is empty; give at least one model")
    panels = new_panels(len(curves))
    for ax, (name, (sizes, errors)) in zip(panels, curves.items(), strict=True):
        pairs = np.asarray(errors, dtype=np.float64)
        if pairs.shape != (np.size(sizes), 2):
            raise ValueError(f"{name}: {np.size(sizes)} sizes, but errors of shape {pairs.shape}")
        for column, look, label in zip(
            pairs.T, line_looks(), ("training", "validation"), strict=False
        ):
            ax.plot(np.asarray(sizes), column, marker="o", markersize=4, label=label, **look)
        ax.set(xlabel="training rows", ylabel=ylabel, xscale="log")
        ax.set_title(name)
    top = max(ax.get_ylim()[1] for ax in panels)
    for ax in panels:
        ax.set_ylim(0.0, top)
    panels[0].legend()
    return panels


@in_style
def plot_progress(
    runs: Mapping[str, ArrayLike], *, xlabel: str = "trainings", ylabel: str = "lowest error so far"
) -> Axes:
    """Draw the lowest error so far of several searches against the number of trainings.

    Parameters
    ----------
    runs
        For each search its errors in the order in which they came, shape (trainings,), or of
        several repetitions, shape (repetitions, trainings): then the line is their mean.

    Raises
    ------
    ValueError
        If there is no search.
    """
    if not runs:
        raise ValueError("runs is empty; give at least one search")
    ax = new_axes()
    for (name, errors), look in zip(runs.items(), line_looks(), strict=False):
        best = np.fmin.accumulate(np.atleast_2d(np.asarray(errors, dtype=np.float64)), axis=1)
        ax.plot(np.arange(1, best.shape[1] + 1), best.mean(axis=0), label=name, **look)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log")
    _plain_numbers(ax)
    ax.legend()
    return ax


@in_style
def plot_posterior(
    x: ArrayLike,
    mean: ArrayLike,
    std: ArrayLike,
    tried: tuple[ArrayLike, ArrayLike],
    *,
    truth: ArrayLike | None = None,
    gain: ArrayLike | None = None,
    xlabel: str = "",
    ylabel: str = "error",
) -> list[Axes]:
    """Draw what a Gaussian process believes, and below it what it expects to gain where.

    Parameters
    ----------
    x
        Places on one axis, shape (places,), in rising order.
    mean, std
        The posterior there, each of shape (places,); the band is two standard deviations wide
        on each side.
    tried
        Places and values that are known.
    truth
        The true values, for comparison; shape (places,).
    gain
        The expected improvement; shape (places,).
    """
    places, middle, spread = (np.asarray(a, dtype=np.float64).ravel() for a in (x, mean, std))
    panels = new_panels(2 if gain is not None else 1, columns=1, width=6.4, height=2.4)
    top = panels[0]
    top.fill_between(places, middle - 2 * spread, middle + 2 * spread, color=BLUE, alpha=0.18,
                     label="mean ± 2 std")  # fmt: skip
    top.plot(places, middle, color=BLUE, label="mean")
    if truth is not None:
        top.plot(places, np.ravel(np.asarray(truth)), color=MUTED, ls="--", lw=1.2, label="truth")
    top.plot(np.ravel(tried[0]), np.ravel(tried[1]), "o", color=INK, markersize=6, label="tried")
    top.set(ylabel=ylabel, xlabel=xlabel)
    top.legend(ncols=2)
    if gain is not None:
        _draw_gain(panels[1], places, np.ravel(np.asarray(gain, dtype=np.float64)), xlabel)
    return panels


@in_style
def plot_gaps(gaps: Mapping[str, float], *, floor: float = 0.0) -> Axes:
    """Draw errors from the best possible to the test set as steps, each rise a gap with a name.

    Parameters
    ----------
    gaps
        The gaps in their order; a negative one goes down.
    floor
        The error that the first gap starts from.
    """
    ax = new_axes(6.4, 2.8)
    level = floor
    ax.barh(0, floor, color=MUTED, label="floor")
    for row, gap in enumerate(gaps.values(), start=1):
        ax.barh(row, gap, left=level, color=VERMILLION if gap > 0 else GREEN)
        ax.text(max(level, level + gap), row, f"  {gap:+.3f}", va="center", fontsize=9)
        level += gap
    ax.set_yticks(range(len(gaps) + 1), ["floor", *gaps])
    ax.set(xlabel="error", xlim=(0.0, 1.25 * max(level, floor, 1e-9)))
    ax.invert_yaxis()
    return ax


def _draw_gain(ax: Axes, places: Array, gain: Array, xlabel: str) -> None:
    ax.fill_between(places, 0.0, gain, color=GREEN, alpha=0.3)
    ax.plot(places, gain, color=GREEN)
    next_place = places[int(np.argmax(gain))]
    ax.axvline(next_place, color=VERMILLION, lw=1.2)
    ax.text(next_place, 0.9 * float(gain.max()), " try next", color=VERMILLION)
    ax.set(xlabel=xlabel, ylabel="expected\nimprovement")


def _plain_numbers(ax: Axes) -> None:
    """Write 2 and 0.5 on a logarithmic axis, and not powers of ten."""
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.yaxis.set_minor_formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=(2.0, 0.4)))


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float | np.floating) else str(value)
