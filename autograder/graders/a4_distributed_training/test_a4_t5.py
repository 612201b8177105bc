"""Hidden tests of a4_t5: many micro-batches, one conversation."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, RankGroup, Student, expect

from .groups import (
    close_on_every_rank,
    put_parameter,
    same_on_every_rank,
    set_gradient,
    tensors,
)

Batches = list[list[tuple[torch.Tensor, torch.Tensor]]]


def slopes(w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, t: torch.Tensor) -> Any:
    """Return the gradient of mean((x w + b - t)^2), worked out by hand."""
    error = x @ w + b - t
    return 2.0 * x.T @ error / error.numel(), 2.0 * error.sum(0) / error.numel()


def accumulate(
    student: Student, draw: Draw, world: int, k: int
) -> tuple[RankGroup, list[list[Any]], Batches, tuple[torch.Tensor, torch.Tensor]]:
    """Run the answer on every rank; return gradients by parameter, then by rank."""
    ranks, rows, width = student.ranks(world), draw.integer(2, 4), draw.integer(2, 3)
    batches = [
        [
            (tensors(draw, 1, rows, width)[0], tensors(draw, 1, rows, 1)[0] - 4.0 * number)
            for number in range(k)
        ]
        for _ in range(world)
    ]
    w, b = tensors(draw, 1, width, 1)[0], tensors(draw, 1, 1)[0]
    held = [put_parameter(ranks, [value] * world) for value in (w, b)]
    for parameter, value in zip(held, (w, b), strict=True):
        set_gradient(parameter, [torch.full_like(value, 100.0)] * world)  # of the last step
    loss = ranks.get("squared_error")
    ranks.call("accumulated_gradients", held, loss, PerRank(batches))
    got = [[handle.get("grad") for handle in parameter] for parameter in held]
    return ranks, got, batches, (w, b)


@pytest.mark.task("a4_t5", points=5)
@pytest.mark.parametrize("k", [3, 4, 1])
def test_gradient_is_the_mean_over_all_micro_batches(student: Student, draw: Draw, k: int) -> None:
    world = draw.integer(2, 3)
    _, got, batches, (w, b) = accumulate(student, draw, world, k)
    every = [[slopes(w, b, x, t) for x, t in share] for share in batches]
    for number, after in enumerate(got):
        own = [torch.stack([one[number] for one in share]) for share in every]
        want = torch.cat(own).mean(0)
        wrong = {
            "sum-over-ranks": [want * world] * world,
            "no-communication": [mine.mean(0) for mine in own],
            "averaged-twice-over-ranks": [want / world] * world,
            "old-gradient-summed": [want + 100.0 * world] * world,
        }
        if k > 1:
            wrong |= {
                "one-over-k-missing": [want * k] * world,
                "one-over-k-twice": [want / k] * world,
                "last-micro-batch-only": [torch.stack([m[-1] for m in own]).mean(0)] * world,
                "k-and-world-missing": [want * k * world] * world,
            }
        close_on_every_rank(
            after,
            [want] * world,
            "the gradient is the mean over all micro-batches of all ranks",
            wrong,
        )


@pytest.mark.task("a4_t5", points=3)
def test_ranks_talk_once_however_many_micro_batches(student: Student, draw: Draw) -> None:
    world, k = 2, draw.integer(2, 5)
    ranks, got, _, (w, b) = accumulate(student, draw, world, k)
    same_on_every_rank(got[0], "all ranks have the same gradient")
    numbers = w.numel() + b.numel()
    for rank in range(world):
        sent = ranks.elements(rank)
        expect.true(
            sent >= numbers,
            what="every gradient travels",
            got=sent,
            expected=numbers,
        )
        expect.true(
            sent <= numbers + 2,
            what="every gradient travels once a step, and not once a micro-batch",
            got=sent,
            expected=numbers,
            inputs={"micro-batches": k},
            hint="talks-every-micro-batch",
        )
