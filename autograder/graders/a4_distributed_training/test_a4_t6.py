"""Hidden tests of a4_t6: Adam, with its averages spread over the ranks.

The proof of sharding is what travels: a rank that has been given only its shard of the mean
gradient cannot have made the others' steps.
"""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.grading import Draw, RankGroup, Student, expect

from .groups import (
    close_on_every_rank,
    fetch_all,
    put_parameter,
    same_on_every_rank,
    set_gradient,
    tensors,
)

SETTINGS = {"lr": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.1}
SIGNS = (1.0, -2.0, 0.1, 3.0)
"""What the slopes of the ranks are multiplied by, so that they differ."""
Walk = tuple[RankGroup, Any, list[list[Any]]]


def walk(
    student: Student,
    starts: list[torch.Tensor],
    slopes: list[list[list[torch.Tensor]]],
    settings: dict[str, float] = SETTINGS,
) -> Walk:
    """Take one step for each entry of ``slopes`` (step, parameter, rank); return the weights."""
    world = len(slopes[0][0])
    ranks = student.ranks(world)
    held = [put_parameter(ranks, [start] * world) for start in starts]
    adam = ranks.new("ShardedAdam", held, **settings)
    ranks.forget_messages()
    for step in slopes:
        for parameter, gradients in zip(held, step, strict=True):
            set_gradient(parameter, list(gradients))
        adam.call("step")
    return ranks, adam, [fetch_all(parameter) for parameter in held]


def oracle(
    starts: list[torch.Tensor],
    slopes: list[list[list[torch.Tensor]]],
    *,
    weigh: Any = lambda gradients: torch.stack(gradients).mean(0),
    settings: dict[str, float] = SETTINGS,
) -> list[torch.Tensor]:
    """Return where torch's own Adam arrives with the mean gradient."""
    weights = [start.clone().requires_grad_() for start in starts]
    # With nothing said, these are the defaults of the notebook, too.
    given = {key: settings[key] for key in ("lr", "eps") if key in settings}
    if "beta1" in settings:
        given["betas"] = (settings["beta1"], settings["beta2"])
    adam = torch.optim.Adam(weights, **given)
    for step in slopes:
        for weight, gradients in zip(weights, step, strict=True):
            weight.grad = weigh(gradients)
        adam.step()
    return [weight.detach() for weight in weights]


def problem(draw: Draw, world: int, steps: int, *, rest: int) -> tuple[Any, Any]:
    """Draw starts and slopes; the number of weights leaves ``rest`` over ``world``."""
    shapes = [(2, draw.integer(2, 4)), (draw.integer(2, 5),), ()]
    count = sum(torch.Size(shape).numel() for shape in shapes)
    shapes.append(((rest - count) % world + world,))
    starts = [tensors(draw, 1, *shape)[0] for shape in shapes]
    slopes = [
        [
            [g * sign for g, sign in zip(tensors(draw, world, *shape), SIGNS, strict=False)]
            for shape in shapes
        ]
        for _ in range(steps)
    ]
    return starts, slopes


@pytest.mark.task("a4_t6", points=5)
@pytest.mark.parametrize("rest", [0, 1], ids=["even", "uneven"])
def test_weights_are_those_of_adam(student: Student, draw: Draw, rest: int) -> None:
    world = draw.integer(2, 4)
    starts, slopes = problem(draw, world, 3, rest=rest)
    _, _, got = walk(student, starts, slopes)
    summed = oracle(starts, slopes, weigh=lambda g: torch.stack(g).sum(0))
    want = oracle(starts, slopes)
    alone = [oracle(starts, [[[g[r]] for g in step] for step in slopes]) for r in range(world)]
    for number, after in enumerate(got):
        close_on_every_rank(
            after,
            [want[number]] * world,
            "after some steps, all ranks have the weights that Adam reaches with the mean gradient",
            {
                "adam-on-summed-gradients": [summed[number]] * world,
                "every-rank-for-itself": [alone[rank][number] for rank in range(world)],
                "adam-never-writes-back": [starts[number]] * world,
            },
        )


@pytest.mark.task("a4_t6", points=5)
def test_each_rank_sees_only_its_shard_of_the_gradient(student: Student, draw: Draw) -> None:
    world = draw.integer(2, 4)
    starts, slopes = problem(draw, world, 2, rest=1)
    ranks, _, got = walk(student, starts, slopes)
    want = oracle(starts, slopes)
    for number, after in enumerate(got):
        close_on_every_rank(after, [want[number]] * world, "the weights are those of Adam", {})
    total = sum(start.numel() for start in starts)
    shard = -(-total // world)
    expect.true(
        "all_reduce" not in ranks.kinds(),
        what="no rank is given the whole mean gradient: it is reduced and scattered",
        got=sorted(ranks.kinds()),
        hint="plain-adam",
    )
    for rank in range(world):
        gathered = sum(
            m.elements for m in ranks.messages if m.rank == rank and m.what != "reduce_scatter"
        )
        expect.true(
            gathered <= len(slopes) * (shard + 1),
            what="besides the gradients, a rank hands over its own shard of the weights, no more",
            got=gathered,
            expected=len(slopes) * shard,
            hint="more-than-a-shard",
        )


@pytest.mark.task("a4_t6", points=3)
def test_state_is_one_shard(student: Student, draw: Draw) -> None:
    world = draw.integer(3, 4)
    starts, slopes = problem(draw, world, 2, rest=1)
    _, adam, got = walk(student, starts, slopes)
    same_on_every_rank(got[0], "all ranks have the same weights")
    total = sum(start.numel() for start in starts)
    shard = -(-total // world)
    mean = [[torch.stack(g).mean(0).reshape(-1) for g in step] for step in slopes]
    flat = [torch.cat([*step, torch.zeros(shard * world - total)]).split(shard) for step in mean]
    for name, beta, power in (("m", SETTINGS["beta1"], 1), ("v", SETTINGS["beta2"], 2)):
        want = [torch.zeros(shard, dtype=torch.float64) for _ in range(world)]
        for step in flat:
            want = [beta * a + (1 - beta) * g**power for a, g in zip(want, step, strict=True)]
        close_on_every_rank(
            adam.get(name),
            want,
            f"{name} holds the averages of this rank's shard alone, total / ranks numbers, "
            "rounded up",
            {},
        )
    expect.equal(adam.get("t"), [2] * world, what="t counts the steps")


@pytest.mark.task("a4_t6", points=1)
def test_one_rank_alone_is_adam_as_usual(student: Student, draw: Draw) -> None:
    starts, slopes = problem(draw, 1, 3, rest=0)
    for step in slopes:
        step[0][0] *= 1e-8  # so small that eps shows
    _, _, got = walk(student, starts, slopes, {})
    want = oracle(starts, slopes, settings={})
    for start, after, wanted in zip(starts, got, want, strict=True):
        moved = [(weight - start) / 0.001 for weight in after if isinstance(weight, torch.Tensor)]
        expect.equal(len(moved), 1, what="the weights stay tensors")
        close_on_every_rank(
            moved,
            [(wanted - start) / 0.001],
            "with one rank, and with nothing said about lr, beta1, beta2 and eps, ShardedAdam "
            "moves as Adam with its usual settings",
            {},
        )
