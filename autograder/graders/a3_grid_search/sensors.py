"""Sensors that exist only here, and a workshop that trains networks for them and counts.

Their dyes, lamps and temperatures are drawn, so that no calibration of one fits another, nor the
sensor in ``course``. The networks are those of ``course``, trained on this side: a student's
process cannot train one without being counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.grading import Draw, expect
from course.workshop import train_network

from .plain import Array, number, numbers, whole_numbers


@dataclass(frozen=True)
class Sensor:
    """Readings of one sensor, and new ones without noise to judge by."""

    x_train: Array
    t_train: Array
    x_valid: Array
    t_valid: Array
    x_new: Array
    t_new: Array

    @property
    def readings(self) -> tuple[Array, Array, Array, Array]:
        """What a calibration is handed."""
        return self.x_train, self.t_train, self.x_valid, self.t_valid

    def share(self, oxygen: Array) -> float:
        """Return the root mean squared error in standard deviations of the true oxygen."""
        return float(np.sqrt(np.mean((oxygen - self.t_new) ** 2)) / self.t_new.std())


def new_sensor(draw: Draw, train: int = 120, valid: int = 60, new: int = 300) -> Sensor:
    """Draw a sensor and its readings."""
    rng = draw.rng
    fades = rng.uniform(0.05, 0.11)
    per_degree = rng.choice([-1.0, 1.0]) * rng.uniform(0.02, 0.035)
    angle, angle_per_degree = rng.uniform(56.0, 66.0), rng.uniform(-0.25, 0.25)
    reached, rest = rng.uniform(0.88, 0.95), rng.uniform(0.04, 0.08)

    def fold(rows: int, noise: float) -> tuple[Array, Array]:
        oxygen, degrees = rng.uniform(0.0, 150.0, rows), rng.uniform(2.0, 35.0, rows)
        k = fades * (1.0 + per_degree * (degrees - 20.0)) * oxygen
        ratio = reached / (1.0 + k) + (1.0 - reached) / (1.0 + rest * k)
        tangent = np.tan(np.radians(angle + angle_per_degree * (degrees - 20.0)))
        read = np.degrees(np.arctan(tangent * ratio)) + rng.normal(0.0, noise, rows)
        return np.column_stack([read, degrees]), oxygen[:, None]

    return Sensor(*fold(train, 0.07), *fold(valid, 0.07), *fold(new, 0.0))


@dataclass
class CountingWorkshop:
    """Trains as ``course.Workshop`` does, and notes each configuration.

    Attributes
    ----------
    budget
        After so many trainings, one more fails the test.
    configs
        What was trained.
    steps
        How many steps a training takes; fewer where only the counting matters.
    """

    budget: int
    steps: int = 120
    configs: list[dict[str, Any]] = field(default_factory=list)

    def train(self, config: Any, x: Any, t: Any) -> Callable[[Any], Array]:
        """Train a network and return what it predicts by."""
        plain = self._checked(config)
        what = "train is given inputs of shape (n, n_in) and targets of shape (n, n_out)"
        rows, targets = numbers(x, what, ndim=2), numbers(t, what, ndim=2)
        fits = 0 < len(rows) == len(targets) <= 1000 and 0 < rows.shape[1] <= 20
        expect.true(fits and 0 < targets.shape[1] <= 5, what=what, got=[rows.shape, targets.shape])
        expect.true(
            len(self.configs) < self.budget,
            what="there are no more trainings than the budget allows",
            inputs={"budget": self.budget},
            hint="budget-overspent",
        )
        self.configs.append(plain)
        predict = train_network(plain, rows, targets, self.steps)

        def model(places: Any) -> Array:
            what = f"a model is given readings of shape (n, {rows.shape[1]})"
            asked = numbers(places, what, ndim=2)
            expect.true(asked.shape[1] == rows.shape[1], what=what, got=asked.shape)
            with np.errstate(all="ignore"):
                return predict(asked)

        return model

    def _checked(self, config: Any) -> dict[str, Any]:
        what = (
            "a configuration has layers (up to 4 widths from 1 to 64), lr (above 0, at most 10) "
            "and perhaps decay (0 to 10)"
        )
        names = set(config) if isinstance(config, dict) else set()
        expect.true({"layers", "lr"} <= names <= {"layers", "lr", "decay"}, what=what, got=config)
        layers = whole_numbers(config["layers"], what)
        lr, decay = number(config["lr"], what), number(config.get("decay", 0.0), what)
        legal = len(layers) <= 4 and all(1 <= width <= 64 for width in layers)
        legal = legal and 0.0 < lr <= 10.0 and 0.0 <= decay <= 10.0
        expect.true(legal, what=what, got=config)
        return {"layers": layers, "lr": lr, "decay": decay}
