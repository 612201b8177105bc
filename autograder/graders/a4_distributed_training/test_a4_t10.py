"""Hidden tests of a4_t10: checkpointing.

How often a block computes is counted on this side: its ``tell`` is a function of ours. That the
slopes really go through the second computation shows when a weight is changed before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import torch

from autograder.grading import Draw, Handle, Spy, Student, expect

from .groups import TOLERANCE

HALF = 0.5


@dataclass(frozen=True)
class Deep:
    """Blocks in the student's process, and the order in which they computed."""

    weights: list[torch.Tensor]
    held: list[Handle]
    blocks: list[Handle]
    order: list[int]


def build(student: Student, draw: Draw, count: int, size: int, drop: float = 0.0) -> Deep:
    """Leave blocks with drawn weights in the student's process."""
    order: list[int] = []
    weights = [torch.from_numpy(draw.array(size, size)) for _ in range(count)]
    held = [parameter(student, weight) for weight in weights]
    blocks = [
        student.new("Block", weight, drop, Spy(lambda number=number: order.append(number)))
        for number, weight in enumerate(held)
    ]
    return Deep(weights, held, blocks, order)


def parameter(student: Student, value: torch.Tensor) -> Handle:
    """Leave a tensor that requires a gradient in the student's process."""
    held = student.put(value)
    held.set("requires_grad", True)
    return held


def go_back(output: Handle, slope: torch.Tensor) -> None:
    """Take the way back; the output has to be part of a graph."""
    expect.true(
        output.get("requires_grad") is True,
        what="the output has a way back, even where x is data: the weights need their slopes",
        got="an output without a gradient",
        hint="weights-without-slope",
    )
    output.call("backward", slope)


def slopes(x: torch.Tensor, weights: list[torch.Tensor], slope: torch.Tensor) -> list[torch.Tensor]:
    """Return the output, and the slopes of x and of all weights, by torch."""
    leaves = [leaf.clone().requires_grad_() for leaf in (x, *weights)]
    y = leaves[0]
    for weight in leaves[1:]:
        y = torch.tanh(y @ weight)
    return [y.detach(), *torch.autograd.grad(y, leaves, slope)]


def same(got: Any, want: torch.Tensor, what: str, **misconceptions: torch.Tensor) -> None:
    """Expect a tensor."""
    named = {name.replace("_", "-"): value.numpy() for name, value in misconceptions.items()}
    expect.true(isinstance(got, torch.Tensor), what=what, got=got, expected=want)
    expect.close(got, want.numpy(), what=what, misconceptions=named, **TOLERANCE)


@pytest.mark.task("a4_t10", points=3)
@pytest.mark.parametrize("is_data", [False, True])
def test_values_and_slopes_stay_the_same(student: Student, draw: Draw, is_data: bool) -> None:
    size, rows = draw.integer(2, 4), draw.integer(2, 3)
    deep = build(student, draw, 1, size)
    x, slope = (torch.from_numpy(draw.array(rows, size)) for _ in range(2))
    before = torch.from_numpy(draw.array(size, size))
    deep.held[0].set("grad", before)
    start = student.put(x) if is_data else parameter(student, x)
    output = student.new("checkpoint", deep.blocks[0], start)
    y, of_x, of_w = slopes(x, deep.weights, slope)
    same(output.call("detach"), y, "checkpoint returns what the function returns")
    go_back(output, slope)
    _, ones_x, ones_w = slopes(x, deep.weights, torch.ones_like(slope))
    same(
        deep.held[0].get("grad"),
        before + of_w,
        "the weight's slope is added to its .grad",
        slope_ignored=before + ones_w,
        weights_without_slope=before,
        old_slope_lost=of_w,
    )
    if not is_data:
        same(
            start.get("grad"),
            of_x,
            "the slope of x is that of the function",
            slope_ignored=ones_x,
        )


@pytest.mark.task("a4_t10", points=3)
def test_computed_again_on_the_way_back(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 4)
    deep = build(student, draw, 1, size)
    x, slope = (torch.from_numpy(draw.array(2, size)) for _ in range(2))
    start = parameter(student, x)
    output = student.new("checkpoint", deep.blocks[0], start)
    expect.equal(len(deep.order), 1, what="on the way there the function is called once")
    factor = draw.number(0.3, 0.6)
    # Through numpy, which autograd does not see: whoever kept the old output goes on with it.
    deep.held[0].new("detach").new("numpy").call("__imul__", factor)
    go_back(output, slope)
    again = len(deep.order) - 1
    expect.true(
        again == 1,
        what="on the way back the function is called once more",
        got=f"{again} calls",
        expected="1 call",
        hint="never-computed-again" if again == 0 else "computed-too-often",
    )
    (weight,) = deep.weights
    later = weight * factor
    old = (slope * (1 - torch.tanh(x @ weight) ** 2)) @ later.T
    same(
        start.get("grad"),
        slopes(x, [later], slope)[1],
        "the slopes go through the second computation: a weight that was changed meanwhile counts",
        old_values_kept=old,
    )


@pytest.mark.task("a4_t10", points=2)
def test_chance_is_the_same_and_left_alone(student: Student, draw: Draw) -> None:
    size = draw.integer(6, 8)
    x = torch.from_numpy(draw.array(4, size, low=0.5, high=1.0))
    slope = torch.from_numpy(draw.array(4, size, low=1.0, high=2.0))
    width = draw.number(0.5, 1.5)
    weight = parameter(student, width * torch.eye(size, dtype=torch.float64))
    block = student.new("Block", weight, HALF, None)
    start = parameter(student, x)
    chance = student.get("torch")
    chance.call("manual_seed", draw.integer(1, 9))
    output = student.new("checkpoint", block, start)
    there = chance.call("get_rng_state")
    chance.call("rand", draw.integer(3, 5))
    before = chance.call("get_rng_state")
    go_back(output, slope)
    after = chance.call("get_rng_state")
    # The weight is diagonal, so each entry of the slope says by itself whether it was dropped.
    value = output.call("detach")
    same_shape = isinstance(value, torch.Tensor) and value.shape == x.shape
    expect.true(same_shape, what="checkpoint returns what the function returns", got=value)
    mask = (value != 0).double() / HALF
    whole = slope * (1 - torch.tanh(width * x) ** 2) * width
    _dropped_alike(start.get("grad"), whole, mask)
    expect.true(
        isinstance(after, torch.Tensor) and torch.equal(after, before),
        what="whoever draws after the way back meets the chance that would have come without it",
        got="another state of the random generator",
        expected="the state from before the way back",
        hint="chance-runs-again" if torch.equal(after, there) else None,
    )


def _dropped_alike(got: Any, whole: torch.Tensor, mask: torch.Tensor) -> None:
    """Expect the slope ``whole * mask``; another mask is named."""
    what = "the way back drops what the way there has dropped"
    expect.true(isinstance(got, torch.Tensor) and got.shape == whole.shape, what=what, got=got)
    drops_some = 0 < int(mask.count_nonzero()) < mask.numel()
    expect.true(drops_some, what="dropout drops some entries, and not all", got=mask)
    dropped = torch.isclose(got.double(), torch.zeros_like(whole), atol=1e-5)
    kept = torch.isclose(got.double(), whole / HALF, rtol=1e-4)
    is_mask = bool((dropped | kept).all())
    right = is_mask and torch.equal(kept, mask > 0)
    expect.true(
        right,
        what=what,
        got=got,
        expected=whole * mask,
        hint="other-dropout-mask" if is_mask else None,
    )


@pytest.mark.task("a4_t10", points=2)
@pytest.mark.parametrize("is_even", [True, False])
def test_each_segment_is_one_checkpoint(student: Student, draw: Draw, is_even: bool) -> None:
    every = draw.integer(2, 3)
    count = every * draw.integer(2, 3) + (0 if is_even else 1)
    for length in (every, count + 1) if is_even else (every, 1):
        deep = build(student, draw, count, 2)
        x, slope = (torch.from_numpy(draw.array(2, 2)) for _ in range(2))
        start = parameter(student, x)
        output = student.new("checkpointed", deep.blocks, start, length)
        y, of_x, *_ = slopes(x, deep.weights, slope)
        same(output.call("detach"), y, "checkpointed gives the output of all blocks")
        expect.equal(
            deep.order, list(range(count)), what="on the way there each block computes once"
        )
        deep.order.clear()
        go_back(output, slope)
        same(start.get("grad"), of_x, "the slope goes back through all blocks")
        starts = range(0, count, length)
        _order_is(
            deep.order,
            [n for s in reversed(starts) for n in range(s, min(s + length, count))],
            {
                "segments-ignored": list(range(count)),
                "segments-of-one": list(reversed(range(count))),
                "never-computed-again": [],
                "segments-nested": [
                    n for s in reversed(starts) for n in range(min(s + length, count))
                ],
            },
            {"blocks": count, "every": length},
        )


def _order_is(
    got: list[int], want: list[int], wrong: dict[str, list[int]], inputs: dict[str, int]
) -> None:
    hint = next((name for name, order in wrong.items() if got == order), None)
    expect.true(
        got == want,
        what="on the way back the segments come from last to first, and inside a segment each "
        "block computes once more, in order",
        got=got,
        expected=want,
        inputs=inputs,
        hint=hint,
    )


@pytest.mark.task("a4_t10", points=1)
def test_peak_counts_inputs_and_one_segment(student: Student, draw: Draw) -> None:
    every = draw.integer(3, 6)
    for blocks in (every * draw.integer(3, 9) + 1, every * draw.integer(3, 5), 2):
        segments = -(-blocks // every)
        expect.equal(
            student.call("peak_activations", blocks, every),
            segments + min(every, blocks),
            what="peak_activations counts one input a segment, and the outputs of one segment",
            inputs={"blocks": blocks, "every": every},
            misconceptions={
                "segment-not-counted": segments,
                "last-segment-forgotten": blocks // every + min(every, blocks),
                "segment-longer-than-model": segments + every,
                "everything-kept": blocks,
            },
        )


@pytest.mark.task("a4_t10", points=1)
def test_segments_of_nothing_are_refused(student: Student, draw: Draw) -> None:
    blocks = draw.integer(3, 9)
    expect.raises(
        lambda: student.call("peak_activations", blocks, 0),
        what="peak_activations raises a ValueError if a segment has no block",
    )
    expect.equal(
        student.call("peak_activations", blocks, 1),
        blocks + 1,
        what="segments of one block keep every input, and one output",
        inputs={"blocks": blocks, "every": 1},
    )
