"""Hidden tests of a1_t3, SGD with momentum and learning-rate decay.

Every step is given weights that have nothing to do with those returned before, so that each step
is judged by itself. Most properties are tested in a way that another mistake does not touch: who
has the momentum wrong can still earn the points for a schedule.

What is expected comes from PyTorch's functional SGD on this side of the boundary. The rules of
known mistakes are written out in numpy; the right rule among them is compared with PyTorch by
tests/assignments/test_a1_oracles.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from numbers import Real
from typing import Any

import numpy as np
import pytest
import torch
from torch.optim.sgd import sgd as torch_sgd

from autograder.grading import Draw, Handle, Student, expect

Array = np.ndarray[Any, Any]
Rule = Callable[[Array, Array, float, float], tuple[Array, Array]]
"""(velocity, slope, momentum, rate) -> (new velocity, what is subtracted from the weights)."""

# Measured by tests/assignments/measure_a1.py, in units of this tolerance, as the largest over a
# test: the worst right answer (float32 throughout) is off by 0.05, the most nearly right of the
# wrong ones by 3000.
TOLERANCE = {"rtol": 1e-6, "atol": 1e-5}
ANY_NUMBER = 1e300


def plain(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    new = mu * v + g
    return new, eta * new


def climbs(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    new, move = plain(v, g, mu, eta)
    return new, -move


def dampened(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    return plain(v, (1.0 - mu) * g, mu, eta)


def forgetful(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    return g, eta * g


def one_step_late(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    return mu * v + g, eta * v


def looking_ahead(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    new = mu * v + g
    return new, eta * (g + mu * new)


def rate_inside(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    new = mu * v + eta * g
    return new, new


WRONG_RULES: dict[str, Rule] = {
    "climbs": climbs,
    "dampening": dampened,
    "velocity-reset": forgetful,
    "velocity-late": one_step_late,
    "nesterov": looking_ahead,
    "rate-in-velocity": rate_inside,
}


def walk(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float, rule: Rule = plain, v: Any = 0
) -> tuple[Array, Array]:
    """Return the weights after each step, and the last velocity, by a rule in numpy."""
    v = v + np.zeros_like(weights[0])
    after = []
    for w, g, eta in zip(weights, slopes, rates, strict=True):
        v, move = rule(v, g, mu, eta)
        after.append(w - move)
    return np.array(after), v


def torch_walk(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float, v: Array | None = None
) -> tuple[Array, Array]:
    """Return what :func:`walk` does, by PyTorch."""
    velocity = [None if v is None else torch.tensor(v)]
    after = []
    for w, g, eta in zip(weights, slopes, rates, strict=True):
        parameter = torch.tensor(w)
        torch_sgd(
            [parameter],
            [torch.tensor(g)],
            velocity,
            foreach=False,
            weight_decay=0.0,
            momentum=mu,
            lr=eta,
            dampening=0.0,
            nesterov=False,
            maximize=False,
        )
        after.append(parameter.numpy())
    last = velocity[0]
    return np.array(after), np.zeros_like(weights[0]) if last is None else last.numpy()


def by_wrong_rules(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float, part: int = 0
) -> dict[str, Callable[[], Array]]:
    """Return what each known mistake gives: the weights (part 0) or the velocity (part 1)."""
    return {
        name: lambda rule=rule: walk(weights, slopes, rates, mu, rule)[part]
        for name, rule in WRONG_RULES.items()
    }


def steps_of(optimizer: Handle, weights: Array, slopes: Array) -> list[Any]:
    """Let the student's optimizer take one step from each row of the weights."""
    return [optimizer.call("step", w, g) for w, g in zip(weights, slopes, strict=True)]


def from_own_weights(weights: Array, after: Array) -> Array:
    """Return what comes out if the weights handed over are ignored after the first step."""
    return weights[0] - np.cumsum(weights - after, axis=0)


def some_steps(draw: Draw, fewest: int = 3, most: int = 30) -> tuple[Array, Array]:
    """Draw weights and slopes for several steps, each of shape (steps, weights)."""
    steps, size = draw.integer(fewest, most), draw.integer(2, 7)
    return draw.array(steps, size), draw.array(steps, size, low=-3.0, high=3.0)


def finite(got: Any, shape: tuple[int, ...], what: str) -> Array:
    """Return numbers of the student's, once they are known to be finite and of this shape."""
    expect.close(got, np.zeros(shape), atol=ANY_NUMBER, what=what)
    return np.asarray(got, dtype=np.float64)


def expect_downhill(got: Any, w: Array, g: Array) -> Array:
    """Expect a step against the slope; it keeps a test from passing where nothing is done."""
    after = finite(got, w.shape, "step(w, g) returns an array of numbers of the shape of w")
    expect.true(
        bool(np.all(np.sign(w - after) == np.sign(g))),
        what="the first step from rest moves every weight against its slope",
        got=after,
        inputs={"w": w, "g": g},
        hint="climbs" if bool(np.all(np.sign(after - w) == np.sign(g))) else None,
    )
    return after


@pytest.mark.task("a1_t3", points=1)
def test_without_momentum_it_is_plain_descent(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw, fewest=2)
    lr = 0.1 * draw.integer(1, 9)
    rates = [lr] * len(weights)
    want, _ = torch_walk(weights, slopes, rates, 0.0)
    expect.close(
        steps_of(student.new("SGD", lr=lr), weights, slopes),
        want,
        what="without momentum, each step returns the given weights minus lr times the slope",
        inputs={"lr": lr, "weights, by step": weights, "slopes": slopes},
        misconceptions={
            "climbs": lambda: walk(weights, slopes, rates, 0.0, climbs)[0],
            "own-weights": lambda: from_own_weights(weights, want),
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
            **by_wrong_rules(weights, slopes, rates, mu),
            "own-weights": lambda: from_own_weights(weights, want),
        },
        **TOLERANCE,
    )


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
def test_schedule_is_asked_with_the_steps_already_taken(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr, schedule, times = 0.1 * draw.integer(1, 9), Schedule(), range(len(weights))
    got = steps_of(student.new("SGD", lr=lr, schedule=schedule), weights, slopes)
    compounded = list(accumulate(times, schedule.rate, initial=lr))[1:]
    wrong = {
        "schedule-ignored": [lr] * len(times),
        "clock-from-one": [schedule.rate(lr, t + 1) for t in times],
        "decay-compounds": compounded,
    }
    asked = [t for _, t in schedule.asked]
    if len(asked) == len(times) and asked[0] == 0.0 and any(a == b for a, b in pairwise(asked)):
        wrong["clock-stands-still"] = [schedule.rate(lr, t) for t in asked]
    rates = [schedule.rate(lr, t) for t in times]
    expect.close(
        got,
        torch_walk(weights, slopes, rates, 0.0)[0],
        what="each step uses the rate schedule(lr, t), with the original lr and t = 0, 1, 2, ...",
        inputs={
            "lr": lr,
            "rates of the schedule": rates,
            "weights, by step": weights,
            "slopes": slopes,
        },
        misconceptions={
            name: lambda used=used: walk(weights, slopes, used, 0.0)[0]
            for name, used in wrong.items()
        },
        **TOLERANCE,
    )
    expect.equal(len(asked), len(times), what="the schedule is asked exactly once a step")


@pytest.mark.task("a1_t3", points=1)
def test_schedule_scales_the_step_and_not_the_velocity(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr, mu, schedule = 0.1 * draw.integer(1, 5), draw.choice((0.5, 0.9)), Schedule()
    rates = [schedule.rate(lr, t) for t in range(len(weights))]
    expect.close(
        steps_of(student.new("SGD", lr=lr, momentum=mu, schedule=schedule), weights, slopes),
        torch_walk(weights, slopes, rates, mu)[0],
        what="when the rate changes, slopes that are already in the velocity get the new rate too",
        inputs={
            "lr": lr,
            "momentum": mu,
            "rates of the schedule": rates,
            "weights, by step": weights,
            "slopes": slopes,
        },
        misconceptions=by_wrong_rules(weights, slopes, rates, mu),
        **TOLERANCE,
    )


@pytest.mark.task("a1_t3", points=1)
@pytest.mark.parametrize("name", ["inverse_time", "exponential"])
def test_decay_follows_its_formula(student: Student, name: str, draw: Draw) -> None:
    lr, k = 0.1 * draw.integer(1, 9), 0.01 * draw.integer(30, 70)
    times = np.arange(draw.integer(4, 40))
    formulas: dict[str, Callable[[Any], Array]] = {
        "inverse_time": lambda t: lr / (1.0 + k * t),
        "exponential": lambda t: lr * np.exp(-k * t),
    }
    want = formulas.pop(name)
    (other,) = formulas.values()
    expect.close(
        [student.call(name, lr, int(t), k=k) for t in times],
        want(times),
        what=f"{name}(lr, t, k) gives the rate of the formula for t = 0, 1, 2, ...",
        rtol=1e-5,
        inputs={"lr": lr, "k": k},
        misconceptions={
            "decays-mixed-up": lambda: other(times),
            "clock-from-one": lambda: want(times + 1),
            "decay-in-whole-numbers": lambda: want(np.floor(k * times) / k),
            "decay-compounds": lambda: lr / (1.0 + k) ** times,
        },
    )


@pytest.mark.task("a1_t3", points=1)
def test_arguments_and_results_are_left_as_they_were(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 7)
    w, first, second = draw.array(size), draw.array(size), draw.array(size)
    expect_downhill(student.new("SGD", lr=0.5).call("step", w, first), w, first)
    held_w, held_first, held_second = student.put(w), student.put(first), student.put(second)
    sgd = student.new("SGD", lr=0.5, momentum=0.9)
    result = sgd.new("step", held_w, held_first)
    returned = finite(result.fetch(), w.shape, "step(w, g) returns an array of the shape of w")
    sgd.call("step", held_w, held_second)
    for held, before, what, hint in (
        (held_w, w, "step leaves the weights w it is given as they were", "weights-changed"),
        (
            held_second,
            second,
            "step leaves the slopes g it is given as they were",
            "slopes-changed",
        ),
        (held_first, first, "a later step leaves an earlier g as it was", "slopes-changed"),
        (result, returned, "a later step leaves alone what was returned before", "result-reused"),
    ):
        expect.unchanged(held, before, what=what, hint=hint)


@pytest.mark.task("a1_t3", points=1)
def test_optimizers_know_nothing_of_each_other(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    alone = student.new("SGD", lr=0.5, momentum=0.9)
    shape = weights.shape
    want = finite(steps_of(alone, weights, slopes), shape, "each step returns an array like w")
    plain_sgd = student.new("SGD", lr=0.5)
    expect_downhill(plain_sgd.call("step", weights[0], slopes[0]), weights[0], slopes[0])
    one = student.new("SGD", lr=0.5, momentum=0.9)
    other = student.new("SGD", lr=0.2, momentum=0.5)
    got = []
    for w, g in zip(weights, slopes, strict=True):
        got.append(one.call("step", w, g))
        other.call("step", g, -w)
    expect.true(
        bool(np.allclose(finite(got, shape, "each step returns an array like w"), want)),
        what="an optimizer gives the same steps whether or not others are at work beside it",
        got=np.array(got),
        expected=want,
        hint="state-shared",
    )


@pytest.mark.task("a1_t3", points=1)
def test_saved_velocity_and_count_can_be_set_again(student: Student, draw: Draw) -> None:
    weights, slopes = some_steps(draw)
    lr, mu, taken, schedule = 0.2, 0.5, draw.integer(2, 20), Schedule()
    sgd = student.new("SGD", lr=lr, momentum=mu)
    expect.equal(sgd.get("v"), None, what="before the first step v is None")
    expect.close(sgd.get("t"), 0, what="before the first step t is 0")
    steps_of(sgd, weights, slopes)
    rates = [lr] * len(weights)
    expect.close(
        sgd.get("v"),
        torch_walk(weights, slopes, rates, mu)[1],
        what="v is the velocity: what is kept of the old one, plus the slope, without the rate",
        inputs={"lr": lr, "momentum": mu, "slopes, by step": slopes},
        misconceptions=by_wrong_rules(weights, slopes, rates, mu, part=1),
        **TOLERANCE,
    )
    expect.close(sgd.get("t"), len(weights), what="t counts the steps taken")
    saved = draw.array(weights.shape[1], low=1.0, high=3.0)
    later = student.new("SGD", lr=lr, momentum=mu, schedule=schedule)
    later.set("v", saved)
    later.set("t", taken)
    rates = [schedule.rate(lr, taken + t) for t in range(len(weights))]
    expect.close(
        steps_of(later, weights, slopes),
        torch_walk(weights, slopes, rates, mu, saved)[0],
        what="a new SGD whose v and t are set goes on where the old one stopped",
        inputs={
            "lr": lr,
            "momentum": mu,
            "v": saved,
            "t": taken,
            "rates": rates,
            "weights, by step": weights,
            "slopes": slopes,
        },
        misconceptions={
            "state-ignored": lambda: walk(
                weights, slopes, [schedule.rate(lr, t) for t in range(len(weights))], mu
            )[0],
        },
        **TOLERANCE,
    )


@pytest.mark.task("a1_t3", points=1)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3), (3, 1, 2)])
def test_weights_of_any_shape(student: Student, shape: tuple[int, ...], draw: Draw) -> None:
    size = math.prod(shape)
    weights, slopes = draw.array(2, size), draw.array(2, size)
    probe = student.new("SGD", lr=0.5).call("step", np.ones(1), np.ones(1))
    expect_downhill(probe, np.ones(1), np.ones(1))
    flat, shaped = (student.new("SGD", lr=0.5, momentum=0.9) for _ in range(2))
    for w, g in zip(weights, slopes, strict=True):
        want = finite(flat.call("step", w, g), w.shape, "step(w, g) returns an array like w")
        expect.close(
            shaped.call("step", w.reshape(shape), g.reshape(shape)),
            want.reshape(shape),
            what=f"weights of shape {shape} are treated entry by entry, as a flat vector is",
            inputs={"w": w.reshape(shape), "g": g.reshape(shape)},
            **TOLERANCE,
        )
