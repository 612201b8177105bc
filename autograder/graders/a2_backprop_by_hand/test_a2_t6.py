"""Hidden tests of a2_t6, the checker of gradients. Its functions run here, so calls are seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Spy, Student, expect

from .judges import Array, planted, wave


def some_place(draw: Draw) -> tuple[Array, Array]:
    """Draw a place and the coefficients of a function there."""
    shape = (draw.integer(1, 2), draw.integer(2, 3))
    return draw.array(*shape, low=0.3, high=1.2), draw.array(*shape, low=1.0, high=2.0)


def steep_place(draw: Draw, *shape: int) -> tuple[Array, Array]:
    """Draw the same for waves so short that h = 1e-5 is off by 5e-5 of the slope to one side.

    To both sides it is off by 1e-9 of the slope, and h = 1e-2 by 5e-4.
    """
    return draw.array(*shape, low=0.13, high=0.17), draw.array(*shape, low=6.5, high=7.5)


def differences(f: Any, w: Array, above: float, below: float) -> Array:
    """Return (f(w + above) - f(w - below)) / (above + below), place by place."""
    slopes = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        one = np.zeros(w.shape)
        one[place] = 1.0
        slopes[place] = (f(w + above * one) - f(w - below * one)) / (above + below)
    return slopes


@pytest.mark.task("a2_t6", points=2)
def test_differences_are_taken_to_both_sides(student: Student, draw: Draw) -> None:
    w, c = some_place(draw)
    f, _ = wave(c)
    for h in (0.3, 0.1):  # so coarse that one side alone shows
        want = differences(f, w, h, h)
        expect.close(
            student.call("numeric_gradient", f, w, h),
            want,
            what="each slope is (f(w + h) - f(w - h)) / (2 h), with one entry of w moved at a time",
            rtol=1e-4,
            inputs={"w": w, "h": h},
            misconceptions={
                "one-sided-difference": differences(f, w, h, 0.0),
                "one-sided-difference-below": differences(f, w, 0.0, h),
                "divided-by-h": 2.0 * want,
                "h-ignored": differences(f, w, 1e-5, 1e-5),
                "all-moved-together": np.full(w.shape, (f(w + h) - f(w - h)) / (2.0 * h)),
                "slope-sign": -want,
            },
        )


@pytest.mark.task("a2_t6", points=1)
def test_default_distance_is_small_enough(student: Student, draw: Draw) -> None:
    w, c = steep_place(draw, draw.integer(1, 2), draw.integer(2, 3))
    f, gradient = wave(c)
    spy = Spy(f)
    expect.close(
        student.call("numeric_gradient", spy, w),
        gradient(w),
        what="with the default h, the differences agree with the true gradient",
        rtol=1e-6,
        inputs={"w": w},
    )
    tried = [np.asarray(arguments[0], dtype=np.float64) for arguments in spy.calls]
    farthest = max(float(np.max(np.abs(place - w))) for place in tried if place.shape == w.shape)
    expect.close(farthest, 1e-5, what="the default of h is 1e-5", rtol=1e-3, inputs={"w": w})


@pytest.mark.task("a2_t6", points=1)
def test_weights_are_left_as_they_were(student: Student, draw: Draw) -> None:
    w, c = steep_place(draw, draw.integer(1, 2), draw.integer(2, 3))
    f, gradient = wave(c)
    held = student.put(w)
    expect.close(
        student.call("numeric_gradient", f, held),
        gradient(w),
        what="the differences agree with the true gradient",
        rtol=1e-5,
        inputs={"w": w},
    )
    expect.unchanged(
        held, w, what="numeric_gradient leaves w exactly as it was", hint="weights-left-moved"
    )
    whole = np.arange(1, 1 + c.size).reshape(c.shape)
    expect.close(
        student.call("numeric_gradient", f, whole),
        gradient(whole),
        what="w may hold whole numbers",
        rtol=1e-5,
        inputs={"w": whole},
        misconceptions={"whole-numbers-cut": differences(f, whole + 0.0, 0.0, 1.0) / 2e-5},
    )


@pytest.mark.task("a2_t6", points=1)
def test_weights_may_have_any_shape(student: Student, draw: Draw) -> None:
    for shape in ((), (3,), (2, 1, 2), (0, 4)):
        w, c = steep_place(draw, *shape)
        f, gradient = wave(c)
        expect.close(
            student.call("numeric_gradient", f, w),
            gradient(w),
            what=f"weights of shape {shape} have slopes of that shape",
            rtol=1e-5,
            inputs={"w": w},
        )


@pytest.mark.task("a2_t6", points=1)
def test_error_is_told_in_units_of_the_longer_one(student: Student, draw: Draw) -> None:
    g = draw.array(draw.integer(2, 3), 2, low=0.5, high=2.0)
    n = g + draw.array(*g.shape, low=0.1, high=0.4)
    size = np.linalg.norm
    for scale in (1.0, 1e-9, 1e8):
        want = size(g - n) / size(n)
        for one, other in ((g, n), (n, g)):
            expect.close(
                student.call("relative_error", scale * one, scale * other),
                want,
                what="relative_error(g, n) is |g - n| / max(|g|, |n|), whatever the units",
                rtol=1e-4,
                inputs={"g": scale * one, "n": scale * other},
                misconceptions={
                    "absolute-error": scale * size(g - n),
                    "longer-and-shorter-mixed-up": size(g - n) / size(g),
                    "divided-by-both": size(g - n) / (size(g) + size(n)),
                    "largest-entry": np.max(np.abs(g - n)) / np.max(np.abs(n)),
                    "error-squared": want**2,
                },
            )
    expect.close(
        student.call("relative_error", np.zeros(3), np.zeros(3)),
        0.0,
        what="two gradients that are all zero do not differ",
        inputs={"g": np.zeros(3), "n": np.zeros(3)},
    )


@pytest.mark.task("a2_t6", points=2)
def test_judge_tells_right_from_planted(student: Student, draw: Draw) -> None:
    w, c = some_place(draw)
    _, gradient = wave(c)
    cases = [(case.name, case.f, case.gradient, case.right) for case in planted(c)]
    f = wave(c)[0]
    cases += [
        ("of another shape", f, lambda w: gradient(w)[:, :1] + np.zeros(w.shape)[:1, :1], False),
        ("of one axis only", f, lambda w: gradient(w).ravel(), False),
        ("with a nan", f, lambda w: np.where(w == w.flat[0], np.nan, gradient(w)), False),
    ]
    for name, function, written, right in cases:
        hints = {
            "twice as large, in small units": "absolute-tolerance",
            "of a function in large units": "absolute-tolerance",
            "with a nan": "nan-accepted",
            "of one axis only": "shape-not-compared",
            "of another shape": "shape-not-compared",
        }
        got = student.call("gradient_is_right", function, written, w)
        expect.equal(
            got,
            right,
            what=f"gradient_is_right says {right} of a gradient {name}",
            inputs={"w": w},
            misconceptions={hints[name]: not right} if name in hints else {},
        )
    loose = student.call("gradient_is_right", f, lambda w: 1.001 * gradient(w), w, 1e-5, 0.01)
    expect.equal(loose, True, what="an error of 0.001 is allowed if the tolerance is 0.01")
    w, c = draw.array(*w.shape, low=0.024, high=0.03), draw.array(*w.shape, low=38.0, high=42.0)
    expect.equal(
        student.call("gradient_is_right", *wave(c), w),
        True,
        what="gradient_is_right says True of the right gradient of a function with short waves: "
        "its default h is small enough",
        inputs={"w": w},
    )
