"""The handed-out loop gives every optimizer the same data and keeps what it returns."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np
import pytest
import torch

import course
from course import TanhNetwork, train
from course.arrays import Array


class Descent:
    """Plain gradient descent that remembers what it was given."""

    def __init__(self, lr: float) -> None:
        self.lr = lr
        self.seen: list[tuple[Array, Array]] = []

    def step(self, w: Array, g: Array) -> Array:
        self.seen.append((w.copy(), g.copy()))
        return w - self.lr * g


class Returns:
    """Returns the same thing whatever it is given."""

    def __init__(self, value: object) -> None:
        self.value = value

    def step(self, w: Array, g: Array) -> object:
        return self.value


class CountingNetwork(TanhNetwork):
    """Notes which inputs it was asked the gradient of."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__(sizes)
        self.batches: list[list[float]] = []

    def gradient(self, x: Array, t: Array) -> Array:  # type: ignore[override]
        assert np.array_equal(t, 10 * x), "inputs and targets were separated"
        self.batches.append(x[:, 0].tolist())
        return super().gradient(x, t)


def test_loop_is_not_gradient_descent() -> None:
    x, t = course.noisy_sine(8)
    network, by_hand = TanhNetwork([1, 3, 1]), TanhNetwork([1, 3, 1])
    losses = train(network, Descent(0.1), x, t, steps=3)
    expected = [by_hand.loss(x, t)]
    for _ in range(3):
        by_hand.weights -= 0.1 * by_hand.gradient(x, t)
        expected.append(by_hand.loss(x, t))
    assert losses == pytest.approx(expected, rel=1e-12)
    assert network.weights == pytest.approx(by_hand.weights, rel=1e-12)
    assert all(type(loss) is float for loss in losses)


def test_epoch_misses_repeats_or_splits_samples() -> None:
    x = np.arange(7.0)[:, None]
    network = CountingNetwork([1, 2, 1])
    train(network, Descent(1e-4), x, 10 * x, steps=6, batch_size=3)
    assert [len(batch) for batch in network.batches] == [3, 3, 1] * 2
    epochs = [[*chain(*network.batches[:3])], [*chain(*network.batches[3:])]]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(7))
    assert epochs[0] != epochs[1]


def test_same_seed_gives_other_batches() -> None:
    x = np.arange(9.0)[:, None]
    seen = []
    for seed in (1, 1, 2):
        network = CountingNetwork([1, 2, 1])
        train(network, Descent(1e-4), x, 10 * x, steps=3, batch_size=4, seed=seed)
        seen.append(network.batches)
    assert seen[0] == seen[1] != seen[2]


def test_optimizer_that_changes_its_arguments_spoils_the_network() -> None:
    class Meddler:
        def step(self, w: Array, g: Array) -> Array:
            new = w - 0.1 * g
            w[:] = math.nan
            return new

    x, t = course.noisy_sine(8)
    assert np.isfinite(train(TanhNetwork([1, 2, 1]), Meddler(), x, t, steps=4)).all()


def test_optimizer_that_remembers_weights_sees_them_change() -> None:
    class Collector:
        def __init__(self) -> None:
            self.seen: list[Array] = []

        def step(self, w: Array, g: Array) -> Array:
            self.seen.append(w)
            return w - 0.1 * g

    x, t = course.noisy_sine(8)
    collector = Collector()
    train(TanhNetwork([1, 2, 1]), collector, x, t, steps=4)
    assert len({tuple(w) for w in collector.seen}) == 4


def test_divergence_raises_or_warns(recwarn: pytest.WarningsRecorder) -> None:
    x, t = course.noisy_sine(8)
    losses = train(TanhNetwork([1, 2, 1]), Descent(1e6), x, t, steps=200)
    assert len(losses) == 201
    assert not math.isfinite(losses[-1])
    assert not recwarn.list


def test_tensor_is_refused_as_weights() -> None:
    class InTorch:
        def step(self, w: Array, g: Array) -> torch.Tensor:
            return torch.tensor(w) - 0.1 * torch.tensor(g)

    x, t = course.noisy_sine(8)
    expected = train(TanhNetwork([1, 2, 1]), Descent(0.1), x, t, steps=3)
    assert train(TanhNetwork([1, 2, 1]), InTorch(), x, t, steps=3) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, r"Returns.step\(w, g\) returned None"),
        ("weights", "returned str; it must return the new weights"),
        (1.0, r"an array of shape \(\); .* of the shape of w, \(7,\)"),
        (np.zeros((7, 1)), r"an array of shape \(7, 1\)"),
        (torch.zeros(7, requires_grad=True), "returned Tensor"),
    ],
)
def test_nonsense_from_step_is_not_named(value: object, told: str) -> None:
    x, t = course.noisy_sine(8)
    with pytest.raises(ValueError, match=told):
        train(TanhNetwork([1, 2, 1]), Returns(value), x, t, steps=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(("steps", "batch_size"), [(-1, None), (1, 0), (1, -2)])
def test_loop_takes_impossible_sizes(steps: int, batch_size: int | None) -> None:
    x, t = course.noisy_sine(8)
    with pytest.raises(ValueError, match=r"steps is|batch_size is"):
        train(TanhNetwork([1, 2, 1]), Descent(0.1), x, t, steps=steps, batch_size=batch_size)


def test_training_on_nothing_goes_on_for_ever() -> None:
    nothing = np.zeros((0, 1))
    with pytest.raises(ValueError, match="nothing to train on"):
        train(TanhNetwork([1, 2, 1]), Descent(0.1), nothing, nothing, steps=1)
