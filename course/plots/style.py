"""One look for every plot: colours that colour-blind readers can tell apart, quiet axes.

The colours are those of Okabe and Ito (2008, "Color Universal Design"). Colour never stands
alone: curves differ in their dashes too, and samples in their markers.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, INK, MUTED, FAINT = "#E69F00", "#56B4E9", "#1B1F24", "#57606A", "#E3E6EA"

CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (6, 1.5, 1, 1.5)))

_WIDEST_NUMBERED = 1e3
"""Up to this ratio of its ends, a logarithmic axis has room for three numbers a decade."""

STYLE: dict[Any, Any] = {
    "figure.facecolor": "white",  # also where the notebook around it is dark
    "figure.dpi": 110,
    "axes.facecolor": "white",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=CYCLE),
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.frameon": True,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "legend.fontsize": 9,
    "text.color": INK,
    "font.size": 10,
}
"""matplotlib settings of the course, as ``matplotlib.rcParams`` takes them."""


def use_style() -> None:
    """Give the plots that you draw from here on the look of the course."""
    mpl.rcParams.update(STYLE)


@contextlib.contextmanager
def _styled() -> Iterator[None]:
    """Apply the style and take back what it set, and nothing else.

    ``matplotlib.rc_context`` would also undo what the first figure of a notebook sets:
    the ``interactive`` flag, without which no later figure is shown.
    """
    before = {key: mpl.rcParams[key] for key in STYLE}
    mpl.rcParams.update(STYLE)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


in_style = _styled()
"""Decorates a function that draws: inside it the style of the course holds."""


def new_axes(width: float = 6.4, height: float = 4.0) -> Axes:
    """Return the axes of a new figure of this size in inches."""
    return dress(plt.figure(figsize=(width, height), layout="constrained").add_subplot())


def new_panels(
    count: int, *, columns: int = 3, width: float = 3.6, height: float = 3.2
) -> list[Axes]:
    """Return ``count`` axes in even rows of at most ``columns``; each of this size in inches."""
    rows = -(-count // columns)
    columns = -(-count // rows)
    figure = plt.figure(figsize=(width * columns, height * rows), layout="constrained")
    return [dress(figure.add_subplot(rows, columns, k + 1)) for k in range(count)]


def dress(ax: Axes) -> Axes:
    """Fix the style of the ticks, which matplotlib would look up only when it draws."""
    ax.tick_params(which="both", color=MUTED, labelcolor=MUTED, labelsize=9)
    ax.tick_params(which="minor", length=0)
    ax.grid(visible=True, which="major", color=FAINT, linewidth=0.8)
    return ax


def number_log_ticks(ax: Axes) -> None:
    """Number 1, 2 and 5 of every decade of a logarithmic y axis, so that values can be read off.

    A span of many decades keeps matplotlib's powers of ten: more numbers would not fit.
    """
    low, high = ax.get_ylim()
    if low > 0.0 and high / low < _WIDEST_NUMBERED:
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())


def line_looks() -> Iterator[dict[str, Any]]:
    """Yield keyword arguments for one line after another, without end."""
    dashes = cycle(DASHES)
    for color in cycle(CYCLE):
        yield {"color": color, "linestyle": next(dashes)}


def figure_of(ax: Axes) -> Figure:
    """Return the figure that holds these axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes that were removed have no figure"
    return figure
