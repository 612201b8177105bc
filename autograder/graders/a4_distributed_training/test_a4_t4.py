"""Hidden tests of a4_t4: one start, and the mean gradient of all samples."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, Student, expect

from .groups import close_on_every_rank, fetch_all, put_parameter, set_gradient, tensors

Tensors = list[torch.Tensor]


def weighted(gradients: Tensors, samples: list[int]) -> torch.Tensor:
    """Return the mean over all samples of all ranks."""
    weights = torch.tensor(samples, dtype=torch.float64)
    return torch.tensordot(weights, torch.stack(gradients), dims=1) / weights.sum()


@pytest.mark.task("a4_t4", points=3)
def test_all_ranks_start_from_the_weights_of_rank_0(student: Student, draw: Draw) -> None:
    world = draw.integer(2, 4)
    ranks = student.ranks(world)
    shapes = [(3, draw.integer(2, 4)), (draw.integer(2, 5),)]
    starts = [tensors(draw, world, *shape) for shape in shapes]
    held = [put_parameter(ranks, start, frozen=number == 1) for number, start in enumerate(starts)]
    ranks.call("same_start", held)
    for start, parameter in zip(starts, held, strict=True):
        close_on_every_rank(
            fetch_all(parameter),
            [start[0]] * world,
            "after same_start, every rank has the weights of rank 0, frozen ones too",
            {
                "no-broadcast": start,
                "last-rank-for-first": [start[-1]] * world,
                "weights-averaged": [torch.stack(start).mean(0)] * world,
            },
        )


def averaged(
    student: Student, gradients: list[list[Any]], samples: list[int], *, order: list[int]
) -> tuple[Any, list[list[Any]]]:
    """Average gradients; ``order`` lists the parameters handed over, one may come twice."""
    ranks = student.ranks(len(samples))
    held = []
    for parameter in gradients:
        shape = next(g.shape for g in parameter if g is not None)
        weights = [torch.ones(shape, dtype=torch.float64) for _ in samples]
        held.append(put_parameter(ranks, weights))
        set_gradient(held[-1], parameter)
    ranks.call("average_gradients", [held[number] for number in order], PerRank(samples))
    return ranks, [[handle.get("grad") for handle in parameter] for parameter in held]


@pytest.mark.task("a4_t4", points=4)
@pytest.mark.parametrize("even", [True, False], ids=["equal", "unequal"])
def test_gradients_become_the_mean_over_all_samples(
    student: Student, draw: Draw, even: bool
) -> None:
    world = 3
    samples = [4] * world if even else [draw.integer(1, 3), draw.integer(5, 9), 0]
    gradients = [tensors(draw, world, 2, draw.integer(2, 4)), tensors(draw, world, 3)]
    _, got = averaged(student, gradients, samples, order=[0, 1])
    for before, after in zip(gradients, got, strict=True):
        mean = torch.stack(before).mean(0)
        total = torch.stack(before).sum(0)
        want = weighted(before, samples)
        wrong = {
            "gradients-not-touched": before,
            "sum-for-mean": [total] * world,
            "averaged-twice": [want / world] * world,
            "sum-over-samples": [want * sum(samples)] * world,
        }
        if not even:
            wrong["shares-not-weighted"] = [mean] * world
        close_on_every_rank(
            after,
            [want] * world,
            "after average_gradients, every gradient is the mean over the samples of all ranks",
            wrong,
        )


@pytest.mark.task("a4_t4", points=2)
def test_tied_parameter_is_averaged_once(student: Student, draw: Draw) -> None:
    world, samples = 2, [1, 4]
    # So large that what else an answer may send, such as its number of samples, is small beside it.
    gradients = [tensors(draw, world, 60 + draw.integer(3, 6)), tensors(draw, world, 2)]
    ranks, got = averaged(student, gradients, samples, order=[0, 1, 0])
    for before, after in zip(gradients, got, strict=True):
        want = weighted(before, samples)
        close_on_every_rank(
            after,
            [want] * world,
            "a parameter that is listed twice has one gradient, and is averaged once",
            {"tied-summed-twice": [want * world] * world},
        )
    numbers = sum(g[0].numel() for g in gradients)
    expect.true(
        ranks.elements(0) < numbers + len(gradients[0][0]),
        what="the gradient of a parameter that is listed twice travels once",
        got=ranks.elements(0),
        hint="tied-travels-twice",
    )


@pytest.mark.task("a4_t4", points=2)
def test_parameter_unused_on_one_rank_counts_as_zero_there(student: Student, draw: Draw) -> None:
    world, samples = 3, [2, 2, 2]
    gradients: list[list[Any]] = [
        list(tensors(draw, world, 3)),
        list(tensors(draw, world, 3)),
        list(tensors(draw, world, draw.integer(2, 4))),
    ]
    gradients[0][1] = gradients[1][0] = None
    _, got = averaged(student, gradients, samples, order=[0, 1, 2])
    for before, after in zip(gradients, got, strict=True):
        like = next(g for g in before if g is not None)
        want = torch.stack([torch.zeros_like(like) if g is None else g for g in before]).mean(0)
        close_on_every_rank(
            after,
            [want] * world,
            "a parameter without a gradient on one rank counts as zero there, and has the mean "
            "afterwards",
            {},
        )


@pytest.mark.task("a4_t4", points=1)
def test_frozen_parameter_stays_out(student: Student, draw: Draw) -> None:
    world = 2
    ranks = student.ranks(world)
    free, frozen = tensors(draw, world, 3), tensors(draw, world, 60 + draw.integer(4, 6))
    gradients = tensors(draw, world, 3)
    held = [put_parameter(ranks, frozen, frozen=True), put_parameter(ranks, free)]
    set_gradient(held[1], list(gradients))
    ranks.call("average_gradients", held, 5)
    got = [handle.get("grad") for handle in held[1]]
    want = [torch.stack(gradients).mean(0)] * world
    close_on_every_rank(got, want, "the others' gradients are averaged as ever", {})
    expect.true(
        ranks.elements(0) < len(gradients[0]) + len(frozen[0]),
        what="a frozen parameter has no gradient, and sends none",
        got=ranks.elements(0),
        hint="frozen-sent",
    )
