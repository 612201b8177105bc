"""Hidden tests of a2_t7: penalties, the budget, dropout."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, expect

from .networks import Layers, some_case
from .promises import TOLERANCE, Array, expect_unchanged, new_rng, parts_of

MANY = (100, 80)
"""Entries enough that the share of those dropped is known to a hundredth or so."""


def some_layers(draw: Draw) -> Layers:
    """Draw two layers whose biases are large, so that penalising them shows."""
    return [(w, 3.0 + b) for w, b in some_case(draw, depth=2).layers]


@pytest.mark.task("a2_t7", points=1)
def test_penalty_adds_up_weights_but_no_biases(student: Student, draw: Draw) -> None:
    layers = some_layers(draw)
    for l1, l2 in ((0.0, draw.number(0.2, 0.9)), (draw.number(0.2, 0.9), 0.0), (0.3, 0.5)):
        size, squares = (sum(float(np.sum(f(w))) for w, _ in layers) for f in (np.abs, np.square))
        biases = sum(float(l1 * np.abs(b).sum() + l2 * (b**2).sum()) for _, b in layers)
        want = l1 * size + l2 * squares
        expect.close(
            student.call("penalty", layers, l1=l1, l2=l2),
            want,
            what="the penalty is l1 times the sum of |w| plus l2 times the sum of w**2",
            inputs={"layers": layers, "l1": l1, "l2": l2},
            misconceptions={
                "bias-penalised": want + biases,
                "half-in-l2": l1 * size + 0.5 * l2 * squares,
                "penalty-averaged": sum(
                    float(l1 * np.abs(w).mean() + l2 * (w**2).mean()) for w, _ in layers
                ),
                "root-of-squares": l1 * size + l2 * sum(np.linalg.norm(w) for w, _ in layers),
                "l1-and-l2-swapped": l2 * size + l1 * squares,
                "only-one-layer": float(
                    l1 * np.abs(layers[0][0]).sum() + l2 * (layers[0][0] ** 2).sum()
                ),
            },
            **TOLERANCE,
        )

    for given in ({}, {"l1": 0.5}, {"l2": 0.5}):
        want = given.get("l1", 0.0) * size + given.get("l2", 0.0) * squares
        expect.close(
            student.call("penalty", layers, **given),
            want,
            what="a factor that is not given is 0",
            inputs={"layers": layers, **given},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t7", points=2)
def test_penalty_slopes_belong_to_the_penalty(student: Student, draw: Draw) -> None:
    layers = some_layers(draw)
    layers[0][0][0, 0] = 0.0  # neither up nor down is away from zero here
    for l1, l2 in ((0.0, draw.number(0.2, 0.9)), (draw.number(0.2, 0.9), 0.0), (0.3, 0.5)):
        what = "penalty_slopes returns a pair (dw, db) for each layer"
        got = parts_of(student.call("penalty_slopes", layers, l1=l1, l2=l2), len(layers), what)
        for number, (w, b) in enumerate(layers):
            dw, db = parts_of(got[number], 2, what)
            expect.close(
                dw,
                l1 * np.sign(w) + 2.0 * l2 * w,
                what="the slope of a weight's penalty is that of l1 |w| + l2 w**2, 0 at w = 0",
                inputs={"w": w, "l1": l1, "l2": l2},
                misconceptions={
                    "half-in-l2": l1 * np.sign(w) + l2 * w,
                    "sign-forgotten": l1 + 2.0 * l2 * w,
                    "sign-of-zero": l1 * np.where(w >= 0.0, 1.0, -1.0) + 2.0 * l2 * w,
                    "slope-sign": -l1 * np.sign(w) - 2.0 * l2 * w,
                    "l1-and-l2-swapped": l2 * np.sign(w) + 2.0 * l1 * w,
                },
                **TOLERANCE,
            )
            expect.close(
                db,
                np.zeros(b.shape),
                what="biases are not penalised, so their slopes are 0",
                inputs={"b": b, "l1": l1, "l2": l2},
                misconceptions={"bias-penalised": l1 * np.sign(b) + 2.0 * l2 * b},
            )

    w = layers[1][0]
    for given in ({}, {"l1": 0.5}, {"l2": 0.5}):
        got = parts_of(student.call("penalty_slopes", layers, **given), len(layers), what)
        expect.close(
            parts_of(got[1], 2, what)[0],
            given.get("l1", 0.0) * np.sign(w) + 2.0 * given.get("l2", 0.0) * w,
            what="a factor that is not given is 0",
            inputs={"w": w, **given},
            misconceptions={
                "half-in-l2": given.get("l1", 0.0) * np.sign(w) + given.get("l2", 0.0) * w
            },
            **TOLERANCE,
        )


@pytest.mark.task("a2_t7", points=1)
def test_weights_beyond_the_budget_come_back_to_its_edge(student: Student, draw: Draw) -> None:
    w = draw.array(draw.integer(2, 4), 3, low=0.5, high=1.5)
    length = float(np.linalg.norm(w))
    for radius in (0.5 * length, 2.0 * length):
        want = w * min(1.0, radius / length)
        expect.close(
            student.call("within_budget", w, radius),
            want,
            what="weights longer than the radius are shortened to it, and others stay",
            inputs={"w": w, "radius": radius},
            misconceptions={
                "budget-always-spent": w * radius / length,
                "entries-clipped": np.clip(w, -radius, radius),
                "budget-per-unit": w
                * np.minimum(1.0, radius / np.linalg.norm(w, axis=0, keepdims=True)),
            },
            **TOLERANCE,
        )
    expect.close(
        student.call("within_budget", np.zeros((2, 3)), 1.0),
        np.zeros((2, 3)),
        what="weights that are all zero are within any budget",
        inputs={"w": np.zeros((2, 3)), "radius": 1.0},
    )
    held = student.put(w)
    kept = student.new("within_budget", held, 2.0 * length)
    kept.call("fill", 9.0)  # as an optimizer does that writes into its weights
    expect.unchanged(
        held, w, what="within_budget returns a new array", hint="budget-returns-its-argument"
    )


def new_dropout(student: Student, draw: Draw, rate: float) -> Handle:
    """Make a dropout layer of the student's with its own generator."""
    return student.new("Dropout", rate, new_rng(student, draw.integer(1, 10**6)))


def finite(got: Any, x: Array) -> Array:
    """Return what came in the shape of x, once it is known to be finite numbers of that shape."""
    try:
        array = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    expect.true(
        array.shape == x.shape and bool(np.isfinite(array).all()),
        what="forward and backward return finite numbers in the shape of what they are given",
        got=got,
    )
    return array


@pytest.mark.task("a2_t7", points=2)
def test_dropped_entries_are_zero_and_the_others_scaled_up(student: Student, draw: Draw) -> None:
    for rate in (draw.choice((0.2, 0.3)), 0.6, 0.0):
        x = draw.array(*MANY, low=1.0, high=3.0)
        got = finite(new_dropout(student, draw, rate).call("forward", x), x)
        kept = got != 0.0
        share = float(kept.mean())
        # Of 8000 entries the share of those kept has a standard deviation of at most 0.0056.
        expect.true(
            abs(share - (1.0 - rate)) < 0.04,
            what=f"with rate {rate}, about {rate:.0%} of all entries are dropped",
            got=f"{1.0 - share:.1%} dropped",
            hint="rate-is-kept-share" if abs(share - rate) < 0.04 else None,
        )
        factor = got[kept] / x[kept]
        scale = 1.0 / (1.0 - rate)
        hints = {
            1.0: "not-rescaled",
            1.0 - rate: "rescaled-the-wrong-way",
            rate: "rescaled-by-rate",
        }
        seen = [hint for value, hint in hints.items() if np.allclose(factor, value, rtol=1e-3)]
        expect.true(
            bool(np.allclose(factor, scale, rtol=1e-4)),
            what="entries that are kept are scaled up so that the mean stays what it was",
            got=f"factor {factor.flat[0]:.4g}",
            expected=f"factor {scale:.4g}",
            inputs={"rate": rate},
            hint=seen[0] if seen else None,
        )
        per_row, per_column = kept.mean(axis=1), kept.mean(axis=0)
        spread = max(float(per_row.std()), float(per_column.std()))
        expect.true(
            spread < 0.15,
            what="each entry is dropped by itself, not whole rows or columns",
            hint="whole-units-dropped",
        )


@pytest.mark.task("a2_t7", points=2)
def test_backward_uses_the_mask_of_the_forward(student: Student, draw: Draw) -> None:
    x = draw.array(draw.integer(3, 6), 20, low=1.0, high=3.0)
    upstream = draw.array(*x.shape, low=1.0, high=2.0)
    dropout = new_dropout(student, draw, 0.5)
    for _ in range(2):  # the second pass has a mask of its own
        mask = finite(dropout.call("forward", x), x) / x
        expect.true(
            bool((mask == 0.0).any()), what="forward in training drops some entries", got=x * mask
        )
        got = finite(dropout.call("backward", upstream), x)
        same = np.array_equal(got != 0.0, mask != 0.0)
        expect.true(
            same,
            what="backward lets through what the last forward let through, and nothing else",
            hint="dropout-backward-is-identity" if bool((got != 0.0).all()) else "mask-redrawn",
        )
        expect.close(
            got,
            upstream * mask,
            what="backward scales as the last forward did",
            inputs={"factors in forward": mask, "upstream": upstream},
            misconceptions={"backward-not-rescaled": upstream * (mask != 0.0)},
            **TOLERANCE,
        )
        held = {"upstream": student.put(upstream)}
        for _ in range(2):
            again = finite(dropout.call("backward", held["upstream"]), x)
            expect.close(again, got, what="asked again, backward answers the same", **TOLERANCE)
        expect_unchanged(held, {"upstream": upstream}, "backward")


@pytest.mark.task("a2_t7", points=1)
def test_each_pass_in_training_draws_from_rng(student: Student, draw: Draw) -> None:
    x = draw.array(10, 20, low=1.0, high=3.0)
    seed = draw.integer(1, 10**6)
    one, other = (student.new("Dropout", 0.5, new_rng(student, seed)) for _ in range(2))
    masks = [finite(one.call("forward", x), x) != 0.0 for _ in range(3)]
    expect.true(
        not np.array_equal(masks[0], masks[1]) and not np.array_equal(masks[1], masks[2]),
        what="each forward in training drops other entries",
        hint=None if masks[0].all() else "mask-drawn-once",
    )
    again = [finite(other.call("forward", x), x) != 0.0 for _ in range(3)]
    expect.true(
        bool(np.array_equal(masks, again)),
        what="two dropouts with equal generators drop the same entries",
        hint="randomness-not-from-rng",
    )
    third = new_dropout(student, draw, 0.5)
    expect.true(
        not np.array_equal(finite(third.call("forward", x), x) != 0.0, masks[0]),
        what="generators with other seeds drop other entries",
        hint="randomness-not-from-rng",
    )
    for rate in (1.0, -0.1, 1.5):
        expect.raises(
            lambda rate=rate: new_dropout(student, draw, rate),
            what=f"a rate of {rate} is refused with a ValueError",
            hint="impossible-rate-accepted",
        )


@pytest.mark.task("a2_t7", points=1)
def test_nothing_is_dropped_when_predicting(student: Student, draw: Draw) -> None:
    x = draw.array(draw.integer(4, 9), 20, low=1.0, high=3.0)
    dropout = new_dropout(student, draw, 0.5)
    held = {"x": student.put(x)}
    trained = finite(dropout.call("forward", held["x"]), x)
    expect.true(
        bool((trained == 0.0).any()), what="forward in training drops some entries", got=trained
    )
    expect_unchanged(held, {"x": x}, "forward")
    expect.close(
        dropout.call("forward", held["x"], training=False),
        x,
        what="with training=False forward returns x",
        inputs={"x": x},
        misconceptions={"scaled-when-predicting": 0.5 * x},
        **TOLERANCE,
    )
    upstream = draw.array(*x.shape, low=1.0, high=2.0)
    expect.close(
        dropout.call("backward", upstream),
        upstream,
        what="after a forward with training=False, backward returns upstream",
        inputs={"upstream": upstream},
        misconceptions={"old-mask-used": upstream * (trained / x)},
        **TOLERANCE,
    )
