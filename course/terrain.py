"""Five smooth hills on a plane: two inputs, one output, no simple formula.

Two of the hills are 4 high and three are 5 high, so places far from each other share a
height: whoever wants the height must use both coordinates together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.arrays import Array, as_rows

SIDE_KM = 10.0
"""The plane is a square with this side."""
GRID = 40
"""Samples along one side; 40 x 40 = 1600 in all."""
_CENTRES = ((2.0, 2.0), (8.0, 2.0), (5.0, 4.5), (2.5, 7.5), (7.5, 7.5))
_PEAKS = (5.0, 5.0, 4.0, 4.0, 5.0)


@dataclass(frozen=True, eq=False)
class Split:
    """One way to use the folds: train on most, choose on one, judge on one.

    Inputs ``x_*`` have shape (samples, 2), targets ``t_*`` have shape (samples, 1); row i of
    the one belongs to row i of the other.
    """

    x_train: Array
    t_train: Array
    x_valid: Array
    t_valid: Array
    x_test: Array
    t_test: Array


@dataclass(frozen=True, eq=False)
class Hills:
    """Samples of a hilly plane, and the surface they came from.

    Attributes
    ----------
    x
        Where: kilometres east and north, in [0, 10]; shape (samples, 2).
    t
        How high, with noise, in units of 100 m; shape (samples, 1).
    folds
        The row numbers of every fold. No row is in two folds, and every row is in one.
    centres, peaks
        Position of every hill, shape (hills, 2), and its height, shape (hills,).
    radius
        Distance in km from a centre at which a hill has dropped to 61 % of its peak.
    """

    x: Array
    t: Array
    folds: tuple[NDArray[np.intp], ...]
    centres: Array
    peaks: Array
    radius: float

    def height(self, x: ArrayLike) -> Array:
        r"""Return the true height, without noise.

        .. math:: h(x) = \sum_k p_k \exp\left(-\frac{\|x - c_k\|^2}{2 r^2}\right)

        with peak :math:`p_k` and centre :math:`c_k` of hill :math:`k`, and the radius
        :math:`r`. The foot of its neighbours lifts a peak by less than 2 %.

        Parameters
        ----------
        x
            Coordinates in km, shape (samples, 2).

        Returns
        -------
        Array
            Heights in units of 100 m, shape (samples, 1).

        Raises
        ------
        ValueError
            If ``x`` has another shape.
        """
        return _heights(as_rows(x, 2, "x"), self.centres, self.peaks, self.radius)

    def split(self, fold: int = 0) -> Split:
        """Use fold number ``fold`` for validation, the next one for testing, the rest to train.

        After the last fold comes the first one. Going through all folds, every sample
        validates once and tests once.

        Raises
        ------
        ValueError
            If there is no such fold.
        """
        count = len(self.folds)
        if fold not in range(count):
            raise ValueError(f"there is no fold {fold!r}; the folds are 0 to {count - 1}")
        valid, test = self.folds[fold], self.folds[(fold + 1) % count]
        train = np.concatenate([self.folds[(fold + k) % count] for k in range(2, count)])
        x, t = self.x, self.t
        return Split(x[train], t[train], x[valid], t[valid], x[test], t[test])


def hills(folds: int = 5, noise: float = 0.1, seed: int = 0) -> Hills:
    """Sample the five hills on a 40 x 40 grid and deal the samples into folds.

    The rows are shuffled first, so that every fold covers the whole plane. With five folds a
    split has 960 samples to train, 320 to validate and 320 to test.

    Parameters
    ----------
    folds
        How many folds, 3 to 1600. Their sizes differ by one at most.
    noise
        Standard deviation of the error in the measured heights, in units of 100 m.
    seed
        The same seed gives the same noise and the same folds, every time.

    Raises
    ------
    ValueError
        If ``folds`` is out of range or ``noise`` is negative.
    """
    if not 3 <= folds <= GRID**2:
        raise ValueError(
            f"folds is {folds}; it must be 3 to {GRID**2}: "
            "a split trains on one fold at least, validates on one and tests on one"
        )
    if noise < 0:
        raise ValueError(f"noise is {noise}, but a standard deviation cannot be negative")
    rng = np.random.default_rng(seed)
    centres, peaks, radius = np.array(_CENTRES), np.array(_PEAKS), 1.1
    x = grid()
    t = _heights(x, centres, peaks, radius) + noise * rng.standard_normal((len(x), 1))
    rows = np.array_split(rng.permutation(len(x)), folds)
    return Hills(x, t, tuple(rows), centres, peaks, radius)


def grid(points: int = GRID) -> Array:
    """Return the corners of an even grid over the plane, shape (points * points, 2), in km."""
    side = np.linspace(0.0, SIDE_KM, points)
    east, north = np.meshgrid(side, side)
    return np.column_stack([east.ravel(), north.ravel()])


def _heights(x: Array, centres: Array, peaks: Array, radius: float) -> Array:
    squared_distance = ((x[:, None, :] - centres) ** 2).sum(axis=2)
    bumps: Array = np.exp(-squared_distance / (2.0 * radius**2))
    return (bumps @ peaks).reshape(-1, 1)
