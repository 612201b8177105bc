"""Draws a search: the map of errors, and beside it how kind the reports were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.arrays import Array
from course.peek.problem import grid_of
from course.peek.searches import Found
from course.plots.searching import plot_heat_map
from course.plots.style import BLUE, INK, MUTED, VERMILLION, dress


def draw_search(
    honest: Found, peeked: Found | None, repeats: tuple[Sequence[float], Sequence[float]] | None
) -> Figure:
    """Return a figure with the map on the left; after a peek, with the optimism on the right.

    The figure belongs to no window and no pyplot state: it does not show itself.

    Parameters
    ----------
    honest, peeked
        The search by validation rows, and the one by test rows.
    repeats
        The optimism of honest and of peeked reports over many draws of the data.
    """
    figure = Figure(figsize=(9.6, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.2, 1.0))
    grid = grid_of(len(honest.errors))
    marks = {"chosen by validation": honest.chosen}
    if peeked is not None:
        marks["chosen by peeking"] = peeked.chosen
    plot_heat_map(grid["width"], grid["penalty"], honest.errors, row_name="width of a bump",
                  column_name="penalty", title="Validation error", marks=marks,
                  ax=dress(left))  # fmt: skip
    if repeats is None:
        right.axis("off")
        right.text(0.5, 0.5, "The test set is sealed.", ha="center", fontsize=12, color=MUTED)
    else:
        _draw_optimism(dress(right), np.asarray(repeats[0]), np.asarray(repeats[1]))
    return figure


def _draw_optimism(ax: Axes, honest: Array, peeked: Array) -> None:
    rng = np.random.default_rng(0)
    for row, (values, color) in enumerate(((honest, BLUE), (peeked, VERMILLION))):
        spread = row + rng.uniform(-0.18, 0.18, values.size)
        ax.plot(values, spread, "o", color=color, alpha=0.5, markersize=5)
        ax.plot([values.mean()] * 2, [row - 0.3, row + 0.3], color=color, linewidth=3)
        ax.text(values.mean(), row - 0.34, f"mean {values.mean():+.3f}", ha="center", fontsize=9)
    ax.axvline(0.0, color=INK, linewidth=1)
    ax.set_yticks([0, 1], ["honest", "peeked"])
    ax.set(ylim=(1.5, -0.6), xlabel="error on fresh rows minus error reported")
    ax.set_title(f"Optimism, {honest.size} draws of the data")
    ax.grid(visible=False, axis="y")
