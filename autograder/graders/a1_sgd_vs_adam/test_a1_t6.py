"""Hidden tests of a1_t6, weight decay beside Adam and inside the loss.

What the decay does is seen as the difference between two of the student's own optimizers, one with
decay and one without. So whoever has a mistake in Adam itself loses the points for the whole rule,
and not those for the decay.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Handle, Student, expect

from .decay_rules import WRONG, Settings, State, torch_walk, walk, wrong_weights
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

# Over 20 seeds, right answers use at most 0.03 of this (the float32 one), and the nearest wrong one
# goes 500 times beyond it (averages that are not corrected).
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


def new_adamw(student: Student, use: Settings) -> Handle:
    """Make a new AdamW of the student's."""
    return student.new("AdamW", **asdict(use))


def shown(use: Settings, weights: Array, slopes: Array) -> dict[str, object]:
    """Return what a message says about the inputs."""
    return {**asdict(use), "weights, by step": weights, "slopes": slopes}


def penalised_slopes(w: Array, strength: float) -> Array:
    """Return the slope of strength / 2 times the sum of squared weights, by PyTorch."""
    weights = torch.tensor(w, requires_grad=True)
    (0.5 * strength * (weights**2).sum()).backward()
    assert weights.grad is not None
    slopes: Array = weights.grad.numpy()
    return slopes


@pytest.mark.task("a1_t6", points=1)
def test_l2_adds_the_slope_of_the_penalty(student: Student, draw: Draw) -> None:
    strength = 0.1 * draw.integer(3, 9)
    for shape in ((draw.integer(3, 7),), (2, 3), (), (0,)):
        w, g = draw.array(*shape, low=-3.0, high=3.0), draw.array(*shape)
        held_w, held_g = student.put(w), student.put(g)
        expect.close(
            student.call("l2_slopes", held_w, held_g, strength),
            g + penalised_slopes(w, strength),
            what="l2_slopes returns the slopes of the loss plus strength / 2 times the sum of the "
            "squared weights",
            inputs={"w": w, "g": g, "strength": strength},
            misconceptions={
                "l2-factor-two": g + 2.0 * strength * w,
                "l2-pushes-away": g - strength * w,
                "l2-by-sign": g + strength * np.sign(w),
                "l2-slopes-lost": strength * w,
                "l2-missing": g,
                "l2-mean": g + strength * w / max(w.size, 1),
            },
            **TOLERANCE,
        )
        for held, before, name, hint in (
            (held_w, w, "the weights", "weights-changed"),
            (held_g, g, "the slopes", "slopes-changed"),
        ):
            what = f"l2_slopes leaves {name} it is given as they were"
            expect.unchanged(held, before, what=what, hint=hint)


@pytest.mark.task("a1_t6", points=2)
def test_decay_pulls_by_rate_times_strength_times_weight(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 9), draw.integer(3, 6)
    use = Settings(lr=0.1 * draw.integer(2, 4), weight_decay=0.1 * draw.integer(2, 5), eps=1e-6)
    weights = draw.array(steps, size, low=1.0, high=3.0) * draw.rng.choice((-1.0, 1.0), size=size)
    slopes = draw.array(steps, size) * 10.0 ** np.linspace(1.0, -3.0, size)
    without = replace(use, weight_decay=0.0)
    plain = finite(steps_of(new_adamw(student, without), weights, slopes), weights.shape)
    decayed = finite(steps_of(new_adamw(student, use), weights, slopes), weights.shape)
    step = walk(weights, slopes, without)[0]
    wrong = {name: step - walk(weights, slopes, use, rule)[0] for name, rule in WRONG.items()}
    wrong.pop("decay-after-the-step")  # below, by the student's own steps
    expect.close(
        plain - decayed,
        use.lr * use.weight_decay * weights,
        what="with weight_decay, each step goes further towards zero than without, by lr times "
        "weight_decay times the weights it is given, however large the slopes are",
        inputs=shown(use, weights, slopes),
        misconceptions={
            "decay-missing": np.zeros_like(weights),
            "decay-after-the-step": use.lr * use.weight_decay * plain,
            **wrong,
        },
        **TOLERANCE,
    )


@pytest.mark.task("a1_t6", points=2)
def test_adamw_follows_its_rule_over_many_steps(student: Student, draw: Draw) -> None:
    size = draw.integer(3, 8)
    for eps, most in ((1e-2, 40), (1e-8, 15)):
        steps = draw.integer(3, most)
        use = Settings(lr=0.4, beta1=draw.choice((0.9, 0.8)), beta2=0.98, eps=eps, weight_decay=0.2)
        weights = draw.array(steps, size, low=-3.0, high=3.0)
        slopes = draw.array(steps, size) * 10.0 ** -np.linspace(0.0, 6.0, size)
        want, _ = torch_walk(weights, slopes, use)
        expect.close(
            steps_of(new_adamw(student, use), weights, slopes),
            want,
            what="AdamW takes Adam's step for the slopes as they are, and lets the weights decay "
            "besides",
            inputs=shown(use, weights, slopes),
            misconceptions={
                **wrong_weights(weights, slopes, use),
                "own-weights": lambda weights=weights, want=want: by_own_weights(weights, want),
            },
            **TOLERANCE,
        )


@pytest.mark.task("a1_t6", points=1)
def test_adamw_default_settings(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(3, 12), draw.integer(2, 5)
    weights = 0.05 * draw.array(steps, size)
    slopes = 1e-8 * draw.array(steps, size)  # as small as eps, so that its default shows too
    misconceptions: dict[str, Any] = {
        f"adamw-default-{name}": walk(weights, slopes, Settings(weight_decay=value))[0]
        for name, value in (("zero", 0.0), ("tenth", 0.1))
    }
    expect.close(
        steps_of(student.new("AdamW"), weights, slopes),
        torch_walk(weights, slopes, Settings())[0],
        what="AdamW() means lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8 and "
        "weight_decay = 0.01",
        inputs={"weights, by step": weights, "slopes": slopes},
        misconceptions={**misconceptions, **wrong_weights(weights, slopes, Settings())},
        rtol=0.0,  # float32 uses 0.25 of the next line; without decay one is 23 times beyond it
        atol=2e-8,
    )


@pytest.mark.task("a1_t6", points=1)
def test_adamw_remembers_slopes_without_decay(student: Student, draw: Draw) -> None:
    steps, size = draw.integer(2, 9), draw.integer(2, 6)
    use = Settings(lr=0.5, beta1=0.8, beta2=0.9, eps=1e-6, weight_decay=0.3)
    weights = draw.array(steps, size, low=1.0, high=2.0)
    slopes = draw.array(steps, size, low=0.5, high=1.5)
    expect_answers_to_slopes(partial(new_adamw, student, use), weights[0], slopes[0])
    adamw = new_adamw(student, use)
    for name in ("m", "v"):
        expect.equal(state_of(adamw, name), None, what=f"before the first step, {name} is None")
    expect.close(state_of(adamw, "t"), 0, what="before the first step, t is 0")
    steps_of(adamw, weights, slopes)
    want = torch_walk(weights, slopes, use)[1]
    # What is coupled shows in v; what then shows only in m is a decay in the first average.
    for name, hint in (("v", "decay-coupled"), ("m", "decay-in-first-average")):
        expect.close(
            state_of(adamw, name),
            getattr(want, name),
            what=f"{name} is an uncorrected average of the slopes alone, and knows no decay",
            inputs=shown(use, weights, slopes),
            misconceptions={hint: getattr(walk(weights, slopes, use, WRONG[hint])[1], name)},
            **TOLERANCE,
        )
    expect.close(state_of(adamw, "t"), steps, what="t counts the steps taken")
    saved = State(
        draw.array(size, low=-3.0, high=-1.0),
        draw.array(size, low=5.0, high=9.0),
        draw.integer(3, 9),
    )
    later = new_adamw(student, use)
    for name, value in asdict(saved).items():
        later.set(name, value)
    expect.close(
        steps_of(later, weights, slopes),
        torch_walk(weights, slopes, use, saved)[0],
        what="a new AdamW whose m, v and t are set goes on where the old one stopped",
        inputs={**asdict(saved), **shown(use, weights, slopes)},
        misconceptions={
            "state-ignored": torch_walk(weights, slopes, use, State(t=saved.t))[0],
            "count-not-resumed": torch_walk(weights, slopes, use, replace(saved, t=0))[0],
        },
        **TOLERANCE,
    )


@pytest.mark.task("a1_t6", points=1)
def test_adamw_keeps_what_every_optimizer_promises(student: Student, draw: Draw) -> None:
    use = Settings(lr=0.5, weight_decay=0.1)
    new = partial(new_adamw, student, use)
    steps, size = draw.integer(2, 8), draw.integer(2, 5)
    weights, slopes = draw.array(steps, size), draw.array(steps, size, low=0.5, high=1.5)
    another = partial(new_adamw, student, replace(use, beta1=0.5))
    expect_independent(new, another, weights, slopes)
    expect_nothing_changed(student, new, draw)
    expect_any_shape(new, draw)
