"""Gradient descent for the three linear models, with torch's derivatives as an oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from autograder.grading import Draw

KINDS = ("linear", "logistic", "hinge")


def draw_table(draw: Draw, kind: str, rows: int, features: int) -> Any:
    """Draw features and, as the last column, targets that fit the kind."""
    x = draw.array(rows, features, low=-2.0, high=2.0)
    y = draw.array(rows, low=-3.0, high=3.0)
    return np.column_stack([x, y if kind == "linear" else np.where(y > 0, 1.0, -1.0)])


def draw_rows_of_all_margins(draw: Draw, kind: str, w: Any) -> Any:
    """Draw seven rows; those from 1 to 5 have one margin y z in each of [-2, -1), ..., [1, 2).

    The losses change their form at 0 and 1, so mistakes there show on every draw.
    """
    while True:
        table = draw_table(draw, kind, 80, len(w))
        whole = np.floor(table[:, -1] * (table[:, :-1] @ w))
        found = [np.flatnonzero(whole == margin)[:1] for margin in (-2, -1, 0, 1)]
        if all(len(row) for row in found):
            return np.vstack([table[:1], *(table[row] for row in found), table[1:3]])


def gradient_sum(kind: str, table: Any, w: Any) -> Any:
    """Return the summed gradient, differentiated by torch."""
    rows = torch.from_numpy(np.array(table, dtype=np.float64))
    weights = torch.tensor(np.asarray(w, dtype=np.float64), requires_grad=True)
    z, y = rows[:, :-1] @ weights, rows[:, -1]
    if kind == "linear":
        loss = 0.5 * (z - y) ** 2
    elif kind == "logistic":
        loss = torch.nn.functional.softplus(-y * z)
    else:
        loss = torch.clamp(1 - y * z, min=0)
    loss.sum().backward()
    return weights.grad.numpy()


def descend(kind: str, table: Any, steps: int, rate: float, divide: float | None = None) -> Any:
    """Return the weights after some steps with the mean gradient (or another divisor)."""
    w = np.zeros(table.shape[1] - 1)
    for _ in range(steps):
        w = w - rate * gradient_sum(kind, table, w) / (divide or len(table))
    return w


def descend_mean_of_means(kind: str, table: Any, steps: int, rate: float, chunk: int) -> Any:
    """Return the weights if the mean over chunks of the means over rows is taken."""
    parts = [table[at : at + chunk] for at in range(0, len(table), chunk)]
    w = np.zeros(table.shape[1] - 1)
    for _ in range(steps):
        w = w - rate * np.mean([gradient_sum(kind, p, w) / len(p) for p in parts], axis=0)
    return w
