"""Hidden tests of a1_t3, SGD with momentum and learning-rate decay.

Each step is given weights that have nothing to do with those returned before, so that each is
judged by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from numbers import Real
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .promises import (
    Array,
    by_own_weights,
    expect_answers_to_slopes,
    expect_any_shape,
    expect_independent,
    expect_nothing_changed,
    state_of,
    steps_of,
)
from .sgd_rules import torch_walk, walk, wrong_velocities, wrong_weights

# Over 40 seeds, right answers use at most 0.1 of this (the float32 one), and the nearest wrong
# one goes 350 times beyond it (a rate overwritten by the schedule, resumed late).
TOLERANCE = {"rtol": 1e-6, "atol": 1e-5}


def some_steps(draw: Draw, most: int = 30) -> tuple[Array, Array]:
    """Draw weights and slopes for several steps, each of shape (steps, weights)."""
    steps, size = draw.integer(3, most), draw.integer(2, 7)
    return draw.array(steps, size), draw.array(steps, size, low=-3.0, high=3.0)


class Schedule:
    """A schedule that no formula of the notebook gives, and the questions it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, float]] = []

    def __call__(self, lr: float, t: float) -> float:
        """Return the rate, whatever the student's code sends."""
        self.asked.append((as_number(lr), as_number(t)))
        return self.rate(*self.asked[-1])

    @staticmethod
    def rate(lr: float, t: float) -> float:
        """Return a rate that differs from lr at t = 0 too, so that ignoring it shows."""
        return 3.0 * lr / (4.0 + t * t)


def as_number(value: Any) -> float:
    """Return a number as a float, and anything else as nan."""
    try:
        return float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        return math.nan


@pytest.mark.task("a1_t3", points=1)
def test_without_momentum_it_is_plain_descent(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr = 0.1 * draw.integer(1, 9)
    rates = [lr] * len(weights)
    want, _ = torch_walk(weights, slopes, rates, 0.0)
    expect.close(
        steps_of(student.new("SGD", lr=lr), weights, slopes),
        want,
        what="without momentum, each step returns the given weights minus lr times the slope",
        inputs={"lr": lr, "weights, by step": weights, "slopes": slopes},
        misconceptions={
            "climbs": wrong_weights(weights, slopes, rates, 0.0)["climbs"],
            "own-weights": lambda: by_own_weights(weights, want),
        },
        **TOLERANCE,
    )


@pytest.mark.task("a1_t3", points=2)
def test_velocity_remembers_past_slopes(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw, most=40)
    lr, mu = 0.1 * draw.integer(1, 5), draw.choice((0.5, 0.9, 0.8))
    rates = [lr] * len(weights)
    want, _ = torch_walk(weights, slopes, rates, mu)
    expect.close(
        steps_of(student.new("SGD", lr=lr, momentum=mu), weights, slopes),
        want,
        what="with momentum, the steps follow the velocity that all slopes so far have built up",
        inputs={"lr": lr, "momentum": mu, "weights, by step": weights, "slopes": slopes},
        misconceptions={
            **wrong_weights(weights, slopes, rates, mu),
            "own-weights": lambda: by_own_weights(weights, want),
        },
        **TOLERANCE,
    )


@pytest.mark.task("a1_t3", points=1)
def test_schedule_is_asked_with_the_steps_already_taken(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr, schedule, times = 0.1 * draw.integer(1, 9), Schedule(), range(len(weights))
    got = steps_of(student.new("SGD", lr=lr, schedule=schedule), weights, slopes)
    wrong = {
        "schedule-ignored": [lr] * len(times),
        "count-from-one": [schedule.rate(lr, t + 1) for t in times],
        "decay-compounds": list(accumulate(times, schedule.rate, initial=lr))[1:],
    }
    asked = [t for _, t in schedule.asked]
    if len(asked) == len(times) and asked[0] == 0.0 and any(a == b for a, b in pairwise(asked)):
        wrong["count-stands-still"] = [schedule.rate(lr, t) for t in asked]
    rates = [schedule.rate(lr, t) for t in times]
    expect.close(
        got,
        torch_walk(weights, slopes, rates, 0.0)[0],
        what="each step uses the rate schedule(lr, t), with the original lr and t = 0, 1, 2, ...",
        inputs={"lr": lr, "rates": np.array(rates), "weights, by step": weights, "slopes": slopes},
        misconceptions={
            name: lambda used=used: walk(weights, slopes, used, 0.0)[0]
            for name, used in wrong.items()
        },
        **TOLERANCE,
    )
    expect.equal(
        len(asked),
        len(times),
        what="the schedule is asked exactly once a step",
        misconceptions={"schedule-asked-twice": 2 * len(times)},
    )


@pytest.mark.task("a1_t3", points=1)
def test_schedule_scales_the_step_and_not_the_velocity(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr, mu, schedule = 0.1 * draw.integer(1, 5), draw.choice((0.5, 0.9)), Schedule()
    sgd = student.new("SGD", lr=lr, momentum=mu, schedule=schedule)
    rates = [schedule.rate(lr, t) for t in range(len(weights))]
    expect.close(
        steps_of(sgd, weights, slopes),
        torch_walk(weights, slopes, rates, mu)[0],
        what="when the rate changes, the new rate holds for the whole velocity, old slopes too",
        inputs={
            "momentum": mu,
            "rates": np.array(rates),
            "weights, by step": weights,
            "slopes": slopes,
        },
        misconceptions=wrong_weights(weights, slopes, rates, mu),
        **TOLERANCE,
    )  # fmt: skip


@pytest.mark.task("a1_t3", points=1)
def test_decays_follow_their_formulas(student: Student, draw: Draw) -> None:
    lr, k = 0.1 * draw.integer(1, 9), 0.01 * draw.integer(30, 70)
    times = np.arange(draw.integer(8, 40))
    formulas: dict[str, Callable[[Any], Array]] = {
        "inverse_time": lambda t: lr / (1.0 + k * t),
        "exponential": lambda t: lr * np.exp(-k * t),
    }
    for (name, formula), other in zip(formulas.items(), reversed(formulas.values()), strict=True):
        expect.close(
            [student.call(name, lr, int(t), k=k) for t in times],
            formula(times),
            what=f"{name}(lr, t, k) gives the rate of its formula for t = 0, 1, 2, ...",
            rtol=1e-5,  # float32 uses 0.15 of it; the nearest wrong decay is off by 24,000 of it
            inputs={"lr": lr, "k": k},
            misconceptions={
                "decays-mixed-up": other(times),
                "count-from-one": formula(times + 1),
                "decay-in-whole-numbers": formula(np.floor(k * times) / k),
            },
        )


@pytest.mark.task("a1_t3", points=1)
def test_sgd_changes_no_argument_and_no_result(student: Student, draw: Draw) -> None:
    expect_nothing_changed(student, partial(student.new, "SGD", lr=0.5, momentum=0.9), draw)


@pytest.mark.task("a1_t3", points=1)
def test_two_sgds_know_nothing_of_each_other(student: Student, draw: Draw) -> None:
    expect_independent(
        partial(student.new, "SGD", lr=0.5, momentum=0.9),
        partial(student.new, "SGD", lr=0.2, momentum=0.5),
        *some_steps(draw),
    )


@pytest.mark.task("a1_t3", points=1)
def test_saved_velocity_and_count_can_be_set_again(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    mu, steps, schedule = 0.5, len(weights), Schedule()
    new = partial(student.new, "SGD", lr=0.2, momentum=mu)
    sgd = new()
    expect_answers_to_slopes(new, weights[0], slopes[0])
    expect.equal(state_of(sgd, "v"), None, what="before the first step, v is None")
    expect.close(state_of(sgd, "t"), 0, what="before the first step, t is 0")
    steps_of(sgd, weights, slopes)
    rates = [0.2] * steps
    expect.close(
        state_of(sgd, "v"),
        torch_walk(weights, slopes, rates, mu)[1],
        what="v is the velocity: what is kept of the old one, plus the slope, without the rate",
        inputs={"lr": 0.2, "momentum": mu, "slopes, by step": slopes},
        misconceptions=wrong_velocities(weights, slopes, rates, mu),
        **TOLERANCE,
    )
    expect.close(state_of(sgd, "t"), steps, what="t counts the steps taken")
    saved, taken = draw.array(weights.shape[1], low=1.0, high=3.0), draw.integer(2, 20)
    later = new(schedule=schedule)
    later.set("v", saved)
    later.set("t", taken)
    rates = [schedule.rate(0.2, taken + t) for t in range(steps)]
    afresh = [schedule.rate(0.2, t) for t in range(steps)]
    expect.close(
        steps_of(later, weights, slopes),
        torch_walk(weights, slopes, rates, mu, saved)[0],
        what="a new SGD whose v and t are set goes on where the old one stopped",
        inputs={"v": saved, "t": taken, "rates": np.array(rates), "weights, by step": weights,
                "slopes": slopes},
        misconceptions={"state-ignored": lambda: walk(weights, slopes, afresh, mu)[0]},
        **TOLERANCE,
    )  # fmt: skip


@pytest.mark.task("a1_t3", points=1)
def test_sgd_takes_weights_of_any_shape(student: Student, draw: Draw) -> None:
    expect_any_shape(partial(student.new, "SGD", lr=0.5, momentum=0.9), draw)
