"""What the hidden tests of a1 expect: PyTorch, the rules in numpy and the reference agree."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import course
from autograder.graders.a1_sgd_vs_adam import adam_rules, landscapes, sgd_rules, stopping_rules
from autograder.grading import Draw

ROOT = Path(__file__).resolve().parents[2]
STEPS, SIZE = 40, 7


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    path = ROOT / "solutions" / "a1_sgd_vs_adam" / "reference.py"
    spec = importlib.util.spec_from_file_location("a1_reference", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def weights() -> np.ndarray[Any, Any]:
    return np.random.default_rng(1).normal(size=(STEPS, SIZE))


@pytest.fixture
def slopes() -> np.ndarray[Any, Any]:
    scales = 10.0 ** -np.linspace(0.0, 10.0, SIZE)
    return np.random.default_rng(2).normal(size=(STEPS, SIZE)) * scales


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_of_torch_numpy_and_reference_agree(
    reference: ModuleType, weights: Any, slopes: Any, momentum: float
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
    reference: ModuleType, weights: Any, slopes: Any, eps: float, start: adam_rules.State
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


def test_every_mistake_differs_from_the_right_rule_and_from_the_others(
    weights: Any, slopes: Any
) -> None:
    """Two hints that fit the same answer would send a student to the wrong section."""
    use = adam_rules.Settings(lr=0.3, beta1=0.8, beta2=0.99, eps=1e-2)
    walks = {"right": adam_rules.walk(weights, slopes, use)[0]}
    for name, make in adam_rules.wrong_weights(weights, slopes, use).items():
        walks[name] = make()
    rates = [0.3 / (2 + t) for t in range(STEPS)]
    also = {"right": sgd_rules.walk(weights, slopes, rates, 0.9)[0]}
    for name, make in sgd_rules.wrong_weights(weights, slopes, rates, 0.9).items():
        also[name] = make()
    assert len(walks) > 12
    assert len(also) > 6
    for results in (walks, also):
        names = sorted(results)
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                close = np.allclose(
                    results[one], results[other], rtol=1e-4, atol=1e-4, equal_nan=True
                )
                assert not close, (one, other)


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
