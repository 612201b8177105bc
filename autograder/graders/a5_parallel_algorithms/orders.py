"""Orders of the steps of a matrix product, as students return them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.grading import expect


def steps_of(got: Any) -> Any:
    """Return steps as an array of shape (steps, 3); anything else fails the test."""
    what = "the steps are an array of whole numbers with rows (i, l, j)"
    try:
        steps = np.asarray(got)
    except (TypeError, ValueError):  # rows of different lengths, or no plain data
        steps = np.zeros(0)
    good = steps.ndim == 2 and steps.shape[1] == 3 and steps.dtype.kind in "iu"
    expect.true(good, what=what, got=f"shape {steps.shape}, dtype {steps.dtype}")
    return steps.astype(np.int64)


def expect_every_step_once(steps: Any, n: int, k: int, m: int) -> None:
    """Expect each (i, l, j) exactly once."""
    inputs = {"n": n, "k": k, "m": m}
    inside = ((steps >= 0) & (steps < (n, k, m))).all()
    swapped = ((steps >= 0) & (steps < (n, m, k))).all()
    expect.true(
        inside,
        what="i, l and j are indices of the matrices",
        inputs=inputs,
        hint="columns-swapped" if swapped else None,
    )
    found = len(np.unique(steps, axis=0))
    expect.true(
        found == n * k * m,
        what="every step occurs",
        got=f"{found} different steps",
        expected=n * k * m,
        inputs=inputs,
        hint="tile-rest-lost",
    )
    expect.true(len(steps) == found, what="no step occurs twice", inputs=inputs)
