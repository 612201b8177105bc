"""Hidden tests of a2_t1, the chain rule on cos(exp(-sin(x)**2))."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Student, expect

from .promises import TOLERANCE, Array, parts_of, torch_slopes

NAMES = "du/dx", "dv/du", "dw/dv", "dy/dw"
LINKS = "chain_links returns four slopes: du/dx, dv/du, dw/dv, dy/dw"


def true_links(x: Array) -> list[Array]:
    """Return each link, by PyTorch, at the place where the link before it ends."""
    u = np.sin(x)
    v = u**2
    w = np.exp(-v)
    steps = [
        (torch.sin, x),
        (torch.square, u),
        (lambda v: torch.exp(-v), v),
        (torch.cos, w),
    ]
    return [torch_slopes(lambda p, f=f: f(p).sum(), at)[0] for f, at in steps]


def points(draw: Draw) -> Array:
    """Draw points on both sides of 0, away from places where a slope vanishes."""
    half = draw.array(draw.integer(1, 6), low=0.3, high=1.3)
    return np.concatenate([half, -half - 0.05])


def expect_links(student: Student, x: Array, first: int) -> None:
    """Expect links number ``first`` and ``first + 1``, counted from 0."""
    got = parts_of(student.call("chain_links", x), 4, LINKS)
    want = true_links(x)
    everywhere_x = [np.cos(x), 2.0 * x, -np.exp(-x), -np.sin(x)]
    other_sign = [-np.cos(x), -want[1], -want[2], -want[3]]
    for k in (first, first + 1):
        expect.close(
            got[k],
            want[k],
            what=f"{NAMES[k]} is the slope of its own step alone, where that step begins",
            inputs={"x": x},
            misconceptions={
                "links-in-reverse": want[3 - k],
                "link-at-x": everywhere_x[k],
                "link-sign": other_sign[k],
            },
            **TOLERANCE,
        )


@pytest.mark.task("a2_t1", points=1)
def test_inner_links(student: Student, draw: Draw) -> None:
    expect_links(student, points(draw), 0)


@pytest.mark.task("a2_t1", points=2)
def test_outer_links(student: Student, draw: Draw) -> None:
    expect_links(student, points(draw), 2)


@pytest.mark.task("a2_t1", points=2)
def test_slope_is_the_product_of_the_links(student: Student, draw: Draw) -> None:
    x = points(draw)
    want = torch_slopes(lambda p: torch.cos(torch.exp(-torch.square(torch.sin(p)))).sum(), x)[0]
    links = np.array(true_links(x))
    expect.close(
        student.call("chain_slope", x),
        want,
        what="chain_slope(x) is the slope of cos(exp(-sin(x)**2))",
        inputs={"x": x},
        misconceptions={
            "links-added": links.sum(axis=0),
            "links-left-out": links[1:].prod(axis=0),
            "outermost-left-out": links[:-1].prod(axis=0),
            "link-at-x": np.cos(x) * 2.0 * x * -np.exp(-x) * -np.sin(x),
            "link-sign": -want,
        },
        **TOLERANCE,
    )


@pytest.mark.task("a2_t1", points=1)
def test_points_may_have_any_shape(student: Student, draw: Draw) -> None:
    number = draw.number(0.3, 1.2)
    inputs = [np.asarray(number), np.zeros((0,)), draw.array(2, 3, low=0.3, high=1.2)]
    for x in inputs:
        given = number if x.shape == () else x
        links = parts_of(student.call("chain_links", given), 4, LINKS)
        for link, want in zip(links, true_links(x), strict=True):
            expect.close(
                link,
                want,
                what=f"points of shape {x.shape} give links of that shape",
                inputs={"x": given},
                **TOLERANCE,
            )
        expect.close(
            student.call("chain_slope", given),
            np.prod(true_links(x), axis=0),
            what=f"points of shape {x.shape} give slopes of that shape",
            inputs={"x": given},
            misconceptions={"links-added": np.sum(true_links(x), axis=0)},
            **TOLERANCE,
        )
    x = draw.array(3, low=0.3, high=1.2)
    held = student.put(x)
    for name in ("chain_links", "chain_slope"):
        student.call(name, held)
        expect.unchanged(held, x, what=f"{name} leaves x as it was", hint="argument-changed")
