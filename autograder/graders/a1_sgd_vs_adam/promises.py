"""What SGD and Adam promise in the same words, and the tools that both tests use.

These properties do not depend on the formula, so whoever has the formula wrong can still earn
their points. Doing nothing cannot: each begins with a step that must go downhill.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.grading import Draw, Handle, Student, expect

Array = np.ndarray[Any, Any]
New = Callable[[], Handle]
"""Makes a new optimizer of the student's, always with the same settings."""

_ANY_NUMBER = 1e300
_SHAPES: tuple[tuple[int, ...], ...] = ((1,), (2, 3), (3, 1, 2), (), (0,))


def steps_of(optimizer: Handle, weights: Array, slopes: Array) -> list[Any]:
    """Let the student's optimizer take a step from each row of the weights."""
    return [optimizer.call("step", w, g) for w, g in zip(weights, slopes, strict=True)]


def by_own_weights(weights: Array, after: Array) -> Array:
    """Return what comes out if the weights handed over are ignored after the first step."""
    return weights[0] - np.cumsum(weights - after, axis=0)


def finite(got: Any, shape: tuple[int, ...]) -> Array:
    """Return numbers of the student's, once they are known to be finite and of this shape."""
    what = f"step(w, g) returns finite numbers in the shape of w, here {shape}"
    expect.close(got, np.zeros(shape), atol=_ANY_NUMBER, what=what)
    return np.asarray(got, dtype=np.float64)


def expect_downhill(new: New, w: Array, g: Array) -> None:
    """Expect that a new optimizer moves every weight against its slope; no slope is zero."""
    after = finite(new().call("step", w, g), w.shape)
    uphill = bool(np.all(np.sign(after - w) == np.sign(g)))
    expect.true(
        bool(np.all(np.sign(w - after) == np.sign(g))),
        what="the first step moves every weight against its slope",
        got=after,
        inputs={"w": w, "g": g},
        hint="climbs" if uphill else None,
    )


def expect_nothing_changed(student: Student, new: New, draw: Draw) -> None:
    """Expect that two steps leave their arguments alone, and the second what the first gave."""
    size = draw.integer(2, 7)
    w, first, second = (draw.array(size, low=0.5, high=1.5) for _ in range(3))
    expect_downhill(new, w, first)
    optimizer = new()
    held_w, held_first, held_second = student.put(w), student.put(first), student.put(second)
    result = optimizer.new("step", held_w, held_first)
    returned = finite(result.fetch(), w.shape)
    optimizer.call("step", held_w, held_second)
    for held, before, what, hint in (
        (held_w, w, "step leaves the weights it is given as they were", "weights-changed"),
        (held_second, second, "step leaves the slopes it is given as they were", "slopes-changed"),
        (held_first, first, "a later step leaves earlier slopes as they were", "slopes-changed"),
        (result, returned, "a later step leaves alone what was returned before", "result-reused"),
    ):
        expect.unchanged(held, before, what=what, hint=hint)


def expect_independent(new: New, another: New, weights: Array, slopes: Array) -> None:
    """Expect the same steps of an optimizer, alone or with another at work beside it."""
    want = finite(steps_of(new(), weights, slopes), weights.shape)
    optimizer, neighbour = new(), another()
    got = []
    for w, g in zip(weights, slopes, strict=True):
        got.append(optimizer.call("step", w, g))
        neighbour.call("step", 2.0 * w, -3.0 * g)
    together = finite(got, weights.shape)
    expect.true(
        bool(np.allclose(together, want, rtol=1e-6, atol=1e-6)),
        what="an optimizer takes the same steps whether or not another one is at work beside it",
        got=together,
        expected=want,
        inputs={"weights, by step": weights, "slopes": slopes},
        hint="state-shared",
    )
    expect_downhill(new, weights[0], slopes[0])


def expect_any_shape(new: New, draw: Draw) -> None:
    """Expect that weights of any shape are treated entry by entry, as a flat vector is."""
    expect_downhill(new, np.array([0.5]), np.array([1.0]))
    for shape in _SHAPES:
        size = math.prod(shape)
        flat, shaped = new(), new()
        for _ in range(2):
            w, g = draw.array(size), draw.array(size, low=0.5, high=1.5)
            want = finite(flat.call("step", w, g), w.shape)
            expect.close(
                shaped.call("step", w.reshape(shape), g.reshape(shape)),
                want.reshape(shape),
                what=f"weights of shape {shape} are treated entry by entry, like a flat vector",
                inputs={"w": w.reshape(shape), "g": g.reshape(shape)},
                rtol=1e-6,
                atol=1e-6,
            )
