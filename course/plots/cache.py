"""Where a matrix product waits for memory: the misses of every entry."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from course.cache import MATRICES, Counts
from course.plots.style import INK, in_style


@in_style
def plot_misses(runs: Mapping[str, Mapping[str, Counts]], steps: int) -> Figure:
    """Draw one row of three matrices for each run; the darker an entry, the more often it missed.

    Parameters
    ----------
    runs
        For each name what :func:`course.count_misses` returned.
    steps
        How many multiplications each run made; each asked for three numbers.

    Raises
    ------
    ValueError
        If there is no run.
    """
    if not runs:
        raise ValueError("runs is empty; give at least one name with its misses")
    most = max(int(m.max(initial=1)) for run in runs.values() for m in run.values())
    height = 0.6 + 2.1 * len(runs)
    figure, grid = plt.subplots(
        len(runs), 3, figsize=(7.4, height), squeeze=False, layout="constrained"
    )
    images = []
    for row, (name, misses) in zip(grid, runs.items(), strict=True):
        total = sum(int(m.sum()) for m in misses.values())
        for ax, matrix in zip(row, MATRICES, strict=True):
            images.append(ax.imshow(misses[matrix], cmap="Blues", vmin=0, vmax=most))
            ax.set_title(f"{matrix}: {int(misses[matrix].sum())} misses", fontsize=9, color=INK)
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
        row[0].set_ylabel(f"{name}\n{total / (3 * steps):.1%} misses")
    figure.colorbar(images[0], ax=grid, label="misses of an entry", shrink=0.7)
    return figure
