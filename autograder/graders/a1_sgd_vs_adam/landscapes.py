"""Landscapes that exist only here: other hills than the course's, at other places.

A survey is what a student's ``fit_hills`` is given, and what it is judged by: the true heights at
places it has not seen. Errors are told in one of two units, so that one threshold serves all
landscapes: as a share of the standard deviation of the heights (1 is what a flat answer at the
right average gets), or, where noise is what makes the task hard, in standard deviations of the
noise (1 is what a single measurement gets). 0 is perfect in both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.grading import Draw
from course.terrain import SIDE_KM, Hills

Array = np.ndarray[Any, Any]

_JUDGED_AT = 400
"""Places at which heights are judged."""
_MARGIN_KM = 1.5
"""How far from the border a hill stands at least."""


@dataclass(frozen=True)
class Survey:
    """Measured samples to fit and to validate with, and the truth elsewhere.

    Coordinates have shape (samples, 2), heights (samples, 1); ``noise`` is the standard deviation
    of the error of a measured height.
    """

    x_train: Array
    t_train: Array
    x_valid: Array
    t_valid: Array
    places: Array
    truth: Array
    noise: float

    @property
    def samples(self) -> tuple[Array, Array, Array, Array]:
        """What ``fit_hills`` takes, in its order."""
        return self.x_train, self.t_train, self.x_valid, self.t_valid

    def share(self, heights: Array) -> float:
        """Return the error of heights at ``places``, as a share of what there is to explain."""
        return self._error(heights) / float(self.truth.std())

    def noises(self, heights: Array) -> float:
        """Return the error of heights at ``places``, in standard deviations of the noise."""
        return self._error(heights) / self.noise

    def _error(self, heights: Array) -> float:
        return float(np.sqrt(np.mean((heights - self.truth) ** 2)))

    def in_metres(self) -> Survey:
        """Return the same survey in metres, as a high plateau on a map that begins far from 0."""
        moved = {
            name: 1000.0 * getattr(self, name) + np.array([450_000.0, 120_000.0])
            for name in ("x_train", "x_valid", "places")
        }
        lifted = {
            name: 100.0 * getattr(self, name) + 3000.0 for name in ("t_train", "t_valid", "truth")
        }
        return replace(self, **moved, **lifted, noise=100.0 * self.noise)


def survey(
    draw: Draw, *, hills: int, radius: float, train: int, valid: int, noise: float
) -> Survey:
    """Draw a landscape and measure it.

    Parameters
    ----------
    hills, radius
        How many hills, and the distance in km at which each has dropped to 61 %.
    train, valid
        How many samples there are of each kind.
    noise
        Standard deviation of the error of a measured height, in units of 100 m.
    """
    centres, peaks = _centres(draw, hills), draw.rng.uniform(3.0, 5.0, size=hills)
    land = Hills(np.empty((0, 2)), np.empty((0, 1)), (), centres, peaks, radius)
    x = draw.rng.uniform(0.0, SIDE_KM, size=(train + valid, 2))
    t = land.height(x) + noise * draw.rng.standard_normal((train + valid, 1))
    places = draw.rng.uniform(0.0, SIDE_KM, size=(_JUDGED_AT, 2))
    return Survey(x[:train], t[:train], x[train:], t[train:], places, land.height(places), noise)


def _centres(draw: Draw, hills: int) -> Array:
    """Draw centres that keep a distance, so that no hill hides another."""
    apart = SIDE_KM / (hills + 1.0)
    while True:
        centres = draw.rng.uniform(_MARGIN_KM, SIDE_KM - _MARGIN_KM, size=(hills, 2))
        distances = np.linalg.norm(centres[:, None] - centres, axis=2)
        if (distances[~np.eye(hills, dtype=bool)] > apart).all():
            return centres
