"""Hidden tests of a4_t2: the sum, and how it went round.

The messages are counted on this side. A rank has no other way to the others' numbers.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, RankGroup, Student, expect

from .groups import close_on_every_rank, tensors


def run_ring(student: Student, parts: list[torch.Tensor]) -> tuple[RankGroup, list[Any]]:
    """Let every rank reduce its part; return the ranks, and what each then holds."""
    ranks = student.ranks(len(parts))
    held = ranks.put(PerRank(parts))
    ranks.call("ring_all_reduce", held)
    return ranks, held.fetch()


@pytest.mark.task("a4_t2", points=4)
@pytest.mark.parametrize("world", [2, 3, 4])
def test_every_rank_ends_with_the_sum(student: Student, draw: Draw, world: int) -> None:
    shape = (world * draw.integer(1, 4), draw.integer(2, 5))
    parts = tensors(draw, world, *shape)
    total = torch.stack(parts).sum(0)
    _, got = run_ring(student, parts)
    close_on_every_rank(
        got,
        [total] * world,
        "after ring_all_reduce, x holds the sum of all ranks' x, on every rank",
        {
            "x-not-changed": parts,
            "mean-for-sum": [total / world] * world,
            "only-left-neighbour": [parts[r] + parts[r - 1] for r in range(world)],
        },
    )


@pytest.mark.task("a4_t2", points=3)
@pytest.mark.parametrize("size", [7, 5, 11, 1])
def test_any_size_is_cut_in_chunks(student: Student, draw: Draw, size: int) -> None:
    world = draw.integer(3, 4)
    parts = tensors(draw, world, size)
    total = torch.stack(parts).sum(0)
    _, got = run_ring(student, parts)
    close_on_every_rank(
        got,
        [total] * world,
        "sizes that are no multiple of the number of ranks are summed as well",
        {"rest-left-over": [_without_rest(p, total, world) for p in parts]} if size > world else {},
    )


def _without_rest(part: torch.Tensor, total: torch.Tensor, world: int) -> torch.Tensor:
    even = len(part) // world * world
    return torch.cat([total[:even], part[even:]])


@pytest.mark.task("a4_t2", points=4)
def test_each_rank_sends_its_share_and_no_more(student: Student, draw: Draw) -> None:
    for world in (draw.integer(3, 4), 2):
        parts = tensors(draw, world, 4 * draw.integer(3, 9) + 1)
        ranks, got = run_ring(student, parts)
        total = torch.stack(parts).sum(0)
        close_on_every_rank(got, [total] * world, "the sum arrives on every rank", {})
        expect.true(
            ranks.kinds() == {"send"},
            what="ring_all_reduce uses send and receive, and none of the ready-made collectives",
            got=sorted(ranks.kinds()),
            hint="ready-made-collective",
        )
        largest = -(-len(parts[0]) // world)
        for rank in range(world):
            sent = [m for m in ranks.messages if m.rank == rank]
            expect.true(
                all(m.peer == (rank + 1) % world for m in sent),
                what="every rank sends to its right neighbour only",
                hint="everyone-to-everyone",
            )
            expect.true(
                all(m.elements <= largest for m in sent),
                what="a message holds one chunk: no more than size / ranks numbers, rounded up",
                got=max(m.elements for m in sent),
                expected=largest,
                hint="whole-tensor-sent",
            )
            expect.equal(
                len(sent),
                2 * (world - 1),
                what="every rank sends 2 (n - 1) messages",
                misconceptions={
                    "one-round-too-many": 2 * world - 1,
                },
            )


@pytest.mark.task("a4_t2", points=1)
def test_rank_alone_sends_nothing(student: Student, draw: Draw) -> None:
    parts = tensors(draw, 1, draw.integer(3, 8))
    before = parts[0].clone()
    ranks, got = run_ring(student, parts)
    close_on_every_rank(got, [before], "with one rank, x is its own sum", {})
    expect.equal(len(ranks.messages), 0, what="a rank that is alone sends nothing")
