"""How a vector is cut into matrices, and what known mistakes cut instead.

The right rule is numpy's own ``split``, which takes the positions of all cuts at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Shapes = Sequence[tuple[int, ...]]


def cut(flat: Array, shapes: Shapes) -> list[Array]:
    """Return arrays of these shapes with the entries of a vector, one after the other."""
    ends = np.cumsum([math.prod(shape) for shape in shapes], dtype=int)
    parts = np.split(flat, ends)[: len(shapes)]  # what is left of the vector is the last part
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def shapes_of(sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the shape of the matrix of every layer, bias row included."""
    return [(n_in + 1, n_out) for n_in, n_out in pairwise(sizes)]


def count_of(sizes: Sequence[int]) -> int:
    """Return how many weights layers of these sizes have."""
    return sum(math.prod(shape) for shape in shapes_of(sizes))


def _columns_first(flat: Array, sizes: Sequence[int]) -> list[Array]:
    turned = cut(flat, [(columns, rows) for rows, columns in shapes_of(sizes)])
    return [matrix.T for matrix in turned]


WRONG: dict[str, Callable[[Array, Sequence[int]], list[Array]]] = {
    "bias-row-missing": lambda flat, sizes: cut(flat, list(pairwise(sizes))),
    "layers-transposed": lambda flat, sizes: cut(
        flat, [(columns, rows) for rows, columns in shapes_of(sizes)]
    ),
    "column-by-column": _columns_first,
    "every-view-from-the-start": lambda flat, sizes: [
        cut(flat, [shape])[0] for shape in shapes_of(sizes)
    ],
}
"""Hint -> what this mistake makes of a vector and sizes."""
