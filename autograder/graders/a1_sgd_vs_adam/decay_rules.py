"""What Adam with decoupled weight decay should give, twice over, and what known mistakes give.

Expected values come from PyTorch's functional AdamW. The mistakes are written out in numpy, each
as the right rule with one part exchanged. tests/assignments/test_a1_oracles.py compares the right
rule with PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.optim.adamw import adamw

from . import adam_rules
from .adam_rules import Array, State


@dataclass(frozen=True)
class Settings(adam_rules.Settings):
    """The settings of an AdamW, by the names that its constructor takes."""

    weight_decay: float = 0.01


@dataclass(frozen=True)
class Rule:
    """AdamW, put together from parts; without arguments the right one.

    Attributes
    ----------
    in_first, in_second, in_step
        How much of decay times weights is added to the slopes that the first average takes in,
        to those that the second takes in, and to the corrected average before the division.
    pull
        (weights, weights after Adam's step, lr, decay) -> what the decay subtracts.
    """

    in_first: float = 0.0
    in_second: float = 0.0
    in_step: float = 0.0
    pull: Callable[[Array, Array, float, float], Any] = lambda w, stepped, lr, decay: lr * decay * w


def _nothing(w: Array, stepped: Array, lr: float, decay: float) -> float:
    return 0.0


RIGHT = Rule()
WRONG = {
    "decay-coupled": Rule(in_first=1.0, in_second=1.0, pull=_nothing),
    "decay-in-first-average": Rule(in_first=1.0, pull=_nothing),
    "decay-divided": Rule(in_step=1.0, pull=_nothing),
    "decay-twice": Rule(in_first=1.0, in_second=1.0),
    "decay-without-rate": Rule(pull=lambda w, stepped, lr, decay: decay * w),
    "decay-after-the-step": Rule(pull=lambda w, stepped, lr, decay: lr * decay * stepped),
    "decay-grows": Rule(pull=lambda w, stepped, lr, decay: -lr * decay * w),
    "decay-by-sign": Rule(pull=lambda w, stepped, lr, decay: lr * decay * np.sign(w)),
    "decay-doubled": Rule(pull=lambda w, stepped, lr, decay: 2.0 * lr * decay * w),
    "decay-missing": Rule(pull=_nothing),
}
"""Hint -> the rule of that mistake."""


def walk(weights: Array, slopes: Array, use: Settings, rule: Rule = RIGHT) -> tuple[Array, State]:
    """Return the weights after each step from rest, and the last state, by a rule in numpy.

    Row k of ``weights`` is where step k starts; that need not be where step k - 1 ended.
    """
    m, v = np.zeros_like(weights[0]), np.zeros_like(weights[0])
    after = []
    for t, (w, g) in enumerate(zip(weights, slopes, strict=True), start=1):
        penalty = use.weight_decay * w
        m = use.beta1 * m + (1.0 - use.beta1) * (g + rule.in_first * penalty)
        v = use.beta2 * v + (1.0 - use.beta2) * (g + rule.in_second * penalty) ** 2
        top = m / (1.0 - use.beta1**t) + rule.in_step * penalty
        stepped = w - use.lr * top / (np.sqrt(v / (1.0 - use.beta2**t)) + use.eps)
        after.append(stepped - rule.pull(w, stepped, use.lr, use.weight_decay))
    return np.array(after), State(m, v, len(weights))


def torch_walk(
    weights: Array, slopes: Array, use: Settings, start: State | None = None
) -> tuple[Array, State]:
    """Return what :func:`walk` does for the right rule, by PyTorch; a state may be given."""
    start = State() if start is None else start
    m, v = (torch.tensor(part + np.zeros_like(weights[0])) for part in (start.m, start.v))
    count = torch.tensor(float(start.t))
    settings = {"lr": use.lr, "beta1": use.beta1, "beta2": use.beta2, "eps": use.eps}
    plain = {"foreach": False, "amsgrad": False, "maximize": False}
    after = []
    for w, g in zip(weights, slopes, strict=True):
        parameter = torch.tensor(w)
        adamw([parameter], [torch.tensor(g)], [m], [v], [], [count],
              weight_decay=use.weight_decay, **settings, **plain)  # fmt: skip
        after.append(parameter.numpy())
    return np.array(after), State(m.numpy(), v.numpy(), int(count))


def wrong_weights(weights: Array, slopes: Array, use: Settings) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its weights after each step.

    Adam's own mistakes, made beside a right decay, come last.
    """
    decays = {
        name: lambda rule=rule: walk(weights, slopes, use, rule)[0] for name, rule in WRONG.items()
    }
    pull = use.lr * use.weight_decay * weights
    steps = {
        name: lambda make=make: make() - pull
        for name, make in adam_rules.wrong_weights(weights, slopes, use).items()
    }
    return {**decays, **steps}
