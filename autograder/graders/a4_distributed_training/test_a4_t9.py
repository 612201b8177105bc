"""Hidden tests of a4_t9: a schedule that is legal and as short as it can be, and a run of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch

from autograder.grading import Draw, PerRank, Student, expect

from .groups import close_on_every_rank, tensors


@pytest.mark.task("a4_t9", points=2)
def test_bubble_is_the_idle_share(student: Student, draw: Draw) -> None:
    for stages, micro in ((draw.integer(3, 8), draw.integer(4, 20)), (1, draw.integer(2, 9))):
        expect.close(
            student.call("bubble", stages, micro),
            (stages - 1) / (micro + stages - 1),
            what="bubble is the share of time in which a stage is idle",
            inputs={"stages": stages, "micro_batches": micro},
            misconceptions={
                "bubble-over-work": (stages - 1) / micro,
                "busy-for-idle": micro / (micro + stages - 1),
                "bubble-counts-all-stages": stages / (micro + stages - 1),
                "bubble-exchanged": (micro - 1) / (micro + stages - 1),
            },
        )


def ticks(rows: list[list[str]]) -> list[dict[str, int]]:
    """Return for each stage when it does what."""
    return [{job: tick for tick, job in enumerate(row) if job} for row in rows]


def demand_rows(rows: Any, stages: int) -> list[list[str]]:
    good = (
        isinstance(rows, list)
        and len(rows) == stages
        and all(isinstance(row, list) for row in rows)
        and all(isinstance(job, str) for row in rows for job in row)
        and len({len(row) for row in rows}) == 1
    )
    expect.true(
        good, what="pipeline_schedule returns one list of words a stage, all equally long", got=rows
    )
    return list(rows)


@pytest.mark.task("a4_t9", points=3)
@pytest.mark.parametrize("stages", [1, 2, 4])
def test_schedule_is_complete_and_legal(student: Student, draw: Draw, stages: int) -> None:
    micro = draw.integer(2, 6)
    inputs = {"stages": stages, "micro_batches": micro}
    rows = demand_rows(student.call("pipeline_schedule", stages, micro), stages)
    jobs = sorted(f"{way}{number}" for way in "FB" for number in range(micro))
    for row in rows:
        worked = sorted(filter(None, row))
        expect.equal(
            worked,
            jobs,
            what="every stage does F and B of every micro-batch exactly once",
            inputs=inputs,
            misconceptions={
                "empty-schedule": [],
                "forward-only": sorted(f"F{number}" for number in range(micro)),
            },
        )
    when = ticks(rows)
    for number in range(micro):
        forward = [stage[f"F{number}"] for stage in when]
        backward = [stage[f"B{number}"] for stage in when]
        expect.true(
            all(a < b for a, b in pairwise(forward)),
            what="a stage can begin F only after the stage before it has done it",
            got=rows,
            inputs=inputs,
            hint="stages-do-not-wait",
        )
        expect.true(
            all(a > b for a, b in pairwise(backward)),
            what="on the way back, a stage can begin B only after the stage behind it has done it",
            got=rows,
            inputs=inputs,
            hint="backward-from-the-front",
        )
        expect.true(
            all(f < b for f, b in zip(forward, backward, strict=True)),
            what="B of a micro-batch comes after its F",
            got=rows,
            inputs=inputs,
            hint="backward-before-forward",
        )


@pytest.mark.task("a4_t9", points=3)
def test_schedule_is_as_short_as_the_bubble_says(student: Student, draw: Draw) -> None:
    for stages in (draw.integer(3, 5), 1):
        micro = draw.integer(3, 7)
        rows = demand_rows(student.call("pipeline_schedule", stages, micro), stages)
        busy = sum(bool(job) for job in rows[0])
        expect.equal(busy, 2 * micro, what="every stage does F and B of every micro-batch")
        expect.equal(
            len(rows[0]),
            2 * (micro + stages - 1),
            what="the schedule takes 2 (m + n - 1) ticks",
            inputs={"stages": stages, "micro_batches": micro},
            misconceptions={
                "one-micro-batch-at-a-time": 2 * micro * stages,
                "one-tick-too-many": 2 * (micro + stages),
            },
        )


@pytest.mark.task("a4_t9", points=4)
@pytest.mark.parametrize("world", [1, 2, 3])
def test_run_gives_the_outputs_of_all_stages(student: Student, draw: Draw, world: int) -> None:
    size, micro, rows = draw.integer(2, 4), draw.integer(3, 5), draw.integer(1, 3)
    weights = tensors(draw, world, size, size)
    inputs = [tensors(draw, 1, rows, size)[0] - 1.0 for _ in range(micro)]
    blank = [torch.full((rows, size), float("nan"), dtype=torch.float64)] * micro
    ranks = student.ranks(world)
    batches = PerRank([inputs, *[blank] * (world - 1)])
    got = ranks.call("pipeline_forward", PerRank(weights), batches)
    for rank in range(world - 1):
        expect.equal(got[rank], [], what="a rank that is not the last one returns []")
    last = got[-1]
    expect.true(
        isinstance(last, list) and len(last) == micro,
        what="the last rank returns one output a micro-batch",
        got=last,
    )
    for x, y in zip(inputs, last, strict=True):
        want = x
        for weight in weights:
            want = torch.tanh(want @ weight)
        close_on_every_rank(
            [y],
            [want],
            "an output has gone through tanh(x W) of every stage, in order",
            {"only-the-last-stage": [torch.full_like(want, float("nan"))]} if world > 1 else {},
        )
    for rank in range(world):
        expect.equal(
            ranks.count("send", rank),
            micro if rank < world - 1 else 0,
            what="every rank but the last sends one message a micro-batch",
            misconceptions={"all-at-once": 1},
        )
