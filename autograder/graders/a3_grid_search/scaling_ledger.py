"""Takes note of who saw which row in a cross-validation, in raw or scaled form.

Every row has a number, told by its first column; every scaler writes with its own ink (a factor
and a shift that no other scaler has), so that a scaled row tells both its number and its scaler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.grading import expect

from .plain import Array, numbers

RAW = -1
"""The ink of a row that no scaler has touched."""


@dataclass
class ScalingLedger:
    """Scalers, models and errors for one cross-validation, and a note of each.

    Attributes
    ----------
    x, t
        The rows, shape (rows, 2), and their targets, shape (rows,).
    scalers
        For each scaler the numbers of the rows it was made from.
    fits, errors
        For each training and each measurement: the model's number, the ink, the rows' numbers.
    """

    x: Array
    t: Array
    answers: Array
    scalers: list[list[int]] = field(default_factory=list)
    fits: list[tuple[int, list[int], list[int]]] = field(default_factory=list)
    errors: list[tuple[int, list[int], list[int]]] = field(default_factory=list)

    def make_scaler(self, rows: Any) -> Callable[[Any], Array]:
        """Note who is seen, and return a function that scales."""
        ink, seen = self._read(rows)
        expect.true(
            set(ink) <= {RAW}, what="make_scaler is given rows of x as they are, not scaled ones"
        )
        number = len(self.scalers)
        self.scalers.append(seen)

        def scale(rows: Any) -> Array:
            inks, numbers_of = self._read(rows)
            expect.true(
                set(inks) <= {RAW}, what="scale is given rows of x as they are, not scaled ones"
            )
            return self._written(number, numbers_of)

        return scale

    def fit(self, rows: Any, targets: Any) -> str:
        """Note what a model is trained on, and return it."""
        inks, seen = self._read(rows)
        self._expect_targets(targets, seen)
        self.fits.append((len(self.fits), inks, seen))
        return f"model {len(self.fits) - 1}"

    def error(self, model: Any, rows: Any, targets: Any) -> float:
        """Note on what a model is measured, and return the error in store for that."""
        names = [f"model {number}" for number in range(len(self.fits))]
        known = isinstance(model, str) and model in names
        expect.true(known, what="error is given a model that fit returned", got=model)
        inks, seen = self._read(rows)
        self._expect_targets(targets, seen)
        self.errors.append((names.index(model), inks, seen))
        return float(self.answers[(len(self.errors) - 1) % self.answers.size])

    def _written(self, ink: int, rows: list[int]) -> Array:
        factor, shift = 2.0 + ink, 1000.0 * (ink + 1)
        return factor * self.x[rows] + shift

    def _read(self, rows: Any) -> tuple[list[int], list[int]]:
        """Return ink and number of each row."""
        what = "rows are handed on as rows of x: an array of shape (n, 2)"
        array = numbers(rows, what, ndim=2)
        expect.true(array.shape[1] == 2 or not array.size, what=what, got=array.shape)
        everyone = list(range(len(self.x)))
        known = {
            round(float(value[0]), 6): (ink, row)
            for ink in (RAW, *range(len(self.scalers)))
            for row, value in enumerate(self.x if ink == RAW else self._written(ink, everyone))
        }
        found = [known.get(round(float(value), 6)) for value in array[:, 0]]
        expect.true(
            None not in found,
            what="every row that is handed on is a row of x, as it is or as scale returned it",
        )
        return [pair[0] for pair in found if pair], [pair[1] for pair in found if pair]

    def _expect_targets(self, targets: Any, rows: list[int]) -> None:
        got = numbers(targets, "targets are handed on as numbers, one for each row", ndim=1)
        expect.true(
            got.shape == (len(rows),) and bool(np.allclose(got, self.t[rows])),
            what="each row is handed on together with its own target",
            got=got,
            expected=self.t[rows],
        )
