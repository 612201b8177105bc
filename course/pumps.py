"""Pumps of a waterworks: four readings of each, and whether it failed within a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.arrays import Array

PUMP_FEATURES = ("temperature", "pressure", "vibration", "age")
"""In degrees Celsius, bar, millimetres a second, and years."""

_MIDDLE = np.array([60.0, 4.0, 2.5, 8.0])
_SPREAD = np.array([12.0, 0.6, 0.9, 4.0])


def pump_readings(count: int = 400, seed: int = 0) -> tuple[Array, Array]:
    """Return readings, shape (count, 4), and 1.0 for each pump that failed, shape (count,).

    A pump fails where heat and vibration come together, or low pressure and age.
    """
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((count, len(PUMP_FEATURES)))
    trouble = 1.6 * z[:, 0] * (z[:, 2] > 0) + 1.2 * z[:, 2] - 1.1 * z[:, 1] * (z[:, 3] > 0) - 1.0
    failed = rng.random(count) < 1.0 / (1.0 + np.exp(-2.0 * trouble))
    return _MIDDLE + _SPREAD * z, failed.astype(np.float64)


def pump_model(seed: int = 0, units: int = 6, steps: int = 200) -> dict[str, Any]:
    """Train a small network on the readings; return all that a prediction needs, as one dict.

    ===========  ==================================================================
    ``version``  a name for this training, such as ``"pumps-0"``
    ``features``  names of the readings, in the order of the columns
    ``mean``     of each reading, shape (4,), in its own unit
    ``scale``    standard deviation of each, shape (4,), likewise
    ``layers``   pairs (weights, bias) of shapes (inputs, outputs) and (outputs,):
                 tanh after each but the last, the logistic function after the last
    ===========  ==================================================================
    """
    readings, failed = pump_readings(seed=seed)
    rng = np.random.default_rng(seed)
    mean, scale = readings.mean(axis=0), readings.std(axis=0)
    z, t = (readings - mean) / scale, failed[:, None]
    w1, b1 = rng.standard_normal((z.shape[1], units)) * 0.5, np.zeros(units)
    w2, b2 = rng.standard_normal((units, 1)) * 0.5, np.zeros(1)
    for _ in range(steps):  # plain gradient descent on the log loss
        hidden = np.tanh(z @ w1 + b1)
        slope = (1.0 / (1.0 + np.exp(-(hidden @ w2 + b2))) - t) / len(t)
        back = slope @ w2.T * (1.0 - hidden**2)
        for weights, change in ((w2, hidden.T @ slope), (b2, slope.sum(axis=0)),
                                (w1, z.T @ back), (b1, back.sum(axis=0))):  # fmt: skip
            weights -= 1.5 * change
    return {
        "version": f"pumps-{seed}",
        "features": list(PUMP_FEATURES),
        "mean": mean,
        "scale": scale,
        "layers": [(w1, b1), (w2, b2)],
    }
