"""Landscapes and optimizers on the grader's side, which take down everything they are asked.

An optimizer must be an object with a method ``step`` in the student's process. Here it is an object
of ``course`` whose ``step`` is replaced: by one that runs here and takes notes, or by one that runs
there and writes in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.grading import Draw, Handle, Student

Array = np.ndarray[Any, Any]


class Bowl:
    """The loss w·H·w / 2, whose slope is H·w; ``asked`` holds the weights it was asked for."""

    def __init__(self, curvature: Array) -> None:
        self.curvature = curvature
        self.asked: list[Array] = []

    def gradient(self, w: Any) -> Array:
        """Return the slope at the weights, whatever the student's code sends."""
        self.asked.append(as_numbers(w, self.curvature.shape[:1]))
        slopes: Array = self.curvature @ self.asked[-1]
        return slopes

    def descent(self, w0: Array, lr: float, steps: int) -> Array:
        """Return the path of plain descent, shape (steps + 1, n), with no loop over steps.

        Along each eigenvector with eigenvalue h, every step multiplies by 1 - lr h.
        """
        h, directions = np.linalg.eigh(self.curvature)
        shrinks = (1.0 - lr * h) ** np.arange(steps + 1)[:, None]
        path: Array = (shrinks * (directions.T @ w0)) @ directions.T
        return path


class Walker:
    """Descent with momentum that takes down from where it was asked to step."""

    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        self.lr, self.momentum = lr, momentum
        self.velocity: Any = 0.0
        self.came_from: list[Array] = []

    def step(self, w: Any, g: Any) -> Array:
        """Return new weights, whatever the student's code sends."""
        shape = w.shape if isinstance(w, np.ndarray) else (0,)
        w, g = as_numbers(w, shape), as_numbers(g, shape)
        self.came_from.append(w)
        self.velocity = self.momentum * self.velocity + g
        new: Array = w - self.lr * self.velocity
        return new

    def path(self, bowl: Bowl, w0: Array, steps: int) -> Array:
        """Return the path of such a walker from rest, shape (steps + 1, n)."""
        walker, rows = Walker(self.lr, self.momentum), [w0]
        for _ in range(steps):
            rows.append(walker.step(rows[-1], bowl.curvature @ rows[-1]))
        return np.array(rows)


def as_numbers(value: Any, shape: tuple[int, ...] | None = None) -> Array:
    """Return numbers as float64, of this shape if one is given, and anything else as nan."""
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        array = np.array(np.nan)
    return array if shape is None or array.shape == shape else np.full(shape, np.nan)


def steep_bowl(draw: Draw, size: int) -> Bowl:
    """Draw a bowl that is steep one way and flat another, along no axis; its steepest is 4 to 9."""
    directions, _ = np.linalg.qr(draw.array(size, size) + 2.0 * np.eye(size))
    h = np.geomspace(draw.number(4.0, 9.0), draw.number(0.3, 0.8), size)
    return Bowl((directions * h) @ directions.T)


def optimizer_with(student: Student, step: Callable[..., Any] | Handle) -> Handle:
    """Return an object in the student's process that steps as told."""
    optimizer: Handle = student.get("course").new("StandInAdam")
    optimizer.set("step", step)
    return optimizer


def step_in_place(student: Student) -> Handle:
    """Return a step that subtracts the slopes from w itself and returns w, as ``w -= g`` does.

    Many optimizers write into the weights they are given. It has to run where the weights are.
    """
    in_place: Handle = student.get("np").get("ndarray").get("__isub__")
    return in_place
