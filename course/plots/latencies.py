"""How long answers take: the whole distribution, not one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from course.plots.style import MUTED, in_style, line_looks, new_axes


@in_style
def plot_latencies(
    latencies: Mapping[str, Sequence[float]], *, marks: Sequence[float] = (0.5, 0.95, 0.99)
) -> Axes:
    """Draw for each run which share of its answers had come after how many milliseconds.

    Parameters
    ----------
    latencies
        For each run its name and the seconds that each answer took.
    marks
        Shares at which a line is drawn across: where it meets a curve, read a percentile.

    Raises
    ------
    ValueError
        If there is no run, or a run without answers.
    """
    if not latencies or not all(len(run) for run in latencies.values()):
        raise ValueError("each run needs at least one latency, and there must be a run")
    ax = new_axes()
    for (name, run), look in zip(latencies.items(), line_looks(), strict=False):
        times = np.sort(np.asarray(run, dtype=np.float64)) * 1000.0
        shares = np.arange(1, len(times) + 1) / len(times)
        ax.step(times, shares, where="post", label=name, **look)
    for mark in marks:
        ax.axhline(mark, color=MUTED, lw=0.8, ls=":")
        place = (1.01, mark)  # beside the axes
        ax.text(*place, f"p{100 * mark:g}", transform=ax.get_yaxis_transform(), color=MUTED)
    ax.set(xscale="log", ylim=(0.0, 1.02), xlabel="milliseconds", ylabel="share answered")
    ax.legend(loc="lower right")
    return ax
