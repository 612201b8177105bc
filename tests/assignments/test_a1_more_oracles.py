"""Averages, RMSProp, AdamW and descent in a1: both oracles and the reference agree."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.graders.a1_sgd_vs_adam import (
    average_rules,
    contestants,
    decay_rules,
    rmsprop_rules,
)
from autograder.grading import Draw

REFERENCE = Path(__file__).resolve().parents[2] / "solutions" / "a1_sgd_vs_adam" / "reference.py"
STEPS, SIZE = 30, 5
Array = np.ndarray[Any, Any]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("a1_reference", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def weights() -> Array:
    return np.random.default_rng(1).normal(size=(STEPS, SIZE))


@pytest.fixture
def slopes() -> Array:
    scales = 10.0 ** -np.linspace(0.0, 6.0, SIZE)
    return np.random.default_rng(2).normal(size=(STEPS, SIZE)) * scales


def all_differ(right: Array, wrong: dict[str, Callable[[], Array]]) -> None:
    """Demand that no mistake gives the right value, and no two mistakes the same."""
    values = {"right": right, **{name: np.asarray(make()) for name, make in wrong.items()}}
    for one, other in combinations(values, 2):
        same = np.allclose(values[one], values[other], rtol=1e-4, atol=1e-6, equal_nan=True)
        assert not same, (one, other)


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
        all_differ(average_rules.weighted_sums(few, 0.8, correct=correct), wrong)


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
    all_differ(from_rest, wrong)


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
    all_differ(decay_rules.torch_walk(weights, slopes, replace(use, eps=1e-2))[0], wrong)


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
