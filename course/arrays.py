"""The array type of the course, and the checks that turn a wrong shape into words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
"""An array of 64-bit floating-point numbers."""


def as_rows(values: ArrayLike, columns: int, name: str) -> Array:
    """Return ``values`` as float64 rows, one row a sample.

    Parameters
    ----------
    values
        Shape (samples, columns).
    columns
        How many columns a row must have.
    name
        What the caller calls these values; it stands in the error.

    Raises
    ------
    ValueError
        If the shape is another one.
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != columns:
        hint = "; .reshape(-1, 1) makes it a column" if rows.ndim == 1 and columns == 1 else ""
        raise ValueError(
            f"{name} has shape {rows.shape}, but one row a sample is expected, "
            f"with {columns} column{'s' if columns != 1 else ''}: (samples, {columns}){hint}"
        )
    return rows
