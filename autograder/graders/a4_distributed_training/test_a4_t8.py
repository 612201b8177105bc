"""Hidden tests of a4_t8: two layers, cut so that one meeting is enough."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, Student, expect

from .groups import TOLERANCE, close_on_every_rank, same_on_every_rank

Layers = list[torch.Tensor]


def layers(draw: Draw, hidden: int) -> Layers:
    """Draw W1, b1, W2, b2."""
    inputs, outputs = draw.integer(2, 4), draw.integer(2, 3)
    shapes = [(inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
    return [torch.from_numpy(draw.array(*shape)) for shape in shapes]


def cut(parts: Layers, rank: int, world: int) -> Layers:
    w1, b1, w2, b2 = parts
    sizes = [hidden.numel() for hidden in b1.tensor_split(world)]
    start = sum(sizes[:rank])
    mine = slice(start, start + sizes[rank])
    return [w1[:, mine], b1[mine], w2[mine], b2]


@pytest.mark.task("a4_t8", points=3)
@pytest.mark.parametrize("rest", [0, 1])
def test_each_rank_gets_columns_then_rows(student: Student, draw: Draw, rest: int) -> None:
    world = draw.integer(2, 3)
    whole = layers(draw, world * draw.integer(2, 3) + rest)
    for rank in range(world):
        got = student.call("shard_mlp", *whole, rank, world)
        expect.true(
            isinstance(got, tuple | list) and len(got) == 4,
            what="shard_mlp returns four tensors: W1, b1, W2 and b2 of this rank",
            got=got,
        )
        for name, found, want in zip(
            ("W1", "b1", "W2", "b2"), got, cut(whole, rank, world), strict=True
        ):
            mistakes = {"b2-cut-as-well": whole[3].tensor_split(world)[rank].numpy()}
            expect.close(
                found,
                want.numpy(),
                what=f"{name} is cut as it should be: columns of W1, the same entries of b1, the "
                "same rows of W2, b2 whole; the first ranks get one more if it does not come out "
                "even",
                inputs={"rank": rank, "world": world, name: want},
                misconceptions=mistakes if name == "b2" else {},
                **TOLERANCE,
            )


def run(student: Student, draw: Draw, world: int) -> tuple[Any, list[Any], Layers, torch.Tensor]:
    whole = layers(draw, world + draw.integer(2, 4))
    x = torch.from_numpy(draw.array(draw.integer(2, 4), whole[0].shape[0]))
    ranks = student.ranks(world)
    mine = [cut(whole, rank, world) for rank in range(world)]
    got = ranks.call(
        "tensor_parallel_mlp", x, *(PerRank([part[i] for part in mine]) for i in range(4))
    )
    return ranks, got, whole, x


@pytest.mark.task("a4_t8", points=3)
def test_all_ranks_have_the_output_of_the_whole_layers(student: Student, draw: Draw) -> None:
    for world in (draw.integer(2, 4), 1):
        _, got, (w1, b1, w2, b2), x = run(student, draw, world)
        want = torch.relu(x @ w1 + b1) @ w2 + b2
        pieces = [
            torch.relu(x @ a + b) @ c
            for a, b, c, _ in (cut([w1, b1, w2, b2], r, world) for r in range(world))
        ]
        wrong = {}
        if world > 1:
            wrong = {
                "bias-on-every-rank": [want + (world - 1) * b2] * world,
                "bias-forgotten": [want - b2] * world,
                "partial-sums-kept": [piece + b2 for piece in pieces],
                "partial-sums-averaged": [(want - b2) / world + b2] * world,
                "no-relu": [(x @ w1 + b1) @ w2 + b2] * world,
            }
        close_on_every_rank(
            got, [want] * world, "every rank has the output of the whole layers", wrong
        )


@pytest.mark.task("a4_t8", points=2)
def test_one_meeting_is_enough(student: Student, draw: Draw) -> None:
    world = draw.integer(2, 4)
    ranks, got, (_, _, w2, _), x = run(student, draw, world)
    same_on_every_rank(got, "all ranks have the same output")
    numbers = x.shape[0] * w2.shape[1]
    for rank in range(world):
        expect.true(
            0 < ranks.elements(rank) <= numbers,
            what="the ranks meet once, over the outputs: batch x n_out numbers from each",
            got=ranks.elements(rank),
            expected=numbers,
            hint="hidden-layer-gathered" if ranks.elements(rank) > numbers else None,
        )
