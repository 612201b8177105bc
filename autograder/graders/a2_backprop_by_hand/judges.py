"""Functions with right and planted-wrong gradients, for the student's judge to tell apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Function = Callable[[Any], float]
Gradient = Callable[[Any], Array]


@dataclass(frozen=True)
class Planted:
    """A function, a gradient that somebody wrote for it, and whether that is right."""

    name: str
    f: Function
    gradient: Gradient
    right: bool


def wave(c: Array, scale: float = 1.0) -> tuple[Function, Gradient]:
    """Return a smooth function with curvature of every order, and its gradient."""

    def f(w: Any) -> float:
        terms = np.sum(np.sin(c * w) + 0.3 * np.asarray(w) ** 3)
        return scale * float(terms + 0.2 * np.sum(w) ** 2)  # so entries act on each other

    def gradient(w: Any) -> Array:
        own = c * np.cos(c * w) + 0.9 * np.asarray(w) ** 2
        return scale * np.asarray(own + 0.4 * np.sum(w))

    return f, gradient


def planted(c: Array) -> list[Planted]:
    """Return right gradients, and wrong ones as people write them, for functions of c's shape."""
    f, g = wave(c)
    tiny, tiny_g = wave(c, 1e-7)
    huge, huge_g = wave(c, 1e6)
    last = np.zeros(c.size)
    last[-1] = 1.0
    one = last.reshape(c.shape)
    return [
        Planted("right", f, g, True),
        Planted("of a function in large units", huge, huge_g, True),
        Planted("of a function in small units", tiny, tiny_g, True),
        Planted("twice as large", f, lambda w: 2.0 * g(w), False),
        Planted("with the wrong sign", f, lambda w: -g(w), False),
        Planted("with one entry off by a tenth", f, lambda w: g(w) * (1.0 + 0.1 * one), False),
        Planted("with all entries off by 1 in 1000", f, lambda w: 1.001 * g(w), False),
        Planted("twice as large, in small units", tiny, lambda w: 2.0 * tiny_g(w), False),
        Planted("all zero", f, lambda w: 0.0 * g(w), False),
    ]
