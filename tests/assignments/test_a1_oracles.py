"""What the hidden tests of a1 expect: PyTorch, the rules in numpy and the reference agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import course
from autograder.graders.a1_sgd_vs_adam import (
    adam_rules,
    average_rules,
    contestants,
    decay_rules,
    landscapes,
    rmsprop_rules,
    sgd_rules,
    stopping_rules,
)
from autograder.grading import Draw

from .material import all_differ, load_answers

STEPS, SIZE = 40, 7
Array = np.ndarray[Any, Any]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return load_answers("a1_sgd_vs_adam")


@pytest.fixture
def weights() -> Array:
    return np.random.default_rng(1).normal(size=(STEPS, SIZE))


@pytest.fixture
def slopes() -> Array:
    scales = 10.0 ** -np.linspace(0.0, 10.0, SIZE)
    return np.random.default_rng(2).normal(size=(STEPS, SIZE)) * scales


def made(wrong: Mapping[str, Callable[[], Any]]) -> dict[str, Array]:
    """Return what each mistake gives."""
    return {name: np.asarray(make()) for name, make in wrong.items()}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_of_torch_numpy_and_reference_agree(
    reference: ModuleType, weights: Array, slopes: Array, momentum: float
) -> None:
    rates = [0.3 / (1 + t) for t in range(STEPS)]
    by_torch, last = sgd_rules.torch_walk(weights, slopes, rates, momentum)
    by_numpy, also_last = sgd_rules.walk(weights, slopes, rates, momentum)
    sgd = reference.SGD(lr=0.3, momentum=momentum, schedule=lambda lr, t: lr / (1 + t))
    by_reference = [sgd.step(w, g) for w, g in zip(weights, slopes, strict=True)]
    np.testing.assert_allclose(by_numpy, by_torch, rtol=1e-13)
    np.testing.assert_allclose(by_reference, by_torch, rtol=1e-13)
    if momentum:  # PyTorch keeps no velocity without momentum
        np.testing.assert_allclose(also_last, last, rtol=1e-13)
        np.testing.assert_allclose(sgd.v, last, rtol=1e-13)


@pytest.mark.parametrize("eps", [1e-8, 1e-2])
@pytest.mark.parametrize("start", [adam_rules.State(), adam_rules.State(-0.3, 0.2, 17)])
def test_adam_of_torch_numpy_and_reference_agree(
    reference: ModuleType, weights: Array, slopes: Array, eps: float, start: adam_rules.State
) -> None:
    use = adam_rules.Settings(lr=0.3, beta1=0.8, beta2=0.99, eps=eps)
    by_torch, last = adam_rules.torch_walk(weights, slopes, use, start)
    by_numpy, also_last = adam_rules.walk(weights, slopes, use, start=start)
    adam = reference.Adam(**asdict(use))
    adam.m, adam.v, adam.t = np.full(SIZE, start.m), np.full(SIZE, start.v), start.t
    by_reference = [adam.step(w, g) for w, g in zip(weights, slopes, strict=True)]
    np.testing.assert_allclose(by_numpy, by_torch, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(by_reference, by_torch, rtol=1e-11, atol=1e-13)
    assert last.t == also_last.t == adam.t == start.t + STEPS
    np.testing.assert_allclose(also_last.m, last.m, rtol=1e-12)
    np.testing.assert_allclose(also_last.v, last.v, rtol=1e-12)


def test_every_mistake_in_sgd_and_adam_differs_from_the_right_rule_and_from_the_others(
    weights: Array, slopes: Array
) -> None:
    use = adam_rules.Settings(lr=0.3, beta1=0.8, beta2=0.99, eps=1e-2)
    wrong = adam_rules.wrong_weights(weights, slopes, use)
    assert len(wrong) >= 12
    all_differ({"right": adam_rules.walk(weights, slopes, use)[0], **made(wrong)})
    rates = [0.3 / (2 + t) for t in range(STEPS)]
    wrong = sgd_rules.wrong_weights(weights, slopes, rates, 0.9)
    assert len(wrong) >= 6
    all_differ({"right": sgd_rules.walk(weights, slopes, rates, 0.9)[0], **made(wrong)})


@pytest.mark.parametrize("correct", [False, True])
def test_averages_of_the_sum_the_recursion_and_the_reference_agree(
    reference: ModuleType, weights: Array, correct: bool
) -> None:
    want = average_rules.weighted_sums(weights, 0.8, correct=correct)
    by_recursion = average_rules.average(weights, 0.8, correct=correct)
    np.testing.assert_allclose(by_recursion, want, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(reference.ewa(weights, 0.8, correct), want, rtol=1e-12, atol=1e-14)


def test_wrong_averages_differ_from_the_right_ones_and_from_each_other(weights: Array) -> None:
    few = weights[:6] + 3.0
    for rules, correct in (
        (average_rules.WRONG_AVERAGES, False),
        (average_rules.WRONG_CORRECTIONS, True),
    ):
        wrong = average_rules.wrong_averages(few, 0.8, rules, correct=correct)
        assert len(wrong) >= 5
        all_differ({"right": average_rules.weighted_sums(few, 0.8, correct=correct), **made(wrong)})


@pytest.mark.parametrize("eps", [1e-8, 1e-2])
def test_rmsprop_of_torch_numpy_and_reference_agree(
    reference: ModuleType, weights: Array, slopes: Array, eps: float
) -> None:
    use = rmsprop_rules.Settings(lr=0.3, beta=0.8, eps=eps)
    by_torch, last = rmsprop_rules.torch_walk(weights, slopes, use, 0.2)
    by_numpy, also_last = rmsprop_rules.walk(weights, slopes, use, v=0.2)
    rmsprop = reference.RMSProp(**asdict(use))
    rmsprop.v = np.full(SIZE, 0.2)
    by_reference = [rmsprop.step(w, g) for w, g in zip(weights, slopes, strict=True)]
    np.testing.assert_allclose(by_numpy, by_torch, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(by_reference, by_torch, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(also_last, last, rtol=1e-12)
    np.testing.assert_allclose(rmsprop.v, last, rtol=1e-12)
    from_rest = rmsprop_rules.torch_walk(weights, slopes, replace(use, eps=1e-2))[0]
    wrong = rmsprop_rules.wrong_weights(weights, slopes, replace(use, eps=1e-2))
    assert len(wrong) >= 10
    all_differ({"right": from_rest, **made(wrong)})


@pytest.mark.parametrize("eps", [1e-8, 1e-2])
def test_adamw_of_torch_numpy_and_reference_agree(
    reference: ModuleType, weights: Array, slopes: Array, eps: float
) -> None:
    use = decay_rules.Settings(lr=0.3, beta1=0.8, beta2=0.98, eps=eps, weight_decay=0.2)
    by_torch, last = decay_rules.torch_walk(weights, slopes, use)
    by_numpy, also_last = decay_rules.walk(weights, slopes, use)
    adamw = reference.AdamW(**asdict(use))
    by_reference = [adamw.step(w, g) for w, g in zip(weights, slopes, strict=True)]
    np.testing.assert_allclose(by_numpy, by_torch, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(by_reference, by_torch, rtol=1e-11, atol=1e-13)
    for name in ("m", "v"):
        np.testing.assert_allclose(getattr(also_last, name), getattr(last, name), rtol=1e-12)
        np.testing.assert_allclose(getattr(adamw, name), getattr(last, name), rtol=1e-12)
    wrong = decay_rules.wrong_weights(weights, slopes, replace(use, eps=1e-2))
    assert len(wrong) >= 20
    from_rest = decay_rules.torch_walk(weights, slopes, replace(use, eps=1e-2))[0]
    all_differ({"right": from_rest, **made(wrong)})


def test_descent_by_eigenvalues_by_steps_and_by_the_reference_agree(reference: ModuleType) -> None:
    bowl = contestants.steep_bowl(Draw(3), 4)
    w0 = np.array([1.0, -2.0, 0.5, 3.0])
    walker = contestants.Walker(lr=0.1)
    want = bowl.descent(w0, 0.1, 20)
    np.testing.assert_allclose(walker.path(bowl, w0, 20), want, rtol=1e-9, atol=1e-12)
    got = reference.descend(bowl.gradient, w0, walker, 20)
    np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert len(bowl.asked) == len(walker.came_from) == 20


def test_descent_shrinks_below_the_largest_stable_rate_and_grows_beyond_it(
    reference: ModuleType,
) -> None:
    bowl, w0 = contestants.steep_bowl(Draw(4), 3), np.array([1.0, 2.0, 3.0])
    edge = reference.largest_stable_rate(bowl.curvature)
    assert np.linalg.norm(bowl.descent(w0, 0.99 * edge, 3000)[-1]) < 1e-6
    assert np.linalg.norm(bowl.descent(w0, 1.01 * edge, 3000)[-1]) > 1e6


def test_stopping_of_the_rule_and_of_the_reference_agree(reference: ModuleType) -> None:
    rng = np.random.default_rng(5)
    for patience in (1, 2, 5):
        for _ in range(20):
            errors = rng.choice([1.0, 2.0, 3.0, np.nan, np.inf], size=30).tolist()
            stopping = reference.EarlyStopping(patience)
            answers = [stopping.update(error, np.zeros(1)) for error in errors]
            by_reference = answers.index(True) + 1 if True in answers else None
            assert stopping_rules.until_stop(errors, patience) == by_reference


def test_every_way_to_stop_wrongly_differs_from_the_right_one_and_from_the_others() -> None:
    errors = [5.0, 6.0, 4.0, 4.1, 3.5, 3.6, 3.0, 3.6, 3.4, 3.2, 3.1, 6.0, 7.0, 8.0, 9.0]
    rules = {"right": stopping_rules.RIGHT, **stopping_rules.WRONG}
    stops = {name: stopping_rules.until_stop(errors, 3, rule) for name, rule in rules.items()}
    assert len(stops) == 6
    assert len(set(stops.values())) == 6, stops


def survey(seed: int) -> landscapes.Survey:
    return landscapes.survey(Draw(seed), hills=5, radius=1.1, train=60, valid=20, noise=0.1)


def test_landscapes_hold_other_hills_than_the_course_and_than_each_other() -> None:
    known = course.hills().height
    lands = [survey(seed) for seed in range(4)]
    for land in lands:
        assert land.share(known(land.places)) > 0.5
        assert land.share(np.full_like(land.truth, land.truth.mean())) == pytest.approx(1.0)
        assert land.share(land.truth) == 0.0
    assert len({float(land.truth.sum()) for land in lands}) == 4


def test_samples_are_noisy_heights_of_the_landscape_that_is_judged() -> None:
    land = landscapes.survey(Draw(3), hills=2, radius=2.0, train=900, valid=900, noise=0.5)
    # The nearest validation sample is close by, so the difference is noise, twice.
    nearest = np.argmin(((land.x_train[:, None] - land.x_valid) ** 2).sum(axis=2), axis=1)
    differences = land.t_train - land.t_valid[nearest]
    assert 0.6 < differences.std() < 0.9


def test_metres_change_units_and_nothing_else() -> None:
    land = survey(1)
    metres = land.in_metres()
    guess = land.truth + 0.3
    assert metres.share(100.0 * guess + 3000.0) == pytest.approx(land.share(guess))
    np.testing.assert_allclose(
        np.diff(metres.x_train, axis=0), 1000.0 * np.diff(land.x_train, axis=0)
    )
    np.testing.assert_allclose(
        np.diff(metres.t_valid, axis=0), 100.0 * np.diff(land.t_valid, axis=0)
    )
