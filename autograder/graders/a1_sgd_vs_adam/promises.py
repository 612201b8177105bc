"""What SGD and Adam promise in the same words, and the tools that both tests use.

These properties do not depend on the formula, so whoever has the formula wrong can still earn
their points. Doing nothing cannot: each test also demands that the steps answer to the slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.grading import Draw, Handle, Student, StudentRaised, expect

Array = np.ndarray[Any, Any]
New = Callable[[], Handle]
"""Makes a new optimizer of the student's, always with the same settings."""

_SHAPES: tuple[tuple[int, ...], ...] = ((1,), (2, 3), (3, 1, 2), (), (0,))


def steps_of(optimizer: Handle, weights: Array, slopes: Array) -> list[Any]:
    """Let the student's optimizer take a step from each row of the weights."""
    return [optimizer.call("step", w, g) for w, g in zip(weights, slopes, strict=True)]


def by_own_weights(weights: Array, after: Array) -> Array:
    """Return what comes out if the weights handed over are ignored after the first step."""
    return weights[0] - np.cumsum(weights - after, axis=0)


def state_of(optimizer: Handle, name: str) -> Any:
    """Return an attribute that the task promises."""
    try:
        return optimizer.get(name)
    except StudentRaised as raised:
        missing = raised.type_name == "AttributeError"
        expect.true(
            not missing, what=f"an optimizer has the attribute {name}", hint="state-renamed"
        )
        raise


def finite(got: Any, shape: tuple[int, ...], what: str | None = None) -> Array:
    """Return numbers of the student's, once they are known to be finite and of this shape."""
    step = f"step(w, g) returns finite numbers in the shape of w; here all results have {shape}"
    try:
        array = np.asarray(got, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        array = np.array(math.nan)
    expect.true(
        array.shape == shape and bool(np.isfinite(array).all()),
        what=step if what is None else what,
        got=got,
    )
    return array


def expect_answers_to_slopes(new: New, w: Array, g: Array) -> None:
    """Expect that opposite slopes move every weight in opposite directions.

    It keeps tests from passing where nothing is done, and asks for no formula. The second of two
    equal steps is looked at, so that a mistake in the very first one does not matter here.
    """
    moves = []
    for slopes in (g, -g):
        optimizer = new()
        optimizer.call("step", w, slopes)
        moves.append(finite(optimizer.call("step", w, slopes), w.shape) - w)
    expect.true(
        bool(np.all(moves[0] * moves[1] < 0.0)),
        what="opposite slopes move the weights in opposite directions",
        got=moves,
        inputs={"w": w, "slopes, and their opposites": g},
    )


def expect_nothing_changed(student: Student, new: New, draw: Draw) -> None:
    """Expect that two steps leave their arguments alone, and the second what the first gave."""
    size = draw.integer(2, 7)
    w, first, second = (draw.array(size, low=0.5, high=1.5) for _ in range(3))
    expect_answers_to_slopes(new, w, first)
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
    expect_answers_to_slopes(new, weights[0], slopes[0])


def expect_any_shape(new: New, draw: Draw) -> None:
    """Expect that weights of any shape are treated entry by entry, as a flat vector is."""
    expect_answers_to_slopes(new, np.array([0.5]), np.array([1.0]))
    for shape in _SHAPES:
        size = math.prod(shape)
        flat, shaped = new(), new()
        for _ in range(2):
            w, g = draw.array(size), draw.array(size, low=0.5, high=1.5)
            want = finite(flat.call("step", w, g), w.shape)
            expect.close(
                _step_in_shape(shaped, w.reshape(shape), g.reshape(shape)),
                want.reshape(shape),
                what=f"weights of shape {shape} are treated entry by entry, like a flat vector",
                inputs={"w": w.reshape(shape), "g": g.reshape(shape)},
                rtol=1e-6,
                atol=1e-6,
            )


def _step_in_shape(optimizer: Handle, w: Array, g: Array) -> Any:
    """Take a step; an error that a flat vector did not raise is the shape's."""
    try:
        return optimizer.call("step", w, g)
    except StudentRaised as raised:
        what = f"step(w, g) takes weights of shape {w.shape}, as it takes a flat vector"
        expect.true(False, what=f"{what}. {raised.without_arguments}", hint="vectors-only")
        raise
