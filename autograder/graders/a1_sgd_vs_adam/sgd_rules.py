"""What SGD with momentum should give, twice over, and what known mistakes give instead.

Expected values come from PyTorch's functional SGD. The mistakes are written out in numpy, and so
is the right rule, which tests/assignments/test_a1_oracles.py compares with PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.optim.sgd import sgd

Array = np.ndarray[Any, Any]
Rule = Callable[[Array, Array, float, float], tuple[Array, Array]]
"""(velocity, slope, momentum, rate) -> (new velocity, what is subtracted from the weights)."""


def right(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Follow the notebook's rule."""
    new = mu * v + g
    return new, eta * new


def climbs(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Add where it should subtract."""
    new, move = right(v, g, mu, eta)
    return new, -move


def dampening(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Let the slope enter as in a running average."""
    return right(v, (1.0 - mu) * g, mu, eta)


def velocity_reset(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Begin every step from rest."""
    return g, eta * g


def velocity_late(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Use the velocity before it is renewed."""
    return mu * v + g, eta * v


def nesterov(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Look one step ahead."""
    new = mu * v + g
    return new, eta * (g + mu * new)


def rate_in_velocity(v: Array, g: Array, mu: float, eta: float) -> tuple[Array, Array]:
    """Multiply by the rate on the way into the velocity, not on the way out."""
    new = mu * v + eta * g
    return new, new


WRONG: dict[str, Rule] = {
    "climbs": climbs,
    "dampening": dampening,
    "velocity-reset": velocity_reset,
    "velocity-late": velocity_late,
    "nesterov": nesterov,
    "rate-in-velocity": rate_in_velocity,
}
"""Hint -> the rule of that mistake."""


def walk(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float, *, rule: Rule = right
) -> tuple[Array, Array]:
    """Return the weights after each step from rest, and the last velocity, by a rule in numpy.

    Row k of ``weights`` is where step k starts; that need not be where step k - 1 ended.
    """
    v = np.zeros_like(weights[0])
    after = []
    for w, g, eta in zip(weights, slopes, rates, strict=True):
        v, move = rule(v, g, mu, eta)
        after.append(w - move)
    return np.array(after), v


def torch_walk(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float, v: Array | None = None
) -> tuple[Array, Array]:
    """Return what :func:`walk` does, by PyTorch; a velocity to start with may be given."""
    velocity = [
        torch.zeros(weights[0].shape, dtype=torch.float64) if v is None else torch.tensor(v)
    ]
    plain = {"weight_decay": 0.0, "dampening": 0.0, "nesterov": False, "maximize": False}
    after = []
    for w, g, eta in zip(weights, slopes, rates, strict=True):
        parameter = torch.tensor(w)
        sgd([parameter], [torch.tensor(g)], velocity, foreach=False, momentum=mu, lr=eta, **plain)
        after.append(parameter.numpy())
    return np.array(after), velocity[0].numpy()


def wrong_weights(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float
) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its weights after each step."""
    steps = partial(walk, weights, slopes, rates, mu)
    return {name: lambda rule=rule: steps(rule=rule)[0] for name, rule in WRONG.items()}


def wrong_velocities(
    weights: Array, slopes: Array, rates: Sequence[float], mu: float
) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its last velocity."""
    steps = partial(walk, weights, slopes, rates, mu)
    return {name: lambda rule=rule: steps(rule=rule)[1] for name, rule in WRONG.items()}
