"""The stand-ins for backward passes give PyTorch's slopes, and are refused where they must be."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from course import (
    stand_in_activation_backward,
    stand_in_affine_backward,
    stand_in_cross_entropy,
)

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("samples", [0, 1, 5])
def test_affine_slopes_are_those_of_autograd(samples: int) -> None:
    x, w, g = RNG.normal(size=(samples, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=(samples, 2))
    tensors = [torch.tensor(part, requires_grad=True) for part in (x, w, np.zeros(2))]
    y = tensors[0] @ tensors[1] + tensors[2]
    want = torch.autograd.grad(y, tensors, torch.tensor(g))
    for got, slope in zip(stand_in_affine_backward(g, x, w), want, strict=True):
        np.testing.assert_allclose(got, slope.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_activation_slopes_are_those_of_autograd(activation: str) -> None:
    z = torch.tensor(RNG.normal(size=(4, 3)), requires_grad=True)
    g = RNG.normal(size=(4, 3))
    a = getattr(torch, activation)(z)
    (want,) = torch.autograd.grad(a, [z], torch.tensor(g))
    got = stand_in_activation_backward(g, a.detach().numpy(), activation)
    np.testing.assert_allclose(got, want.numpy(), rtol=1e-12)


def test_unknown_activation_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no activation 'relux'; choose tanh, relu or sigmoid"):
        stand_in_activation_backward(np.ones(2), np.ones(2), "relux")


def test_cross_entropy_and_its_slopes_are_those_of_autograd() -> None:
    z, labels = RNG.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
    tensor = torch.tensor(z, requires_grad=True)
    loss = cross_entropy(tensor, torch.tensor(labels))
    (want,) = torch.autograd.grad(loss, [tensor])
    value, slopes = stand_in_cross_entropy(z, labels)
    assert value == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(slopes, want.numpy(), rtol=1e-12)
