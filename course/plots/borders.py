"""Where on a plane a classifier changes its mind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from numpy.typing import ArrayLike

from course.arrays import Array
from course.classes import LabelledPoints
from course.plots.style import BLUE, GREEN, INK, PURPLE, VERMILLION, in_style, new_panels

Classify = Callable[[Array], ArrayLike]
"""Takes points, shape (n, 2); returns classes, shape (n,)."""

_GROUND = ("#DCEAF4", "#F9E3D5", "#DFF1EB", "#F7E9F1")
_POINTS = (BLUE, VERMILLION, GREEN, PURPLE)
_MARKERS = "os^D"


@in_style
def plot_borders(classifiers: Mapping[str, Classify], points: LabelledPoints) -> list[Axes]:
    """Draw what each classifier says of the plane, with the training points on top.

    Parameters
    ----------
    classifiers
        Names and functions: points of shape (n, 2) in, classes from 0 to 3 out, shape (n,).
    points
        Its training points are drawn; its test points give the accuracy in each title.

    Returns
    -------
    list of matplotlib.axes.Axes
        One for each classifier.

    Raises
    ------
    ValueError
        If there is no classifier.
    """
    if not classifiers:
        raise ValueError("classifiers is empty; give at least one name and function")
    low, high = points.x_train.min(axis=0), points.x_train.max(axis=0)
    east, north = np.meshgrid(*np.linspace(low, high, 121).T)
    grid = np.column_stack([east.ravel(), north.ravel()])
    panels = new_panels(len(classifiers), columns=4, width=3.0, height=3.1)
    for ax, (name, classify) in zip(panels, classifiers.items(), strict=True):
        ground: Any = np.asarray(classify(grid)).reshape(east.shape)
        ax.pcolormesh(
            east, north, ground, cmap=ListedColormap(_GROUND), vmin=-0.5, vmax=3.5, shading="auto"
        )
        _draw_points(ax, points)
        right = np.mean(np.asarray(classify(points.x_test)) == points.labels_test)
        ax.set_title(f"{name}: {right:.0%}".replace("$", r"\$"), fontsize=10)
        ax.set(xlabel="$x_1$", ylabel="$x_2$")
    return panels


def _draw_points(ax: Axes, points: LabelledPoints) -> None:
    for label in np.unique(points.labels_train):
        own = points.x_train[points.labels_train == label]
        look: Any = {"marker": _MARKERS[label], "color": _POINTS[label], "edgecolors": INK}
        ax.scatter(own[:, 0], own[:, 1], s=9, linewidths=0.2, **look)
