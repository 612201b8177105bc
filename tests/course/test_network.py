"""The handed-out network: shared memory, and a gradient that two oracles agree with."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course import TanhNetwork
from course.arrays import Array

SHAPES = [[1, 1], [1, 10, 1], [2, 3, 1], [3, 4, 2, 2], [2, 5, 4, 3, 1]]


def sample(sizes: list[int], rows: int, seed: int = 1) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, sizes[0])), rng.normal(size=(rows, sizes[-1]))


def by_finite_differences(network: TanhNetwork, x: Array, t: Array, h: float = 1e-6) -> Array:
    slopes = np.empty_like(network.weights)
    for i in range(len(slopes)):
        kept = network.weights[i]
        network.weights[i] = kept + h
        above = network.loss(x, t)
        network.weights[i] = kept - h
        slopes[i] = (above - network.loss(x, t)) / (2 * h)
        network.weights[i] = kept
    return slopes


def by_torch(network: TanhNetwork, x: Array, t: Array) -> tuple[Array, float, Array]:
    """Return prediction, loss and gradient from torch's own layers and autograd."""
    parts: list[torch.nn.Module] = []
    for layer in network.layers:
        linear = torch.nn.Linear(len(layer) - 1, layer.shape[1], dtype=torch.float64)
        with torch.no_grad():
            linear.bias.copy_(torch.tensor(layer[0]))
            linear.weight.copy_(torch.tensor(layer[1:].T))
        parts += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*parts[:-1])
    predicted = model(torch.tensor(x))
    loss = torch.nn.functional.mse_loss(predicted, torch.tensor(t))
    loss.backward()  # type: ignore[no-untyped-call]
    slopes = [
        np.vstack([part.bias.grad.numpy(), part.weight.grad.numpy().T]).ravel()  # type: ignore[union-attr]
        for part in parts[::2]
    ]
    return predicted.detach().numpy(), loss.item(), np.concatenate(slopes)


@pytest.mark.parametrize("sizes", SHAPES)
@pytest.mark.parametrize("rows", [1, 6])
def test_gradient_differs_from_finite_differences(sizes: list[int], rows: int) -> None:
    network = TanhNetwork(sizes, seed=2)
    x, t = sample(sizes, rows)
    expected = by_finite_differences(network, x, t)
    assert np.abs(expected).max() > 1e-3
    assert network.gradient(x, t) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("sizes", SHAPES)
def test_network_differs_from_torch(sizes: list[int]) -> None:
    network = TanhNetwork(sizes, seed=4)
    x, t = sample(sizes, 5)
    predicted, loss, slopes = by_torch(network, x, t)
    assert network.predict(x) == pytest.approx(predicted, rel=1e-12)
    assert network.loss(x, t) == pytest.approx(loss, rel=1e-12)
    assert network.gradient(x, t) == pytest.approx(slopes, rel=1e-10, abs=1e-14)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=5))
def test_layers_are_copies_of_the_weights(sizes: list[int]) -> None:
    network = TanhNetwork(sizes)
    shapes = [(n + 1, m) for n, m in itertools.pairwise(sizes)]
    assert [layer.shape for layer in network.layers] == shapes
    assert network.weights.size == sum(n * m for n, m in shapes)
    network.weights[:] = np.arange(network.weights.size)
    flat = np.concatenate([layer.ravel() for layer in network.layers])
    assert np.array_equal(flat, network.weights)
    network.layers[-1][-1, -1] = -7.0
    assert network.weights[-1] == -7.0


def test_setting_weights_breaks_the_views() -> None:
    network = TanhNetwork([2, 3, 1])
    new = np.arange(13.0)
    network.set_weights(new)
    assert network.layers[1][0, 0] == 9.0
    network.weights = new + 1
    assert network.layers[1][0, 0] == 10.0
    network.weights -= 0.5
    assert network.layers[1][0, 0] == 9.5
    assert np.array_equal(new, np.arange(13.0))
    assert all(np.shares_memory(layer, network.weights) for layer in network.layers)


def test_calls_change_weights_or_arguments() -> None:
    network = TanhNetwork([2, 3, 1])
    before = network.weights.copy()
    x, t = sample([2, 1], 4)
    kept_x, kept_t = x.copy(), t.copy()
    gradient = network.gradient(x, t)
    network.loss(x, t)
    assert gradient.shape == before.shape
    assert not np.shares_memory(gradient, network.weights)
    assert np.array_equal(network.weights, before)
    assert np.array_equal(x, kept_x)
    assert np.array_equal(t, kept_t)


def test_seed_gives_other_weights_each_time() -> None:
    assert np.array_equal(TanhNetwork([3, 2], seed=1).weights, TanhNetwork([3, 2], seed=1).weights)
    assert not np.array_equal(TanhNetwork([3, 2]).weights, TanhNetwork([3, 2], seed=1).weights)


def test_hidden_answers_are_not_those_of_the_units() -> None:
    network = TanhNetwork([1, 3, 2, 1])
    x = np.array([[0.5], [-1.0]])
    first, second = network.hidden(x)
    weights = network.layers[0]
    assert first == pytest.approx(np.tanh(weights[0] + x * weights[1]))
    assert second.shape == (2, 2)


@pytest.mark.parametrize("sizes", [[], [3], [2, 0, 1], [-1, 2]])
def test_network_takes_impossible_sizes(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="sizes is"):
        TanhNetwork(sizes)


def test_wrong_shapes_are_broadcast() -> None:
    network = TanhNetwork([1, 3, 1])
    x = np.zeros((4, 1))
    with pytest.raises(ValueError, match=r"t has shape \(4,\).*reshape\(-1, 1\)"):
        network.loss(x, np.zeros(4))
    with pytest.raises(ValueError, match="x has 4 rows and t has 3"):
        network.gradient(x, np.zeros((3, 1)))
    with pytest.raises(ValueError, match=r"x has shape \(4, 2\)"):
        network.predict(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"w has shape \(10, 1\).*10 weights"):
        network.set_weights(np.zeros((10, 1)))
