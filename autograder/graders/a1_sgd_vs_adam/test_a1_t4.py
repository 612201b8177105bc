"""Hidden tests of a1_t4, exponentially weighted averages and RMSProp.

The averages are judged on their own, so that a mistake in one of the two answers costs nothing in
the other.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, StudentRaised, expect

from .average_rules import WRONG_AVERAGES, WRONG_CORRECTIONS, weighted_sums, wrong_averages
from .promises import (
    Array,
    by_own_weights,
    expect_answers_to_slopes,
    expect_any_shape,
    expect_independent,
    expect_nothing_changed,
    finite,
    state_of,
    steps_of,
)
from .rmsprop_rules import WRONG, Settings, torch_walk, walk, wrong_weights

# Over 12 seeds, right answers use at most 0.06 of this (the float32 one), and the nearest wrong one
# goes 600 times beyond it (a plain mean, corrected).
AVERAGES = {"rtol": 1e-5, "atol": 1e-6}


def new_rmsprop(student: Student, use: Settings) -> Handle:
    """Make a new RMSProp of the student's."""
    return student.new("RMSProp", **asdict(use))


def shown(use: Settings, weights: Array, slopes: Array) -> dict[str, object]:
    """Return what a message says about the inputs."""
    return {**asdict(use), "weights, by step": weights, "slopes": slopes}


@pytest.mark.task("a1_t4", points=2)
def test_average_keeps_a_share_and_takes_the_rest(student: Student, draw: Draw) -> None:
    for columns in ((), (draw.integer(2, 4),)):
        values = draw.array(draw.integer(4, 30), *columns, low=1.0, high=5.0)
        beta = draw.choice((0.8, 0.6, 0.95))
        expect.close(
            student.call("ewa", values, beta),
            weighted_sums(values, beta, correct=False),
            what="ewa(values, beta) starts from zero, and each new average is beta times the one "
            "before plus 1 - beta times the new value",
            inputs={"values": values, "beta": beta},
            misconceptions={
                **wrong_averages(values, beta, WRONG_AVERAGES, correct=False),
                "average-always-corrected": weighted_sums(values, beta, correct=True),
            },
            **AVERAGES,
        )


@pytest.mark.task("a1_t4", points=1)
def test_corrected_average_makes_up_for_the_start_at_zero(student: Student, draw: Draw) -> None:
    for columns in ((), (draw.integer(2, 4), 2)):
        # Not many, or the correction of the last one is as good as none.
        values = draw.array(draw.integer(4, 8), *columns, low=1.0, high=5.0)
        beta = draw.choice((0.8, 0.7, 0.95))
        expect.close(
            student.call("ewa", values, beta, correct=True),
            weighted_sums(values, beta, correct=True),
            what="with correct=True, every average is corrected for its own start at zero",
            inputs={"values": values, "beta": beta},
            misconceptions={
                **wrong_averages(values, beta, WRONG_CORRECTIONS, correct=True),
                **wrong_averages(values, beta, WRONG_AVERAGES, correct=True),
            },
            **AVERAGES,
        )


@pytest.mark.task("a1_t4", points=1)
def test_average_takes_any_rows_and_changes_none(student: Student, draw: Draw) -> None:
    whole = draw.rng.integers(1, 9, size=draw.integer(3, 9))
    rows = draw.array(draw.integer(2, 5), 3, 2, low=1.0, high=5.0)
    for values in (whole, rows, rows[:1], rows[:1, 0, 0]):
        expect_each_column_by_itself(student, values, 0.1 * draw.integer(3, 8))
    for nothing in (np.zeros((0, 2)), np.zeros(0)):
        for correct in (False, True):
            expect.close(
                student.call("ewa", nothing, 0.5, correct=correct),
                nothing,
                what="where there are no values, there are no averages; the shape stays",
                inputs={"values": nothing, "correct": correct},
            )


def expect_each_column_by_itself(student: Student, values: Array, beta: float) -> None:
    """Expect of any values what comes of each column alone, as floats; no formula is asked for.

    An error that floats in a flat array do not raise is due to the type or the shape.
    """
    columns = values.reshape(len(values), -1).astype(np.float64)
    alone = [student.call("ewa", column, beta) for column in columns.T]
    want = finite(alone, columns.T.shape, "ewa returns as many finite numbers as there are values")
    idle = len(values) > 1 and (np.allclose(want.T, columns) or np.allclose(want, 0.0))
    expect.true(not idle, what="the averages depend on the values, and are other numbers")
    is_whole = values.dtype.kind == "i"
    numbers = "whole numbers" if is_whole else "numbers"
    what = f"ewa takes {numbers} in an array of shape {values.shape}, one row a value"
    held = student.put(values)
    try:
        got = student.call("ewa", held, beta)
    except StudentRaised as raised:
        hint = "average-of-flat-only" if values.ndim > 1 else None
        hint = "average-in-whole-numbers" if is_whole else hint
        expect.true(False, what=f"{what}. {raised.without_arguments}", hint=hint)
        raise
    truncated = is_whole and isinstance(got, np.ndarray) and got.dtype.kind == "i"
    expect.close(
        got,
        want.T.reshape(values.shape),
        what=what,
        inputs={"values": values, "beta": beta},
        misconceptions={"average-in-whole-numbers": got} if truncated else {},
        **AVERAGES,
    )
    expect.unchanged(held, values, what="ewa leaves its values as they were", hint="values-changed")


@pytest.mark.task("a1_t4", points=2)
def test_rmsprop_divides_by_the_root_of_the_average_square(student: Student, draw: Draw) -> None:
    size = draw.integer(3, 9)
    for steps, eps in ((draw.integer(3, 40), 1e-2), (draw.integer(2, 40), 1e-8)):
        use = Settings(lr=0.5, beta=draw.choice((0.9, 0.7, 0.99)), eps=eps)
        weights = draw.array(steps, size)
        slopes = draw.array(steps, size) * 10.0 ** -np.linspace(0.0, 5.0, size)
        want, _ = torch_walk(weights, slopes, use)
        expect.close(
            steps_of(new_rmsprop(student, use), weights, slopes),
            want,
            what="each step divides every slope by the root of its own average square, plus eps",
            inputs=shown(use, weights, slopes),
            misconceptions={
                **wrong_weights(weights, slopes, use),
                "own-weights": lambda weights=weights, want=want: by_own_weights(weights, want),
            },
            # Over 12 seeds, right answers use at most 0.06 of this (the float32 one), and the
            # nearest wrong one goes 17,000 times beyond it (swapped shares).
            rtol=1e-5,
            atol=1e-5,
        )


@pytest.mark.task("a1_t4", points=1)
def test_rmsprop_remembers_and_resumes(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 9), draw.integer(2, 6)
    weights, slopes = draw.array(steps, size), draw.array(steps, size, low=0.5, high=1.5)
    use = Settings(lr=0.1)
    usual = partial(student.new, "RMSProp", lr=use.lr)
    rmsprop = usual()
    expect_answers_to_slopes(usual, weights[0], slopes[0])
    expect.equal(state_of(rmsprop, "v"), None, what="before the first step, v is None")
    expect.close(state_of(rmsprop, "t"), 0, what="before the first step, t is 0")
    steps_of(rmsprop, weights, slopes)
    expect.close(
        state_of(rmsprop, "v"),
        torch_walk(weights, slopes, use)[1],
        what="v is the average of the squared slopes; without an argument, beta is 0.9",
        inputs=shown(use, weights, slopes),
        misconceptions={
            "rmsprop-beta-default": walk(weights, slopes, Settings(lr=use.lr, beta=0.99))[1],
            **{name: walk(weights, slopes, use, rule)[1] for name, rule in WRONG.items()},
        },
        **AVERAGES,
    )
    expect.close(state_of(rmsprop, "t"), steps, what="t counts the steps taken")
    saved, tiny = draw.array(size, low=2.0, high=9.0), 1e-8 * slopes
    for v, g in ((saved, slopes), (np.zeros(size), tiny)):  # the second shows eps by default
        later = usual()
        later.set("v", v)
        later.set("t", 7)
        expect.close(
            steps_of(later, weights, g),
            torch_walk(weights, g, use, v)[0],
            what="a new RMSProp whose v and t are set goes on where the old one stopped; without "
            "an argument, eps is 1e-8",
            inputs={"v": v, "t": 7, **shown(use, weights, g)},
            misconceptions={"state-ignored": walk(weights, g, use)[0]},
            **AVERAGES,
        )


@pytest.mark.task("a1_t4", points=1)
def test_rmsprop_keeps_what_every_optimizer_promises(student: Student, draw: Draw) -> None:
    new = partial(new_rmsprop, student, Settings(lr=0.5))
    steps, size = draw.integer(2, 8), draw.integer(2, 5)
    weights, slopes = draw.array(steps, size), draw.array(steps, size, low=0.5, high=1.5)
    expect_independent(new, partial(new_rmsprop, student, Settings(0.2, 0.5)), weights, slopes)
    expect_nothing_changed(student, new, draw)
    expect_any_shape(new, draw)
