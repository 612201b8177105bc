"""What the hidden units of a network answer: the pieces it builds its output from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from course.arrays import Array
from course.plots.style import figure_of, in_style, line_looks, new_axes, new_panels

Hidden = Callable[[Array], Sequence[Array]]
"""Takes inputs, shape (samples, n_in); returns an array (samples, units) for each layer."""

_MAP_POINTS = 60
_CENTRED: dict[str, Any] = {"ha": "center", "va": "center"}


@in_style
def plot_hidden_units(
    hidden: Hidden, x: ArrayLike, *, layer: int = 0, names: Sequence[str] = ()
) -> list[Axes]:
    """Draw the output of every unit of a hidden layer.

    With one input, all units are lines over it, on one axis, each with its number, from 0 on, on
    the line and in its colour. With two inputs, every unit is a
    map of the plane: blue where it answers -1, white at 0, red where it answers +1.

    Parameters
    ----------
    hidden
        For instance ``network.hidden``, or a function that standardises first.
    x
        The data, shape (samples, 1) or (samples, 2); the drawing covers their range.
    layer
        Which hidden layer; 0 is the first.
    names
        What the inputs are called, with units; "x (rad)", or "east (km)" and "north (km)",
        by default.

    Returns
    -------
    list of Axes
        One for all lines, or one for every map.

    Raises
    ------
    ValueError
        If ``x`` has neither one nor two columns, or there is no such layer.
    """
    points = np.asarray(x, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] not in (1, 2) or len(points) == 0:
        raise ValueError(f"x has shape {points.shape}; (samples, 1) and (samples, 2) can be drawn")
    low, high = points.min(axis=0), points.max(axis=0)
    if points.shape[1] == 1:
        along = np.linspace(low, high, 300)
        return [_draw_lines(along, _answers(hidden, along, layer), *(names or ("x (rad)",)))]
    east, north = np.meshgrid(*np.linspace(low, high, _MAP_POINTS).T)
    answers = _answers(hidden, np.column_stack([east.ravel(), north.ravel()]), layer)
    extent = (low[0], high[0], low[1], high[1])
    return _draw_maps(answers, extent, *(names or ("east (km)", "north (km)")))


def _answers(hidden: Hidden, x: Array, layer: int) -> Array:
    layers = hidden(x)
    if layer not in range(len(layers)):
        raise ValueError(f"there is no hidden layer {layer}; there are {len(layers)}, from 0 on")
    return np.asarray(layers[layer], dtype=np.float64)


def _draw_lines(x: Array, answers: Array, name: str) -> Axes:
    ax = new_axes()
    units = answers.shape[1]
    for number, (unit, look) in enumerate(zip(answers.T, line_looks(), strict=False)):
        ax.plot(x, unit, **look)
        # Each number at a place of its own along the input, so that none covers another.
        at = (2 * number + 1) * len(x) // (2 * units)
        text = {"color": look["color"], "fontsize": 9, "fontweight": "bold"}
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
        ax.text(float(x[at, 0]), float(unit[at]), str(number), **text, bbox=box, **_CENTRED)
    ax.set(xlabel=name, ylabel="output of a unit, tanh", ylim=(-1.08, 1.08))
    ax.set_title(f"{units} hidden units")
    return ax


def _draw_maps(
    answers: Array, extent: tuple[float, float, float, float], east: str, north: str
) -> list[Axes]:
    panels = new_panels(answers.shape[1], columns=5, width=2.0, height=2.0)
    for number, (ax, unit) in enumerate(zip(panels, answers.T, strict=True)):
        image = _draw_map(ax, unit, extent)
        ax.set_title(f"unit {number}", fontsize=9)
        ax.label_outer()
    figure = figure_of(panels[0])
    figure.supxlabel(east, fontsize=10)
    figure.supylabel(north, fontsize=10)
    figure.colorbar(image, ax=panels, label="output of the unit, tanh", shrink=0.8)
    return panels


def _draw_map(ax: Axes, unit: Array, extent: tuple[float, float, float, float]) -> AxesImage:
    ax.grid(visible=False)
    square = unit.reshape(_MAP_POINTS, _MAP_POINTS)
    return ax.imshow(square, cmap="RdBu_r", vmin=-1, vmax=1, origin="lower", extent=extent)
