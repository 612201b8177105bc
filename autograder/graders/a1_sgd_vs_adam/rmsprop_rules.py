"""What RMSProp should give, twice over, and what known mistakes give instead.

Expected values come from PyTorch's functional RMSprop. The mistakes are written out in numpy, each
as the right rule with one part exchanged. tests/assignments/test_a1_oracles.py compares the right
rule with PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.optim.rmsprop import rmsprop

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Settings:
    """The settings of an RMSProp, by the names that its constructor takes."""

    lr: float
    beta: float = 0.9
    eps: float = 1e-8


@dataclass(frozen=True)
class Rule:
    """RMSProp, put together from parts; without arguments the right one.

    Attributes
    ----------
    mix
        (old average, slopes, beta) -> new average of the squares.
    ratio
        (slopes, average, average before this step, eps, beta, t) -> the step in units of lr.
    """

    mix: Callable[[Array, Array, float], Array] = lambda v, g, beta: beta * v + (1.0 - beta) * g**2
    ratio: Callable[..., Array] = lambda g, v, old, eps, beta, t: g / (np.sqrt(v) + eps)


RIGHT = Rule()
WRONG = {
    "climbs": Rule(ratio=lambda g, v, old, eps, beta, t: -g / (np.sqrt(v) + eps)),
    "rmsprop-root-missing": Rule(ratio=lambda g, v, old, eps, beta, t: g / (v + eps)),
    "rmsprop-eps-in-root": Rule(ratio=lambda g, v, old, eps, beta, t: g / np.sqrt(v + eps)),
    "rmsprop-average-late": Rule(ratio=lambda g, v, old, eps, beta, t: g / (np.sqrt(old) + eps)),
    "rmsprop-corrected": Rule(
        ratio=lambda g, v, old, eps, beta, t: g / (np.sqrt(v / (1.0 - beta**t)) + eps)
    ),
    "rmsprop-sizes-for-squares": Rule(
        mix=lambda v, g, beta: beta * v + (1.0 - beta) * np.abs(g),
        ratio=lambda g, v, old, eps, beta, t: g / (v + eps),
    ),
    "rmsprop-squares-summed": Rule(mix=lambda v, g, beta: v + g**2),
    "rmsprop-squares-whole": Rule(mix=lambda v, g, beta: beta * v + g**2),
    "rmsprop-squares-forgotten": Rule(mix=lambda v, g, beta: (1.0 - beta) * g**2),
    "rmsprop-shares-swapped": Rule(mix=lambda v, g, beta: (1.0 - beta) * v + beta * g**2),
    "rmsprop-one-scale-for-all": Rule(
        mix=lambda v, g, beta: beta * v + (1.0 - beta) * np.mean(g**2)
    ),
}
"""Hint -> the rule of that mistake."""


def walk(
    weights: Array, slopes: Array, use: Settings, rule: Rule = RIGHT, v: Any = 0.0
) -> tuple[Array, Array]:
    """Return the weights after each step, and the last average, by a rule in numpy.

    Row k of ``weights`` is where step k starts; that need not be where step k - 1 ended.
    """
    v = v + np.zeros_like(weights[0])
    after = []
    with np.errstate(all="ignore"):
        for t, (w, g) in enumerate(zip(weights, slopes, strict=True), start=1):
            old, v = v, rule.mix(v, g, use.beta)
            after.append(w - use.lr * rule.ratio(g, v, old, use.eps, use.beta, t))
    return np.array(after), v


def torch_walk(weights: Array, slopes: Array, use: Settings, v: Any = 0.0) -> tuple[Array, Array]:
    """Return what :func:`walk` does for the right rule, by PyTorch."""
    average = torch.tensor(v + np.zeros_like(weights[0]))
    settings = {"lr": use.lr, "alpha": use.beta, "eps": use.eps}
    plain = {"foreach": False, "weight_decay": 0.0, "momentum": 0.0, "centered": False}
    after = []
    for w, g in zip(weights, slopes, strict=True):
        parameter = torch.tensor(w)
        count = [torch.tensor(0.0)]
        rmsprop([parameter], [torch.tensor(g)], [average], [], [], count, **settings, **plain)
        after.append(parameter.numpy())
    return np.array(after), average.numpy()


def wrong_weights(weights: Array, slopes: Array, use: Settings) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its weights after each step."""
    return {
        name: lambda rule=rule: walk(weights, slopes, use, rule)[0] for name, rule in WRONG.items()
    }
