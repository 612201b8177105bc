"""The hidden tests' own rules, held against what nobody here wrote."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.graders.a5_parallel_algorithms import linear_rules
from autograder.grading import Draw


@pytest.mark.parametrize("kind", linear_rules.KINDS)
def test_gradients_are_those_of_finite_differences(kind: str) -> None:
    table = linear_rules.draw_table(Draw(3), kind, 9, 2)
    x, y, w, h = table[:, :-1], table[:, -1], np.array([0.3, -0.2]), 1e-6
    losses = {
        "linear": lambda z: 0.5 * (z - y) ** 2,
        "logistic": lambda z: np.log1p(np.exp(-y * z)),
        "hinge": lambda z: np.maximum(0.0, 1 - y * z),
    }

    def total(weights: np.ndarray) -> float:
        return float(losses[kind](x @ weights).sum())

    want = [(total(w + h * unit) - total(w - h * unit)) / (2 * h) for unit in np.eye(2)]
    np.testing.assert_allclose(linear_rules.gradient_sum(kind, table, w), want, rtol=1e-5)
