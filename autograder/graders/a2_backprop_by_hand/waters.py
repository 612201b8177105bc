"""Points to classify that exist only here: other Vs and other rivers than the course's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.grading import Draw

Array = np.ndarray[Any, Any]
Rule = Callable[[Array, Array], Array]
"""(points, blur of each) -> classes."""

_TRAIN, _VALID, _JUDGED = 240, 80, 500


@dataclass(frozen=True)
class Task:
    """Points to learn from, and new ones with the classes that no blur has touched."""

    x_train: Array
    labels_train: Array
    x_valid: Array
    labels_valid: Array
    places: Array
    truth: Array

    @property
    def samples(self) -> tuple[Array, Array, Array, Array]:
        """What ``fit_classes`` takes, in its order."""
        return self.x_train, self.labels_train, self.x_valid, self.labels_valid

    def accuracy(self, labels: Array) -> float:
        """Return the share of new points whose class is right."""
        return float(np.mean(labels == self.truth))

    def in_metres(self) -> Task:
        """Return the same task on a map in metres that begins far from zero."""
        moved = {
            name: 1000.0 * getattr(self, name) + np.array([450_000.0, 120_000.0])
            for name in ("x_train", "x_valid", "places")
        }
        return replace(self, **moved)


def some_v(draw: Draw) -> Task:
    """Draw a V that is turned and opened otherwise than the course's."""
    angle, slope = draw.rng.uniform(0.5, 5.5), draw.rng.uniform(1.0, 2.0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def inside(x: Array, blur: Array) -> Array:
        across, along = (x @ turn).T
        return (along > slope * np.abs(across) - 1.0 + blur).astype(np.int64)

    return _measure(draw, inside)


def some_river(draw: Draw, *, banks: bool = False) -> Task:
    """Draw a river with bends of its own; with ``banks``, its two sides are classes apart."""
    bends, shift = draw.rng.uniform(1.8, 2.6), draw.rng.uniform(0.0, 2.0 * np.pi)
    width = draw.rng.uniform(0.45, 0.6)
    flows_north = bool(draw.rng.integers(2))

    def side(x: Array, blur: Array) -> Array:
        along, across = x.T if not flows_north else x.T[::-1]
        beside = across - np.sin(bends * along + shift) + blur
        if banks:
            return np.digitize(beside, [-width, width]).astype(np.int64)
        return (np.abs(beside) < width).astype(np.int64)

    return _measure(draw, side)


def _measure(draw: Draw, rule: Rule) -> Task:
    x = draw.rng.uniform(-2.0, 2.0, size=(_TRAIN + _VALID, 2))
    labels = rule(x, 0.1 * draw.rng.standard_normal(len(x)))
    places = draw.rng.uniform(-2.0, 2.0, size=(_JUDGED, 2))
    truth = rule(places, np.zeros(_JUDGED))
    return Task(x[:_TRAIN], labels[:_TRAIN], x[_TRAIN:], labels[_TRAIN:], places, truth)
