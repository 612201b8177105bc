"""Hidden tests of a2_t10: symmetry, and starts that break it.

Scales are judged by 30,000 numbers or more, whose standard deviation is known to 0.4 percent or
better; the nearest mistake is off by more than 20 %.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .promises import TOLERANCE, Array, new_rng, parts_of

SCALE = {"rtol": 0.03}
_SPREAD_OF_TRUNCATED = 0.879626
"""Standard deviation of a standard normal variable between -2 and 2."""


def seed(draw: Draw) -> int:
    """Draw a seed."""
    return int(draw.rng.integers(1, 10**6))


def numbers(got: Any, shape: tuple[int, ...], what: str) -> Array:
    """Return numbers of the student's, once they are known to be finite and of this shape."""
    try:
        array = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    right = array.shape == shape and bool(np.isfinite(array).all())
    expect.true(right, what=f"{what} gives finite numbers of shape {shape}", got=got)
    return array


@pytest.mark.task("a2_t10", points=1)
def test_spread_compares_units_in_weights_and_bias(student: Student, draw: Draw) -> None:
    w = draw.array(draw.integer(2, 4), draw.integer(3, 5))
    b = draw.array(w.shape[1])
    equal_w, equal_b = np.repeat(w[:, :1], w.shape[1], axis=1), np.full(w.shape[1], b[0])
    far_b = b + 5.0 * np.arange(len(b))
    far_w = w.copy()
    far_w[0, 1], far_w[-1, 0] = -5.0, 5.0  # neither two units nor two inputs are farthest apart
    for weights, biases in (
        (far_w, b),
        (w, 0.1 * b),
        (w, far_b),
        (equal_w, equal_b),
        (w[:, :1], b[:1]),
    ):
        both = np.vstack([weights, biases])
        want = float(np.max(np.ptp(both, axis=1)))
        expect.close(
            student.call("unit_spread", weights, biases),
            want,
            what="unit_spread is the largest difference between two units in one of their weights",
            inputs={"w": weights, "b": biases},
            misconceptions={
                "spread-without-bias": float(np.max(np.ptp(weights, axis=1))),
                "inputs-compared": float(np.max(np.ptp(both, axis=0))),
                "spread-of-everything": float(np.ptp(both)),
                "spread-averaged": float(np.mean(np.ptp(both, axis=1))),
                "spread-is-deviation": float(np.max(np.std(both, axis=1))),
            },
            **TOLERANCE,
        )


@pytest.mark.task("a2_t10", points=2)
def test_truncated_normal_redraws_what_lies_beyond(student: Student, draw: Draw) -> None:
    shape = (150, 200)
    sd = draw.number(0.3, 0.8)
    what = "truncated_normal(shape, sd, rng)"
    got = numbers(student.call("truncated_normal", shape, sd, new_rng(student, seed(draw))),
                  shape, what)  # fmt: skip
    z = np.abs(got) / sd
    at_edge = float(np.mean(z > 1.999))
    expect.true(
        bool((z <= 2.0 + 1e-6).all()),
        what="no number lies farther from 0 than 2 sd",
        got=f"the farthest lies at {z.max():.3g} sd",
        hint="sd-rescaled" if abs(z.max() - 2.0 / _SPREAD_OF_TRUNCATED) < 0.03 else "not-truncated",
    )
    expect.true(
        at_edge < 0.01,
        what="numbers beyond 2 sd are drawn again: they do not pile up at the edge",
        got=f"{at_edge:.1%} lie at the edge",
        hint="clipped-for-redrawn",
    )
    expect.true(
        float(np.mean(got == 0.0)) < 0.01,
        what="numbers beyond 2 sd are drawn again: they do not pile up at 0",
        hint="clipped-for-redrawn",
    )
    expect.close(
        float(np.std(got)),
        _SPREAD_OF_TRUNCATED * sd,
        what="between -2 sd and 2 sd the numbers are spread as a normal distribution is",
        misconceptions={
            "uniform-for-normal": 2.0 / np.sqrt(3.0) * sd,
            "sd-rescaled": sd,
            "variance-for-sd": _SPREAD_OF_TRUNCATED * np.sqrt(sd),
        },
        **SCALE,
    )
    expect.true(
        abs(float(np.mean(got))) < 0.025 * sd,
        what="the numbers lie around 0",
        got=float(np.mean(got)),
    )
    # A share of 68.3 % within one sd becomes 71.5 % if what lies beyond two is drawn again.
    expect.close(
        float(np.mean(z < 1.0)),
        0.7152,
        what="about 71.5 % of the numbers lie within one sd",
        **SCALE,
    )


@pytest.mark.task("a2_t10", points=2)
def test_starts_have_the_scale_of_xavier_and_he(student: Student, draw: Draw) -> None:
    sizes = [low + draw.integer(0, 60) for low in (200, 480, 130, 400)]
    for activation in ("tanh", "relu"):
        got = student.call("start_layers", sizes, activation, new_rng(student, seed(draw)))
        layers = parts_of(got, 3, "start_layers returns one pair (w, b) a layer")
        for number, (n_in, n_out) in enumerate(pairwise(sizes)):
            what = f"layer {number + 1} of the sizes {sizes}"
            w = parts_of(layers[number], 2, "start_layers returns one pair (w, b) a layer")[0]
            w = numbers(w, (n_in, n_out), what)
            xavier, he = np.sqrt(2.0 / (n_in + n_out)), np.sqrt(2.0 / n_in)
            want = xavier if activation == "tanh" else he
            expect.close(
                float(w.std()),
                float(want),
                what=f"the weights before a {activation} have the standard deviation asked for",
                inputs={"n_in": n_in, "n_out": n_out, "activation": activation},
                misconceptions={
                    "xavier-and-he-swapped": he if activation == "tanh" else xavier,
                    "fan-out-for-fan-in": np.sqrt(2.0 / n_out),
                    "variance-for-sd": want**2,
                    "root-two-forgotten": want / np.sqrt(2.0),
                    "start-too-small": 0.01,
                },
                **SCALE,
            )
            expect.true(
                abs(float(np.mean(w))) < 0.05 * want,
                what="the weights lie around 0",
                got=float(np.mean(w)),
            )
            # A normal distribution has 4.6 % beyond two standard deviations, a uniform one none.
            expect.true(
                0.03 < float(np.mean(np.abs(w) > 2.0 * want)) < 0.06,
                what="the weights are normally distributed",
                hint="uniform-for-normal",
            )


@pytest.mark.task("a2_t10", points=1)
def test_starts_come_from_rng_with_biases_of_zero(student: Student, draw: Draw) -> None:
    sizes = [3, draw.integer(4, 6), 2]
    first, second = seed(draw), seed(draw)
    for activation in ("tanh", "relu"):
        one, same, other = (
            student.call("start_layers", sizes, activation, new_rng(student, number))
            for number in (first, first, second)
        )
        what = "start_layers returns one pair (w, b) a layer"
        lists = (parts_of(layers, 2, what) for layers in (one, same, other))
        for around, *trio in zip(pairwise(sizes), *lists, strict=True):
            (w, b), (again, _), (unlike, _) = (parts_of(pair, 2, what) for pair in trio)
            w, again, unlike = (numbers(part, around, what) for part in (w, again, unlike))
            expect.close(
                b,
                np.zeros(around[1]),
                what="biases start at 0",
                misconceptions={"biases-at-one": np.ones(around[1])},
            )
            expect.true(
                np.allclose(w, again),
                what=f"equal generators give equal starts, here for the sizes {sizes}",
            )
            expect.true(
                not np.allclose(w, unlike),
                what="another generator gives another start",
                hint="randomness-not-from-rng",
            )
    shape = (2, draw.integer(3, 5))
    drawn = [
        numbers(
            student.call("truncated_normal", shape, 1.0, new_rng(student, number)),
            shape,
            "truncated_normal(shape, sd, rng)",
        )
        for number in (first, first, second)
    ]
    expect.true(np.allclose(drawn[0], drawn[1]), what="equal generators give equal numbers")
    expect.true(
        not np.allclose(drawn[0], drawn[2]),
        what="another generator gives other numbers",
        hint="randomness-not-from-rng",
    )
