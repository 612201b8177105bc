"""Slopes of a linear model by PyTorch, and Pareto fronts, right and mistaken."""

from __future__ import annotations

import numpy as np
import torch

from .plain import Array


def slopes_by_torch(z: Array, t: Array) -> Array:
    """Return the slopes of the best linear model with a constant, by PyTorch."""
    ones = np.column_stack([np.ones(len(z)), z])
    return torch.linalg.lstsq(torch.tensor(ones), torch.tensor(t[:, None])).solution[1:, 0].numpy()


def standardised(x: Array, ddof: int = 0) -> Array:
    """Return columns of mean 0 and standard deviation 1."""
    return (x - x.mean(axis=0)) / x.std(axis=0, ddof=ddof)


def front(table: Array) -> list[int]:
    """Return the numbers of the rows (accuracy, cost, latency) that no other row beats."""
    good = np.column_stack([-table[:, 0], table[:, 1], table[:, 2]])
    found = []
    for i, one in enumerate(good):
        beaten = [
            all(a <= b for a, b in zip(other, one, strict=True))
            and any(a < b for a, b in zip(other, one, strict=True))
            for other in good
        ]
        if not any(beaten) and not np.isnan(one).any():
            found.append(i)
    return found


def wrong_fronts(table: Array) -> dict[str, list[int]]:
    """Return the fronts that known mistakes find, where they differ from the right one."""
    upside_down = front(table * [-1.0, 1.0, 1.0])
    without_latency = front(np.column_stack([table[:, :2], np.zeros(len(table))]))
    good = np.column_stack([-table[:, 0], table[:, 1:]])
    strictly = [i for i, one in enumerate(good) if not any((other < one).all() for other in good)]
    weakly = [
        i
        for i, one in enumerate(good)
        if not any((other <= one).all() for j, other in enumerate(good) if j != i)
    ]
    lowest = good.min(axis=0)
    extremes = [i for i, one in enumerate(good) if (one == lowest).any()]
    wrong = {
        "accuracy-upside-down": upside_down,
        "latency-forgotten": without_latency,
        "beaten-in-all-three": strictly,
        "equals-beat-each-other": weakly,
        "best-in-one-only": extremes,
    }
    return {name: value for name, value in wrong.items() if value != front(table)}
