"""Readings of a fish pond in the evening, and whether the fish were in trouble the next morning.

Trouble is rare, some columns say nothing about it, and what says most does not say it alone:
warm *and* crowded water runs out of oxygen, either of them by itself does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.arrays import Array

COLUMNS = ("oxygen (%)", "temperature (°C)", "fish (kg/m³)", "acidity (pH)", "moon (0 to 1)")


@dataclass(frozen=True, eq=False)
class PondReadings:
    """Evenings at the pond.

    Attributes
    ----------
    x
        One row an evening, one column for each of ``columns``; shape (evenings, 5).
    trouble
        1 where the fish gasped for air the next morning, otherwise 0; shape (evenings,).
    columns
        What the columns are, with their units.
    """

    x: Array
    trouble: NDArray[np.intp]
    columns: tuple[str, ...] = COLUMNS


def pond_readings(evenings: int = 1500, seed: int = 0) -> PondReadings:
    """Return readings of so many evenings; about one in twelve ends in trouble.

    Raises
    ------
    ValueError
        If ``evenings`` is below 1.
    """
    if evenings < 1:
        raise ValueError(f"evenings is {evenings}, but at least 1 is needed")
    rng = np.random.default_rng(seed)
    oxygen = rng.normal(85.0, 12.0, evenings)
    temperature = rng.uniform(8.0, 30.0, evenings)
    fish = rng.uniform(5.0, 40.0, evenings)
    acidity = rng.normal(7.6, 0.3, evenings)
    moon = rng.uniform(0.0, 1.0, evenings)
    breath = (temperature - 8.0) / 22.0 * (fish - 5.0) / 35.0  # what the fish use up in a night
    danger = 9.0 * breath - (oxygen - 85.0) / 12.0 + 1.5 * np.abs(acidity - 7.6) - 6.2
    trouble = rng.uniform(size=evenings) < 1.0 / (1.0 + np.exp(-1.8 * danger))
    x = np.column_stack([oxygen, temperature, fish, acidity, moon])
    return PondReadings(x, trouble.astype(np.intp))
