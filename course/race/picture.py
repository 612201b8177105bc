"""Draws a race: the paths over the loss surface, and the loss of each against the steps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from course.plots.style import FAINT, INK, MUTED, dress, line_looks
from course.race.runs import Run
from course.race.tracks import Track

_GROUND = LinearSegmentedColormap.from_list("ground", ["#FFFFFF", "#DCE6EC", "#A9BDC9"])
_TINY = 1e-16


def draw_race(track: Track, runs: Mapping[str, Run]) -> Figure:
    """Return a figure with the paths on the left and the losses on the right.

    The figure belongs to no window and no pyplot state: it does not show itself.
    """
    figure = Figure(figsize=(9.6, 4.2), layout="constrained")
    left, right = (dress(ax) for ax in figure.subplots(1, 2, width_ratios=(1.25, 1.0)))
    _draw_ground(left, track)
    ceiling = 100.0 * float(track.loss(*np.array(track.start)))
    for (name, run), look in zip(runs.items(), line_looks(), strict=False):
        label = _label(name, run)
        left.plot(*run.path.T, **look, marker=".", markersize=4.5, lw=1.5, label=label)
        left.plot(*run.path[-1], "o", color=look["color"], markersize=7, markeredgecolor="white")
        right.plot(np.where(run.losses <= ceiling, run.losses + _TINY, np.nan), **look)
    right.set(xlabel="steps taken", ylabel="loss E", yscale="log")
    right.set_title("Loss")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def _draw_ground(ax: Axes, track: Track) -> None:
    low1, high1, low2, high2 = track.window
    w1, w2 = np.meshgrid(np.linspace(low1, high1, 121), np.linspace(low2, high2, 121))
    loss = np.maximum(track.loss(w1, w2), 1e-3)
    levels = np.geomspace(0.02, float(loss.max()), 14)
    norm = LogNorm(levels[0], levels[-1])
    ax.contourf(w1, w2, loss, levels=levels, cmap=_GROUND, norm=norm, extend="min")
    ax.contour(w1, w2, loss, levels=levels, colors=MUTED, linewidths=0.5, alpha=0.5)
    ax.grid(visible=False)
    ax.plot(*track.start, "s", color=INK, markersize=6)
    ax.plot(*track.goal, "*", color=INK, markersize=12, markeredgecolor=FAINT)
    _name_point(ax, "start", track.start, (-7, 6), "right")
    _name_point(ax, "minimum", track.goal, (30, -48), "left")  # clear of paths that circle it
    ax.set(xlabel="weight $w_1$", ylabel="weight $w_2$", xlim=(low1, high1), ylim=(low2, high2))
    ax.set_title(f"{track.title[0].upper()}{track.title[1:]}   {track.formula}", fontsize=10)


def _name_point(
    ax: Axes, text: str, point: tuple[float, float], offset: tuple[int, int], side: str
) -> None:
    halo = withStroke(linewidth=3, foreground="white")
    ax.annotate(
        text,
        point,
        xytext=offset,
        textcoords="offset points",
        ha=side,
        path_effects=[halo],
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.8, "shrinkB": 4},
    )


def _label(name: str, run: Run) -> str:
    """Return a name for the legend that no student's text can turn into broken mathematics."""
    state = f" ({run.state})" if run.state else ""
    return f"{name}{state}".replace("$", r"\$")
