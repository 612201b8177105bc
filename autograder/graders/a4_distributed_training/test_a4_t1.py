"""Hidden tests of a4_t1: bytes per rank."""

from __future__ import annotations

from itertools import pairwise

import pytest

from autograder.grading import Draw, Student, expect

KINDS = ("weights", "gradients", "optimizer")
SHARED = {
    "data parallel": (),
    "sharded optimizer": ("optimizer",),
    "fully sharded": KINDS,
}


def ledger(
    parameters: int, world: int, strategy: str, *, states: int = 2, width: int = 4, up: bool = True
) -> dict[str, int]:
    """Return the bytes of each kind; the options are the usual mistakes."""
    shard = -(-parameters // world) if up else parameters // world
    counts = {"weights": 1, "gradients": 1, "optimizer": states}
    return {
        kind: width * count * (shard if kind in SHARED[strategy] else parameters)
        for kind, count in counts.items()
    }


@pytest.mark.task("a4_t1", points=3)
@pytest.mark.parametrize("strategy", list(SHARED))
def test_memory_is_counted_by_kind_and_strategy(
    student: Student, draw: Draw, strategy: str
) -> None:
    for world in (draw.integer(2, 5), 1, draw.integer(6, 9)):
        parameters = world * draw.integer(3, 500)
        got = student.call("memory_per_rank", parameters, world, strategy)
        expect.equal(
            got,
            ledger(parameters, world, strategy),
            what="memory_per_rank counts the bytes of weights, gradients and optimizer on one rank",
            inputs={"parameters": parameters, "world": world, "strategy": strategy},
            misconceptions={
                "one-state-of-adam": ledger(parameters, world, strategy, states=1),
                "numbers-for-bytes": ledger(parameters, world, strategy, width=1),
                "everything-sharded": ledger(parameters, world, "fully sharded"),
                "nothing-sharded": ledger(parameters, world, "data parallel"),
                "only-optimizer-sharded": ledger(parameters, world, "sharded optimizer"),
            },
        )


@pytest.mark.task("a4_t1", points=1)
def test_shards_are_rounded_up(student: Student, draw: Draw) -> None:
    world = draw.integer(3, 7)
    parameters = world * draw.integer(2, 50) + 1
    for strategy in ("sharded optimizer", "fully sharded"):
        shard = -(-parameters // world)
        got = student.call("memory_per_rank", parameters, world, strategy)
        whole = student.call("memory_per_rank", shard * world, world, strategy)
        same = isinstance(got, dict) and isinstance(whole, dict)
        optimizer = got.get("optimizer") if same else None
        expect.true(
            bool(optimizer) and optimizer == whole.get("optimizer"),
            what="a shard that does not come out even is as large as the largest one",
            got=got,
            inputs={"parameters": parameters, "world": world, "strategy": strategy},
            hint="shard-rounded-down" if optimizer == 8 * (parameters // world) else None,
        )


@pytest.mark.task("a4_t1", points=1)
def test_unknown_strategies_are_refused(student: Student, draw: Draw) -> None:
    got = student.call("memory_per_rank", 10, 2, "data parallel")
    expect.true(isinstance(got, dict), what="memory_per_rank returns a dict", got=got)
    for world, strategy in ((draw.integer(2, 5), "shard it all"), (0, "data parallel")):
        what = "memory_per_rank raises a ValueError for an unknown strategy or for no rank"
        inputs = {"world": world, "strategy": strategy}
        expect.raises(
            lambda world=world, strategy=strategy: student.call(
                "memory_per_rank", 10, world, strategy
            ),
            what=what,
            inputs=inputs,
            hint="unknown-accepted",
        )


@pytest.mark.task("a4_t1", points=1)
def test_activations_are_the_inputs_of_all_layers(student: Student, draw: Draw) -> None:
    for layers in (draw.integer(2, 5), 1):
        batch = draw.integer(2, 40)
        sizes = [draw.integer(3, 60) for _ in range(layers)] + [draw.integer(7, 90)]
        got = student.call("activation_bytes", batch, sizes)
        expect.equal(
            got,
            4 * batch * sum(sizes[:-1]),
            what="activation_bytes counts the inputs of all layers, for each row of the batch",
            inputs={"batch": batch, "sizes": sizes},
            misconceptions={
                "output-counted": 4 * batch * sum(sizes),
                "input-forgotten": 4 * batch * sum(sizes[1:]),
                "batch-forgotten": 4 * sum(sizes[:-1]),
                "activations-in-numbers": batch * sum(sizes[:-1]),
                "weights-for-activations": 4 * sum(a * b for a, b in pairwise(sizes)),
            },
        )
