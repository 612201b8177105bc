"""A small curve-fitting problem with two settings, quick enough to search a hundred times.

The model is ridge regression on Gaussian bumps: ``width`` says how broad a bump is, ``penalty``
how dear large weights are. Its exact fit takes a tenth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.arrays import Array

TRAIN, FRESH = 30, 2000
_BUMPS = np.linspace(-1.1, 1.1, 24)
Fold = tuple[Array, Array]


@dataclass(frozen=True, eq=False)
class Problem:
    """One draw of the data: rows to train with, to choose by, to judge by, and fresh ones.

    Attributes
    ----------
    train, valid, test, fresh
        Inputs and targets, each of shape (rows, 1).
    opened
        One entry each time that somebody opened the test set.
    """

    train: Fold
    valid: Fold
    test: Fold
    fresh: Fold
    opened: list[int] = field(default_factory=list)

    def open_test(self) -> Fold:
        """Return the test rows, and take note of it."""
        self.opened.append(len(self.opened) + 1)
        return self.test


def draw_problem(rows: int, noise: float, seed: int) -> Problem:
    """Draw a problem with so many rows to choose by, and as many to judge by."""
    rng = np.random.default_rng(seed)
    train, valid, test, fresh = (_fold(n, noise, rng) for n in (TRAIN, rows, rows, FRESH))
    return Problem(train, valid, test, fresh)


def grid_of(steps: int) -> dict[str, list[float]]:
    """Return a grid with ``steps`` values of each of the two settings, evenly on a log scale."""
    return {
        "width": np.geomspace(0.03, 1.0, steps).tolist(),
        "penalty": np.geomspace(1e-6, 10.0, steps).tolist(),
    }


class BumpRidge:
    """The model: untrained when it is made, and trained by :func:`fit`."""

    def __init__(self, width: float, penalty: float) -> None:
        self._width, self._penalty = width, penalty
        self._weights: Array = np.zeros((_BUMPS.size, 1))

    def fit(self, x: Array, t: Array) -> None:
        """Take the weights that fit best to these rows."""
        bumps = _bumps(x, self._width)
        square = bumps.T @ bumps + self._penalty * np.eye(_BUMPS.size)
        self._weights = np.asarray(np.linalg.solve(square, bumps.T @ t), dtype=np.float64)

    def predict(self, x: Array) -> Array:
        """Return what the model says, shape (rows, 1)."""
        return np.asarray(_bumps(x, self._width) @ self._weights)


def make(config: Mapping[str, Any]) -> BumpRidge:
    """Return an untrained model with these settings."""
    return BumpRidge(float(config["width"]), float(config["penalty"]))


def fit(model: BumpRidge, x: Array, t: Array) -> None:
    """Train a model where it is."""
    model.fit(x, t)


def error(model: BumpRidge, x: Array, t: Array) -> float:
    """Return the root mean squared error."""
    return float(np.sqrt(np.mean((model.predict(x) - t) ** 2)))


def _bumps(x: Array, width: float) -> Array:
    return np.asarray(np.exp(-0.5 * ((x - _BUMPS) / width) ** 2))


def _fold(rows: int, noise: float, rng: np.random.Generator) -> Fold:
    x = rng.uniform(-1.0, 1.0, (rows, 1))
    return x, np.sin(5.0 * x) + 0.5 * x + rng.normal(0.0, noise, x.shape)
