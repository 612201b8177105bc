"""Networks for the hidden tests, PyTorch's answer to them, and what known mistakes give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy, mse_loss

from autograder.grading import Draw

Array = np.ndarray[Any, Any]
Layers = list[tuple[Array, Array]]
_ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
}


@dataclass(frozen=True)
class Case:
    """A network, and the batch that it is shown."""

    layers: Layers
    x: Array
    t: Array
    activation: str = "tanh"
    loss: str = "mse"

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What ``loss_and_slopes`` takes, in its order."""
        return self.layers, self.x, self.t, self.activation, self.loss

    @property
    def inputs(self) -> dict[str, Any]:
        """What a message shows."""
        return {
            "layers": [part for layer in self.layers for part in layer],
            "x": self.x,
            "t": self.t,
            "activation": self.activation,
            "loss": self.loss,
        }

    def outputs(self) -> list[Array]:
        """Return the input and what each layer answers, by PyTorch."""
        return [a.numpy() for a in _forward(_tensors(self.layers), self)]

    def value_and_slopes(self) -> tuple[float, Layers]:
        """Return the loss and a pair of slopes for each layer, by PyTorch's autograd."""
        layers = _tensors(self.layers)
        flat = [part.requires_grad_() for layer in layers for part in layer]
        y = _forward(layers, self)[-1]
        if self.loss == "mse":
            value = mse_loss(y, torch.tensor(self.t))
        else:
            value = cross_entropy(y, torch.tensor(self.t))
        slopes = [slope.numpy() for slope in torch.autograd.grad(value, flat)]
        return value.item(), list(zip(slopes[::2], slopes[1::2], strict=True))

    def moved_on(self, lr: float, slopes: Layers) -> Layers:
        """Return the layers after a step along these slopes."""
        return [
            (w - lr * dw, b - lr * db) for (w, b), (dw, db) in zip(self.layers, slopes, strict=True)
        ]

    def moved_mid_pass(self, lr: float) -> Layers:
        """Return the layers if each is renewed before the slopes of the one before are known."""
        layers = list(self.layers)
        for k in range(len(layers) - 1, -1, -1):
            slopes = replace(self, layers=layers)._slopes_of_layer(self, k)
            w, b = layers[k]
            layers[k] = (w - lr * slopes[0], b - lr * slopes[1])
        return layers

    def _slopes_of_layer(self, before: Case, k: int) -> tuple[Array, Array]:
        """Return a layer's slopes: activations of the old network, weights of this one above."""
        outputs = before.outputs()
        y = outputs[-1]
        upstream = 2.0 * (y - self.t) / y.size
        for above in range(len(self.layers) - 1, k, -1):
            a = outputs[above]
            on = 1.0 - a**2 if self.activation == "tanh" else (a > 0.0).astype(float)
            upstream = upstream @ self.layers[above][0].T * on
        return outputs[k].T @ upstream, upstream.sum(axis=0)


def some_case(draw: Draw, depth: int = 3, **how: str) -> Case:
    """Draw a network whose sizes all differ, and a batch."""
    sizes = [2 + (3 * k) % 7 + (k + 1) // 7 for k in range(depth)]
    sizes.append(4 if depth % 2 else 3)
    layers = [
        (draw.array(n_in, n_out, low=-1.2, high=1.2) / np.sqrt(n_in / 2.0), draw.array(n_out))
        for n_in, n_out in pairwise(sizes)
    ]
    samples = draw.integer(3, 9)
    x = draw.array(samples, sizes[0], low=-1.5, high=1.5)
    t = draw.array(samples, sizes[-1], low=-2.0, high=2.0)
    if how.get("loss") == "cross_entropy":
        t = draw.rng.integers(0, sizes[-1], size=samples)
    return Case(layers, x, t, **how)


def _tensors(layers: Layers) -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(torch.tensor(w), torch.tensor(b)) for w, b in layers]


def _forward(layers: list[tuple[torch.Tensor, torch.Tensor]], case: Case) -> list[torch.Tensor]:
    outputs = [torch.tensor(case.x)]
    for number, (w, b) in enumerate(layers, start=1):
        z = outputs[-1] @ w + b
        outputs.append(_ACTIVATIONS[case.activation](z) if number < len(layers) else z)
    return outputs
