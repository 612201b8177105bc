"""Hidden tests of a2_t2, an affine layer. All sizes differ, so that no transpose goes unseen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Student, expect

from .promises import (
    TOLERANCE,
    Array,
    call_with_shapes,
    expect_kept,
    expect_unchanged,
    parts_of,
    torch_slopes,
)


def some_layer(draw: Draw) -> tuple[Array, Array, Array, Array]:
    """Draw upstream, x, w and b with three different sizes."""
    n_in, n_out = draw.integer(2, 4), draw.integer(5, 7)
    samples = 8 + draw.integer(0, 4)
    if draw.disclosed:
        samples, n_in, n_out = 3, 2, 1
    return (
        draw.array(samples, n_out, low=0.5, high=2.0),
        draw.array(samples, n_in),
        draw.array(n_in, n_out),
        draw.array(n_out, low=0.5, high=1.5),
    )


def wanted(upstream: Array, x: Array, w: Array) -> list[Array]:
    """Return the slopes of x, w and b by PyTorch."""
    g = torch.tensor(upstream)
    b = np.zeros(w.shape[1])
    return torch_slopes(lambda x, w, b: ((x @ w + b) * g).sum(), x, w, b)


def slopes(student: Student, upstream: Any, x: Any, w: Any) -> Any:
    """Return the student's three slopes."""
    return parts_of(
        call_with_shapes(student, "affine_backward", upstream, x, w),
        3,
        "affine_backward returns three slopes: of x, of w and of b",
    )


@pytest.mark.task("a2_t2", points=1)
def test_forward_adds_the_bias_to_each_row(student: Student, draw: Draw) -> None:
    _, x, w, b = some_layer(draw)
    expect.close(
        call_with_shapes(student, "affine", x, w, b),
        x @ w + b,
        what="affine(x, w, b) is x w with the biases added to each row",
        inputs={"x": x, "w": w, "b": b},
        misconceptions={"bias-left-out": x @ w},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t2", points=2)
def test_slopes_of_the_inputs(student: Student, draw: Draw) -> None:
    upstream, x, w, _ = some_layer(draw)
    want = wanted(upstream, x, w)[0]
    expect.close(
        slopes(student, upstream, x, w)[0],
        want,
        what="the slopes of x collect what every output asks of an input",
        inputs={"upstream": upstream, "x": x, "w": w},
        misconceptions={
            "upstream-ignored": np.ones_like(upstream) @ w.T,
            "divided-by-samples": want / len(x),
            "x-transposed": want.T,
        },
        **TOLERANCE,
    )


@pytest.mark.task("a2_t2", points=2)
def test_slopes_of_the_weights(student: Student, draw: Draw) -> None:
    upstream, x, w, _ = some_layer(draw)
    want = wanted(upstream, x, w)[1]
    expect.close(
        slopes(student, upstream, x, w)[1],
        want,
        what="the slope of a weight adds up input times upstream over all samples",
        inputs={"upstream": upstream, "x": x, "w": w},
        misconceptions={
            "upstream-ignored": x.T @ np.ones_like(upstream),
            "divided-by-samples": want / len(x),
            "weights-transposed": want.T,
        },
        **TOLERANCE,
    )


@pytest.mark.task("a2_t2", points=1)
def test_slopes_of_the_biases(student: Student, draw: Draw) -> None:
    upstream, x, w, _ = some_layer(draw)
    want = wanted(upstream, x, w)[2]
    expect.close(
        slopes(student, upstream, x, w)[2],
        want,
        what="the slope of a bias adds up the upstream of all samples",
        inputs={"upstream": upstream},
        misconceptions={
            "bias-not-summed": upstream,
            "bias-in-a-row": want[None],
            "upstream-ignored": np.full(want.shape, len(x)),
            "divided-by-samples": want / len(x),
        },
        **TOLERANCE,
    )


@pytest.mark.task("a2_t2", points=1)
def test_one_sample_and_none(student: Student, draw: Draw) -> None:
    upstream, x, w, b = some_layer(draw)
    for count in (1, 0):
        rows = x[:count], upstream[:count]
        expect.close(
            call_with_shapes(student, "affine", rows[0], w, b),
            rows[0] @ w + b,
            what=f"a batch with {count} rows gives {count} rows",
            inputs={"x": rows[0], "w": w, "b": b},
            **TOLERANCE,
        )
        got = slopes(student, rows[1], rows[0], w)
        for name, part, want in zip("xwb", got, wanted(rows[1], rows[0], w), strict=True):
            expect.close(
                part,
                want,
                what=f"the slopes of {name} have its shape also for a batch with {count} rows",
                inputs={"upstream": rows[1], "x": rows[0], "w": w},
                **TOLERANCE,
            )


@pytest.mark.task("a2_t2", points=1)
def test_layer_changes_no_argument(student: Student, draw: Draw) -> None:
    upstream, x, w, b = some_layer(draw)
    expect_kept(student, "affine", x=x, w=w, b=b)
    before = {"upstream": upstream, "x": x, "w": w}
    held = {name: student.put(array) for name, array in before.items()}
    got = slopes(student, held["upstream"], held["x"], held["w"])
    expect.true(
        np.shape(got[1]) == w.shape and bool(np.any(np.asarray(got[1]) != 0.0)),
        what="the slopes of w are not all zero",
        got=got[1],
    )
    expect_unchanged(held, before, "affine_backward")
