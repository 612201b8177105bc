"""What standardised columns are, by PyTorch, and what known mistakes make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, Any]


def standardised(train: Array, x: Array) -> Array:
    """Return rows x as measured by training rows with no constant column, by PyTorch."""
    variance, mean = torch.var_mean(torch.tensor(train), dim=0, correction=0)
    measured: Array = torch.nn.functional.batch_norm(torch.tensor(x), mean, variance, eps=0.0)
    return np.asarray(measured)


def learnt(train: Array) -> tuple[Array, Array]:
    """Return mean and spread of each column; the spread of a constant one is 1."""
    constant = np.ptp(train, axis=0) == 0.0
    return train.mean(axis=0), np.where(constant, 1.0, train.std(axis=0))


def _by_rows(train: Array, x: Array) -> Array:
    with np.errstate(all="ignore"):  # a single column has no spread within a row
        return (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)


WRONG: dict[str, Callable[[Array, Array], Array]] = {
    "measured-anew": lambda train, x: (x - learnt(x)[0]) / learnt(x)[1],
    "one-mean-for-all-columns": lambda train, x: (x - train.mean()) / train.std(),
    "spread-is-variance": lambda train, x: (x - learnt(train)[0]) / learnt(train)[1] ** 2,
    "spread-divides-by-one-less": lambda train, x: (
        (x - train.mean(axis=0)) / train.std(axis=0, ddof=1)
    ),
    "mean-not-subtracted": lambda train, x: x / learnt(train)[1],
    "spread-not-divided": lambda train, x: x - learnt(train)[0],
    "rows-standardised": _by_rows,
}
"""Hint -> what this mistake makes of rows x after training rows."""
