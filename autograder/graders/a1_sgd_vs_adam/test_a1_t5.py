"""Hidden tests of a1_t5, Adam.

One step from rest tells few Adams apart. Many steps with slopes over ten powers of ten and a large
eps tell all known ones apart; the other tests look at one property each, in a setting where the
mistakes that belong to another property do not show.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, expect

from .adam_rules import RIGHT, WRONG, Settings, State, torch_walk, walk, wrong_weights
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


def new_adam(student: Student, use: Settings) -> Handle:
    """Make a new Adam of the student's."""
    return student.new("Adam", **asdict(use))


def shown(use: Settings, weights: Array, slopes: Array) -> dict[str, object]:
    """Return what a message says about the inputs."""
    return {**asdict(use), "weights, by step": weights, "slopes": slopes}


def expect_steps(student: Student, use: Settings, weights: Array, slopes: Array, what: str) -> None:
    """Expect PyTorch's steps from rest, and name the mistake where others come."""
    want, _ = torch_walk(weights, slopes, use)
    expect.close(
        steps_of(new_adam(student, use), weights, slopes),
        want,
        what=what,
        inputs=shown(use, weights, slopes),
        misconceptions={
            **wrong_weights(weights, slopes, use),
            "own-weights": lambda: by_own_weights(weights, want),
        },
        # Over 40 seeds, right answers use at most 0.07 of this (the float32 one), and the nearest
        # wrong one goes 100 times beyond it (eps before the correction, over many steps).
        rtol=1e-5,
        atol=1e-4 * use.lr,
    )


@pytest.mark.task("a1_t5", points=2)
def test_many_steps_with_slopes_from_one_to_the_tiniest(student: Student, draw: Draw) -> None:
    steps = 3 if draw.disclosed else draw.integer(40, 60)
    size = draw.integer(3, 11)
    beta1, beta2 = draw.choice(((0.9, 0.999), (0.8, 0.99), (0.9, 0.98)))
    for eps in (1e-8, 1e-2):
        expect_steps(
            student,
            Settings(lr=0.5, beta1=beta1, beta2=beta2, eps=eps),
            draw.array(steps, size),
            draw.array(steps, size) * 10.0 ** -np.linspace(0.0, 10.0, size),
            what="Adam follows its update rule over many steps, for slopes from 1 down to 1e-10",
        )


@pytest.mark.task("a1_t5", points=2)
def test_eps_stands_outside_the_root_and_after_the_correction(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 9), draw.integer(3, 8)
    slopes = draw.array(steps, size) * 10.0 ** -np.linspace(1.0, 3.0, size)
    expect_steps(
        student,
        Settings(lr=1.0, eps=1e-2),
        draw.array(steps, size),
        slopes,
        what="eps is added outside the root and after the bias correction; here eps is 0.01, "
        "as large as some slopes",
    )


@pytest.mark.task("a1_t5", points=1)
def test_first_steps_are_corrected_for_the_start_at_zero(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 5), draw.integer(2, 6)
    use = Settings(
        lr=0.5, beta1=0.1 * draw.integer(6, 8), beta2=0.01 * draw.integer(90, 99), eps=1e-30
    )
    expect_steps(
        student,
        use,
        draw.array(steps, size),
        draw.array(steps, size, low=0.5, high=2.0),
        what="in the first steps, both averages are corrected for their start at zero",
    )


@pytest.mark.task("a1_t5", points=1)
def test_default_settings(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(3, 20), draw.integer(2, 5)
    weights = 1e-3 * draw.array(steps, size)
    slopes = 1e-8 * draw.array(steps, size)  # as small as eps, so that its default shows too
    want, _ = torch_walk(weights, slopes, Settings())
    expect.close(
        steps_of(student.new("Adam"), weights, slopes),
        want,
        what="Adam() means lr = 0.001, beta1 = 0.9, beta2 = 0.999 and eps = 1e-8",
        inputs={"weights, by step": weights, "slopes": slopes},
        misconceptions={
            "eps-default": lambda: walk(weights, slopes, Settings(eps=1e-7))[0],
            **wrong_weights(weights, slopes, Settings()),
        },
        rtol=1e-6,  # float32 uses 0.17 of both; eps = 1e-7 is 20,000 times beyond
        atol=1e-8,
    )


@pytest.mark.task("a1_t5", points=1)
def test_steps_do_not_depend_on_the_scale_of_the_slopes(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 12), draw.integer(2, 6)
    weights, slopes = draw.array(steps, size), draw.array(steps, size, low=0.5, high=1.5)
    new = partial(new_adam, student, Settings(lr=0.5, eps=1e-30))
    expect_answers_to_slopes(new, weights[0], slopes[0])
    want = finite(steps_of(new(), weights, slopes), weights.shape)
    for factor in (1e-6, 1e6):
        expect.close(
            steps_of(new(), weights, factor * slopes),
            want,
            what=f"slopes that are all {factor:g} times as large give the same steps",
            inputs={"weights, by step": weights, "slopes before scaling": slopes},
            rtol=1e-4,
            atol=1e-4,
        )


@pytest.mark.task("a1_t5", points=1)
def test_slope_of_zero_gives_no_nan(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 6)
    w, g = draw.array(size), draw.array(size, low=0.5, high=1.5)
    new = partial(new_adam, student, Settings(lr=0.5))
    expect_answers_to_slopes(new, w, g)
    adam = new()
    zeros = np.zeros((2, size))
    stuck = walk(np.stack([w, w]), zeros, Settings(lr=0.5), WRONG["count-from-zero"])[0]
    expect.close(
        steps_of(adam, np.stack([w, w]), zeros),
        np.stack([w, w]),
        what="weights whose slopes have always been zero stay where they are",
        inputs={"w": w, "g": zeros[0]},
        misconceptions={"count-from-zero": stuck},
        rtol=1e-6,
    )
    after = finite(adam.call("step", w, np.where(np.arange(size) == 0, g, 0.0)), w.shape)
    expect.close(
        after[1:],
        w[1:],
        what="when one weight gets a slope, the others, still without one, stay where they are",
        rtol=1e-6,
    )
    expect.true(bool(after[0] < w[0]), what="the one weight that has a slope moves", got=after)


@pytest.mark.task("a1_t5", points=1)
def test_adam_changes_no_argument_and_no_result(student: Student, draw: Draw) -> None:
    expect_nothing_changed(student, partial(new_adam, student, Settings(lr=0.5)), draw)


@pytest.mark.task("a1_t5", points=1)
def test_two_adams_know_nothing_of_each_other(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(3, 20), draw.integer(2, 6)
    expect_independent(
        partial(new_adam, student, Settings(lr=0.5)),
        partial(new_adam, student, Settings(lr=0.2, beta1=0.5)),
        draw.array(steps, size),
        draw.array(steps, size, low=0.5, high=1.5),
    )


@pytest.mark.task("a1_t5", points=1)
def test_saved_averages_and_count_can_be_set_again(student: Student, draw: Draw) -> None:
    # With these betas the correction is 1 after 150 steps: only an Adam that forgets the count
    # differs here, not one whose correction is wrong in another way.
    use = Settings(lr=0.5, beta1=0.8, beta2=0.9, eps=1e-30)
    steps, size = draw.integer(2, 9), draw.integer(2, 6)
    weights, slopes = draw.array(steps, size), draw.array(steps, size, low=0.5, high=1.5)
    adam = new_adam(student, use)
    expect_answers_to_slopes(partial(new_adam, student, use), weights[0], slopes[0])
    for name in ("m", "v"):
        expect.equal(state_of(adam, name), None, what=f"before the first step, {name} is None")
    expect.close(state_of(adam, "t"), 0, what="before the first step, t is 0")
    steps_of(adam, weights, slopes)
    want = walk(weights, slopes, use, RIGHT)[1]
    wrong = {name: walk(weights, slopes, use, rule)[1] for name, rule in WRONG.items()}
    for name in ("m", "v"):
        expect.close(
            state_of(adam, name),
            getattr(want, name),
            what=f"{name} holds the uncorrected average",
            inputs=shown(use, weights, slopes),
            misconceptions={hint: getattr(state, name) for hint, state in wrong.items()},
            rtol=1e-5,
            atol=1e-7,
        )
    expect.close(state_of(adam, "t"), steps, what="t counts the steps taken")
    expect_resumed(student, use, draw, weights, slopes)


def expect_resumed(
    student: Student, use: Settings, draw: Draw, weights: Array, slopes: Array
) -> None:
    """Expect that a new Adam goes on from a state that is set."""
    size = weights.shape[1]
    m, v = draw.array(size, low=-3.0, high=-1.0), draw.array(size, low=5.0, high=9.0)
    saved = State(m, v, draw.integer(150, 300))
    later = new_adam(student, use)
    for name, value in asdict(saved).items():
        later.set(name, value)
    no_count = walk(weights, slopes, use, RIGHT, State(saved.m, saved.v, 0))[0]
    expect.close(
        steps_of(later, weights, slopes),
        torch_walk(weights, slopes, use, saved)[0],
        what="a new Adam whose m, v and t are set goes on where the old one stopped",
        inputs={**asdict(saved), **shown(use, weights, slopes)},
        misconceptions={
            "state-ignored": lambda: walk(weights, slopes, use)[0],
            "count-not-resumed": no_count,
        },
        rtol=1e-5,  # float32 uses 0.04 of both; the nearest mistake is 9,000 times beyond
        atol=1e-5,
    )


@pytest.mark.task("a1_t5", points=1)
def test_adam_takes_weights_of_any_shape(student: Student, draw: Draw) -> None:
    expect_any_shape(partial(new_adam, student, Settings(lr=0.5)), draw)
