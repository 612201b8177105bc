"""Epochs of the student's, taken apart, and the slopes of a linear model, right and mistaken.

The right slopes come from PyTorch's automatic differentiation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.grading import Handle, Student, StudentRaised, expect

from .promises import Array, finite

Batches = list[tuple[Array, Array]]


def generator(student: Student, seed: int) -> Handle:
    """Make a random generator in the student's process, for it cannot cross."""
    return student.get("np").get("random").new("default_rng", seed)


def epoch(student: Student, x: Any, t: Any, size: int | None, rng: Handle, rows: int) -> Batches:
    """Return the batches of one epoch, one asked for after the other.

    One that never ends is given up after more batches than there are rows.
    """
    batches = student.new("minibatches", x, t, size, rng).new("__iter__")
    pairs: Batches = []
    while len(pairs) < rows + 2:
        try:
            pair = batches.call("__next__")
        except StudentRaised as raised:
            if raised.type_name == "StopIteration":
                return pairs
            raise
        pairs.append(_pair(pair))
    expect.true(False, what="an epoch ends when every row has come once", got=f"{len(pairs)} pairs")
    return pairs


def _pair(pair: Any) -> tuple[Array, Array]:
    """Return inputs and targets of a batch, once they are known to be rows."""
    what = "each batch is a pair of arrays (x_batch, t_batch) with as many rows"
    expect.true(isinstance(pair, list | tuple) and len(pair) == 2, what=what, got=pair)
    x, t = (finite(part, np.shape(part) if _is_array(part) else (-1,), what) for part in pair)
    expect.true(x.ndim == t.ndim == 2 and len(x) == len(t), what=what, got=[x.shape, t.shape])
    return x, t


def _is_array(value: Any) -> bool:
    return hasattr(value, "shape")


def numbered(rows: int) -> tuple[Array, Array]:
    """Return inputs that say which row they are, and targets that say it, too."""
    number = np.arange(rows, dtype=np.float64).reshape(-1, 1)
    return np.hstack([number, -number]), 10.0 * number


def order_of(batches: Batches) -> list[int]:
    """Return the numbers of the rows in the order in which they came."""
    return [int(number) for x, _ in batches for number in x[:, 0]]


def slopes(w: Array, x: Array, t: Array) -> Array:
    """Return the slopes of the mean squared error, by PyTorch."""
    weights = torch.tensor(w, requires_grad=True)
    answers = torch.tensor(x) @ weights[1:] + weights[0]
    torch.nn.functional.mse_loss(answers, torch.tensor(t)).backward()
    assert weights.grad is not None
    return weights.grad.numpy()


def _sums(w: Array, x: Array, t: Array) -> Array:
    return slopes(w, x, t) * len(x)


def _bias_last(w: Array, x: Array, t: Array) -> Array:
    return np.roll(slopes(np.roll(w, 1, axis=0), x, t), -1, axis=0)


WRONG_SLOPES: dict[str, Callable[[Array, Array, Array], Array]] = {
    "missing-mean": _sums,
    "two-missing": lambda w, x, t: slopes(w, x, t) / 2.0,
    "gradient-turned": lambda w, x, t: -slopes(w, x, t),
    "bias-row-last": _bias_last,
    "mean-over-weights": lambda w, x, t: _sums(w, x, t) / len(w),
}
"""Hint -> the slopes that this mistake gives."""
