r"""An optical oxygen sensor, simulated: a dye glows, and oxygen makes its glow fade faster.

Blinking light makes the dye blink back a little later. That delay, an angle :math:`\varphi`, is
what the sensor reads. Oxygen shortens it (Stern and Volmer), warmth does too, and a part of the
dye sits where oxygen hardly reaches it:

.. math::
    \frac{\tan \varphi}{\tan \varphi_0(T)} = \frac{f}{1 + K(T)\,c} + \frac{1 - f}{1 + m K(T)\,c}

with the oxygen :math:`c` in % of saturation, the temperature :math:`T` in °C, the reachable share
:math:`f`, and :math:`K(T) = K_{20} (1 + a (T - 20))`. To calibrate is to go the other way: from
angle and temperature to oxygen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.arrays import Array

NOISE_DEG = 0.1
"""Standard deviation of the angle's noise, in degrees."""


@dataclass(frozen=True, eq=False)
class SensorReadings:
    """Readings of one sensor in water whose oxygen is known, in three folds.

    Inputs ``x_*`` have shape (readings, 2): angle in degrees, temperature in °C. Targets ``t_*``
    have shape (readings, 1): oxygen in % of saturation, 0 to 150.
    """

    x_train: Array
    t_train: Array
    x_valid: Array
    t_valid: Array
    x_test: Array
    t_test: Array


def sensor_readings(
    train: int = 120, valid: int = 60, test: int = 400, seed: int = 0
) -> SensorReadings:
    """Return readings of the sensor that hangs in our pond.

    Raises
    ------
    ValueError
        If one of the folds would be empty.
    """
    if min(train, valid, test) < 1:
        raise ValueError(f"folds of {train}, {valid} and {test} readings; each needs at least 1")
    rng = np.random.default_rng(seed)
    folds = [_fold(rows, rng) for rows in (train, valid, test)]
    return SensorReadings(*(array for fold in folds for array in fold))


def _fold(rows: int, rng: np.random.Generator) -> tuple[Array, Array]:
    oxygen, temperature = rng.uniform(0.0, 150.0, rows), rng.uniform(2.0, 35.0, rows)
    angle = _angle(oxygen, temperature) + rng.normal(0.0, NOISE_DEG, rows)
    return np.column_stack([angle, temperature]), oxygen[:, None]


def _angle(oxygen: Array, temperature: Array) -> Array:
    """Return the angle in degrees that a sensor without noise would read."""
    fades = 0.06 * (1.0 + 0.03 * (temperature - 20.0))
    unquenched = np.tan(np.radians(62.0 - 0.2 * (temperature - 20.0)))
    ratio = 0.9 / (1.0 + fades * oxygen) + 0.1 / (1.0 + 0.05 * fades * oxygen)
    degrees: Array = np.degrees(np.arctan(unquenched * ratio))
    return degrees
