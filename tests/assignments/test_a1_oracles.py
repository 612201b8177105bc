"""What the hidden tests of a1 expect: PyTorch, the rules in numpy and the reference agree."""

from __future__ import annotations

import importlib.util
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.graders.a1_sgd_vs_adam import adam_rules, sgd_rules

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
