"""Surfaces over a plane, lit from the side like a landscape in the evening."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LightSource, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d import Axes3D  # type: ignore[import-untyped]
from numpy.typing import ArrayLike

from course.arrays import Array, as_rows
from course.plots.curves import Predict, rmse
from course.plots.style import BLUE, FAINT, MUTED, VERMILLION, in_style
from course.terrain import SIDE_KM, Split, grid

HEIGHTS = (0.0, 5.5)
"""What the height axis and the colours span, in units of 100 m, so that plots compare."""
_LAND = LinearSegmentedColormap.from_list("land", ["#4C8C86", "#A8C29A", "#EBD79E", "#FFF6E0"])
_POINTS = 101
_ELEVATION_DEG, _AZIMUTH_DEG = 38.0, -62.0
_STRETCH = np.array([1.0, 1.0, 0.85])
"""Shape of the box that the picture fits the axes into."""
_SAMPLES = (("train", MUTED, "o", 2.5), ("valid", BLUE, "^", 11), ("test", VERMILLION, "s", 5))
"""Kind, colour, marker and size; the most numerous are the quietest, or they hide the land."""


@in_style
def plot_surface(
    height: Predict, split: Split | None = None, *, title: str = "", ax: Axes3D | None = None
) -> Axes3D:
    """Draw a surface over the plane of the hills, lit from the side, with the samples.

    Parameters
    ----------
    height
        The surface: takes coordinates in km, shape (samples, 2), and returns heights in units
        of 100 m, shape (samples, 1). For instance ``data.height`` or ``network.predict``.
    split
        The samples to draw: dots train, triangles validate, squares test. What stands behind a
        hill is not drawn.
    ax
        Where to draw, made with ``projection="3d"``; a new figure by default.

    Returns
    -------
    mpl_toolkits.mplot3d.axes3d.Axes3D

    Raises
    ------
    ValueError
        If ``height`` does not return one height for each row.
    """
    if ax is None:
        ax = _new_scenes(1, width=7.4, height=5.4)[0]
    _draw_land(ax, height)
    if split is not None:
        for name, color, marker, size in _SAMPLES:
            x, t = getattr(split, f"x_{name}"), getattr(split, f"t_{name}")
            seen = _is_seen(height, x, t)
            places = (x[seen, 0], x[seen, 1], t[seen, 0])
            label = f"{name} ({len(x)})"
            look = {"c": color, "marker": marker, "s": size, "zorder": 3}
            ax.scatter(*places, **look, depthshade=False, linewidths=0, label=label)
        ax.legend(loc="upper left", markerscale=2.0, fontsize=9)
    ax.set_title(title)
    return ax


@in_style
def plot_surfaces(surfaces: Mapping[str, Predict], split: Split | None = None) -> list[Axes3D]:
    """Draw several surfaces beside each other, on the same scales.

    Parameters
    ----------
    surfaces
        For each its name and its function; see :func:`plot_surface`.
    split
        If given, the root of the mean squared error on its **validation** samples stands above
        each surface: that is the number to choose a model by. The test samples stay unopened.

    Raises
    ------
    ValueError
        If there is no surface, or one does not return one height for each row.
    """
    if not surfaces:
        raise ValueError("surfaces is empty; give at least one name with its function")
    scenes = _new_scenes(len(surfaces))
    for ax, (name, height) in zip(scenes, surfaces.items(), strict=True):
        error = "" if split is None else f"\nRMSE {rmse(height, split.x_valid, split.t_valid):.2f}"
        plot_surface(height, title=name + error, ax=ax)
    return scenes


def _new_scenes(count: int, width: float = 4.0, height: float = 3.9) -> list[Axes3D]:
    """Return 3-D axes side by side, at most three in a row, each of this size in inches."""
    columns = min(count, 3)
    rows = -(-count // columns)
    figure = plt.figure(figsize=(width * columns, height * rows), layout="constrained")
    return [_new_scene(figure, rows, columns, k + 1) for k in range(count)]


def _new_scene(figure: Figure, rows: int, columns: int, number: int) -> Axes3D:
    ax: Axes3D = figure.add_subplot(rows, columns, number, projection="3d", computed_zorder=False)
    # Far away, parallel lines stay parallel: heights compare across the picture.
    ax.set_proj_type("ortho")
    ax.view_init(elev=_ELEVATION_DEG, azim=_AZIMUTH_DEG)
    ax.set_box_aspect(_STRETCH, zoom=0.88)
    ax.set(xlim=(0, SIDE_KM), ylim=(0, SIDE_KM), zlim=HEIGHTS)
    ax.set(xlabel="east (km)", ylabel="north (km)", zlabel="height (100 m)")
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color("white")
        axis.line.set_color(MUTED)
        axis._axinfo["grid"].update(color=FAINT, linewidth=0.7)
    ax.tick_params(colors=MUTED, labelsize=8, pad=1)
    return ax


def _draw_land(ax: Axes3D, height: Predict) -> None:
    corners = grid(_POINTS)
    z = _heights(height, corners).reshape(_POINTS, _POINTS)
    east, north = (corners[:, k].reshape(z.shape) for k in (0, 1))
    step = SIDE_KM / (_POINTS - 1)
    # Evening light from the west. matplotlib takes rows to run south; these run north.
    colors = LightSource(azdeg=285, altdeg=32).shade(
        z, _LAND, Normalize(*HEIGHTS), blend_mode="soft", dx=step, dy=-step
    )
    look = {"rstride": 1, "cstride": 1, "linewidth": 0, "antialiased": False}
    ax.plot_surface(east, north, z, facecolors=colors, shade=False, **look)


def _heights(height: Predict, x: Array) -> Array:
    heights = as_rows(height(x), 1, "what the surface returned")
    if len(heights) != len(x):
        raise ValueError(f"the surface returned {len(heights)} heights for {len(x)} places")
    return heights


def _is_seen(height: Predict, x: Array, t: ArrayLike, stations: int = 40) -> Array:
    """Tell which samples no part of the surface hides, by walking from each towards the eye.

    matplotlib draws all samples over the whole surface, or all under it; so those behind a
    hill have to be left out. A sample below the surface counts as lying on it.
    """
    z = np.maximum(np.asarray(t), _heights(height, x))[:, 0] + 0.05
    elevation, azimuth = np.radians([_ELEVATION_DEG, _AZIMUTH_DEG])
    flat = np.cos(elevation)
    eye = np.array([flat * np.cos(azimuth), flat * np.sin(azimuth), np.sin(elevation)])
    east, north, up = eye * np.array([SIDE_KM, SIDE_KM, np.ptp(HEIGHTS)]) / _STRETCH
    seen = np.ones(len(x), dtype=bool)
    for s in np.linspace(0.02, 1.2, stations):
        place = x + s * np.array([east, north])
        inside = ((place >= 0) & (place <= SIDE_KM)).all(axis=1)
        ground = _heights(height, np.clip(place, 0, SIDE_KM))[:, 0]
        seen &= ~(inside & (ground > z + s * up))
    return seen
