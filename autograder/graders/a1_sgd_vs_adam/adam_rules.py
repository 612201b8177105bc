"""What Adam should give, twice over, and what known mistakes give instead.

Expected values come from PyTorch's functional Adam. The mistakes are written out in numpy, each as
the right rule with one part exchanged. tests/assignments/test_a1_oracles.py compares the right
rule with PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.optim.adam import adam

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Settings:
    """The settings of an Adam, by the names that its constructor takes."""

    lr: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8


@dataclass(frozen=True)
class State:
    """What an Adam remembers: both averages, uncorrected, and the steps taken."""

    m: Any = 0.0
    v: Any = 0.0
    t: int = 0


@dataclass(frozen=True)
class Rule:
    """Adam, put together from parts; without arguments the right one.

    Attributes
    ----------
    squares
        (slopes, new m) -> what the second average takes in.
    correction
        (beta, t) -> what an average is divided by.
    ratio
        (m, v, correction of m, correction of v, eps) -> the step in units of lr.
    keeps_corrected
        Whether the corrected averages are carried on to the next step.
    """

    squares: Callable[[Array, Array], Any] = lambda g, m: g**2
    correction: Callable[[float, int], float] = lambda beta, t: 1.0 - beta**t
    ratio: Callable[..., Array] = lambda m, v, c1, c2, eps: m / c1 / (np.sqrt(v / c2) + eps)
    keeps_corrected: bool = False
    swaps_betas: bool = False
    averages_slopes: bool = True


WRONG = {
    "climbs": Rule(ratio=lambda m, v, c1, c2, eps: -m / c1 / (np.sqrt(v / c2) + eps)),
    "no-bias-correction": Rule(correction=lambda beta, t: 1.0),
    "one-average-uncorrected": Rule(ratio=lambda m, v, c1, c2, eps: m / c1 / (np.sqrt(v) + eps)),
    "count-ahead": Rule(correction=lambda beta, t: 1.0 - beta ** (t + 1)),
    "count-from-zero": Rule(correction=lambda beta, t: 1.0 - beta ** (t - 1)),
    "product-for-power": Rule(correction=lambda beta, t: 1.0 - beta * t),
    "betas-swapped": Rule(swaps_betas=True),
    "corrected-kept": Rule(keeps_corrected=True),
    "eps-before-correction": Rule(
        ratio=lambda m, v, c1, c2, eps: m / c1 / (np.sqrt(v) + eps) * np.sqrt(c2)
    ),
    "eps-in-root": Rule(ratio=lambda m, v, c1, c2, eps: m / c1 / np.sqrt(v / c2 + eps)),
    "root-missing": Rule(ratio=lambda m, v, c1, c2, eps: m / c1 / (v / c2 + eps)),
    "variance-for-square": Rule(squares=lambda g, m: (g - m) ** 2),
    "one-scale-for-all": Rule(squares=lambda g, m: np.mean(g**2)),
    "slopes-not-averaged": Rule(averages_slopes=False),
}
"""Hint -> the rule of that mistake."""

RIGHT = Rule()


def walk(
    weights: Array, slopes: Array, use: Settings, rule: Rule = RIGHT, start: State | None = None
) -> tuple[Array, State]:
    """Return the weights after each step, and the last state, by a rule in numpy.

    Row k of ``weights`` is where step k starts; that need not be where step k - 1 ended. Some
    mistakes divide by zero: then the weights are not finite, as the student's are.
    """
    start = State() if start is None else start
    m, v = start.m + np.zeros_like(weights[0]), start.v + np.zeros_like(weights[0])
    beta1, beta2 = (use.beta2, use.beta1) if rule.swaps_betas else (use.beta1, use.beta2)
    after = []
    with np.errstate(all="ignore"):
        for t, (w, g) in enumerate(zip(weights, slopes, strict=True), start=start.t + 1):
            m = beta1 * m + (1.0 - beta1) * g
            v = beta2 * v + (1.0 - beta2) * rule.squares(g, m)
            c1, c2 = np.float64(rule.correction(beta1, t)), np.float64(rule.correction(beta2, t))
            top, c_top = (m, c1) if rule.averages_slopes else (g, 1.0)
            after.append(w - use.lr * rule.ratio(top, v, c_top, c2, use.eps))
            if rule.keeps_corrected:
                m, v = m / c1, v / c2
    return np.array(after), State(m, v, start.t + len(weights))


def torch_walk(
    weights: Array, slopes: Array, use: Settings, start: State | None = None
) -> tuple[Array, State]:
    """Return what :func:`walk` does for the right rule, by PyTorch."""
    start = State() if start is None else start
    m, v = (torch.tensor(part + np.zeros_like(weights[0])) for part in (start.m, start.v))
    count = torch.tensor(float(start.t))
    settings = {"lr": use.lr, "beta1": use.beta1, "beta2": use.beta2, "eps": use.eps}
    plain = {"foreach": False, "amsgrad": False, "weight_decay": 0.0, "maximize": False}
    after = []
    for w, g in zip(weights, slopes, strict=True):
        parameter = torch.tensor(w)
        adam([parameter], [torch.tensor(g)], [m], [v], [], [count], **settings, **plain)
        after.append(parameter.numpy())
    return np.array(after), State(m.numpy(), v.numpy(), int(count))


def wrong_weights(weights: Array, slopes: Array, use: Settings) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its weights after each step."""
    return {
        name: lambda rule=rule: walk(weights, slopes, use, rule)[0] for name, rule in WRONG.items()
    }
