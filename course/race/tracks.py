"""Loss surfaces of two weights, small enough to see, hard enough to tell optimizers apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course.arrays import Array

STEEP = 25.0
"""Curvature of the quadratic along w2; along w1 it is 1, so the condition number is 25."""
BEND = 5.0
"""How steep the walls of the curved valley are."""


@dataclass(frozen=True)
class Track:
    """A loss of two weights, with its slope, and where a race on it starts and should end.

    Attributes
    ----------
    title, formula
        What the panel shows; the formula in matplotlib's mathematical notation.
    loss
        Takes w1 and w2, arrays of one shape; returns the loss, an array of that shape.
    gradient
        Takes the weights, shape (2,); returns the slopes, shape (2,).
    start, goal
        Where to begin, and where the loss is 0.
    window
        What the picture shows: lowest and highest w1, lowest and highest w2.
    """

    title: str
    formula: str
    loss: Callable[[Array, Array], Array]
    gradient: Callable[[Array], Array]
    start: tuple[float, float]
    goal: tuple[float, float]
    window: tuple[float, float, float, float]


def _bowl(w1: Array, w2: Array) -> Array:
    return 0.5 * (w1**2 + STEEP * w2**2)


def _bowl_slope(w: Array) -> Array:
    return np.array([w[0], STEEP * w[1]])


def _valley(w1: Array, w2: Array) -> Array:
    return (1.0 - w1) ** 2 + BEND * (w2 - w1**2) ** 2


def _valley_slope(w: Array) -> Array:
    off_floor = w[1] - w[0] ** 2
    return np.array([-2.0 * (1.0 - w[0]) - 4.0 * BEND * w[0] * off_floor, 2.0 * BEND * off_floor])


TRACKS = {
    "quadratic": Track(
        title="ill-conditioned quadratic",
        formula=r"$E = \frac{1}{2}\,(w_1^2 + 25\, w_2^2)$",
        loss=_bowl,
        gradient=_bowl_slope,
        start=(-4.0, 1.2),
        goal=(0.0, 0.0),
        window=(-5.0, 3.0, -2.0, 2.0),
    ),
    "valley": Track(
        title="narrow curved valley",
        formula=r"$E = (1 - w_1)^2 + 5\,(w_2 - w_1^2)^2$",
        loss=_valley,
        gradient=_valley_slope,
        start=(-1.4, 1.2),
        goal=(1.0, 1.0),
        window=(-2.0, 2.0, -1.0, 3.0),
    ),
}
"""The surfaces to choose from. On the quadratic, plain gradient descent needs lr < 2/25."""
