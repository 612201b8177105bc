"""Two sets of labelled points that no straight line can part: a V, and a river."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.arrays import Array

Labels = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class LabelledPoints:
    """Points on a plane, their classes, and which of them are for what.

    Attributes
    ----------
    x_train, x_valid, x_test
        Points, shape (n, 2).
    labels_train, labels_valid, labels_test
        Their classes, whole numbers from 0 on, shape (n,).
    """

    x_train: Array
    labels_train: Labels
    x_valid: Array
    labels_valid: Labels
    x_test: Array
    labels_test: Labels


def v_shape(n: int = 400, noise: float = 0.1, seed: int = 0) -> LabelledPoints:
    r"""Draw points on the square [-2, 2] x [-2, 2]; class 1 lies inside a V.

    A point belongs to class 1 if :math:`x_2 > 1.5\,|x_1| - 1 + \varepsilon`, with
    :math:`\varepsilon \sim N(0, \text{noise}^2)` drawn for each point, so that the border is
    blurred.

    Parameters
    ----------
    n
        Number of points, at least 10: three fifths to train, one to validate, one to test.
    noise
        How blurred the border is, in units of the plane; 0 for a sharp one.
    seed
        The same seed gives the same points, every time.

    Raises
    ------
    ValueError
        If ``n`` is below 10 or ``noise`` is negative.
    """
    x, blur = _points(n, noise, seed)
    return _split(x, x[:, 1] > 1.5 * np.abs(x[:, 0]) - 1.0 + blur)


def river(n: int = 400, noise: float = 0.1, seed: int = 0) -> LabelledPoints:
    r"""Draw points on the square [-2, 2] x [-2, 2]; class 1 is water, class 0 is land.

    The river flows from west to east around :math:`x_2 = \sin(2.5\,x_1)`, and its banks lie
    0.5 above and below; :math:`\varepsilon \sim N(0, \text{noise}^2)` blurs them.

    Parameters
    ----------
    n, noise, seed
        As in :func:`v_shape`.

    Raises
    ------
    ValueError
        If ``n`` is below 10 or ``noise`` is negative.
    """
    x, blur = _points(n, noise, seed)
    return _split(x, np.abs(x[:, 1] - np.sin(2.5 * x[:, 0]) + blur) < 0.5)


def _points(n: int, noise: float, seed: int) -> tuple[Array, Array]:
    if n < 10:
        raise ValueError(f"n is {n}, but at least 10 points are needed")
    if noise < 0:
        raise ValueError(f"noise is {noise}, but a standard deviation cannot be negative")
    rng = np.random.default_rng(seed)
    return rng.uniform(-2.0, 2.0, size=(n, 2)), noise * rng.standard_normal(n)


def _split(x: Array, inside: np.ndarray[Any, Any]) -> LabelledPoints:
    """Deal the points out; they come in random order, so the first ones are a fair sample."""
    labels = inside.astype(np.int64)
    first, second = 3 * len(x) // 5, 4 * len(x) // 5
    train, valid, test = slice(first), slice(first, second), slice(second, None)
    return LabelledPoints(x[train], labels[train], x[valid], labels[valid], x[test], labels[test])
