"""Hidden tests of a4_t3: which rank works on which samples, epoch by epoch."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from autograder.grading import Draw, Student, expect


def shares(
    student: Student, samples: int, world: int, epoch: int = 0, seed: int = 3
) -> list[list[int]]:
    """Return every rank's list, once it is sure that they are lists of numbers."""
    got = [student.call("rank_indices", samples, r, world, epoch, seed) for r in range(world)]
    for share in got:
        good = isinstance(share, list) and all(type(place) is int for place in share)
        expect.true(good, what="rank_indices returns a list of whole numbers", got=share)
    return got


@pytest.mark.task("a4_t3", points=3)
def test_ranks_share_all_samples(student: Student, draw: Draw) -> None:
    for world in (draw.integer(2, 5), 1):
        each = draw.integer(3, 12)
        got = shares(student, each * world, world, draw.integer(0, 9))
        dealt = Counter(place for share in got for place in share)
        expect.true(
            all(len(share) == each for share in got),
            what="every rank gets the same number of samples, samples / world",
            got=[len(share) for share in got],
            hint="everyone-gets-all" if all(len(s) == each * world for s in got) else None,
        )
        expect.true(
            dealt == Counter(range(each * world)),
            what="together the ranks have every sample exactly once",
            got=got,
            inputs={"samples": each * world, "world": world},
            hint="orders-differ-by-rank",
        )


@pytest.mark.task("a4_t3", points=2)
def test_uneven_samples_are_filled_from_the_start(student: Student, draw: Draw) -> None:
    for world, samples in (
        (3, 3 * draw.integer(8, 15) + 1),
        (4, 4 * draw.integer(6, 12) + 2),
        (draw.integer(4, 6), 2),
        (draw.integer(2, 4), 1),
        (3, 0),
    ):
        got = shares(student, samples, world)
        each = -(-samples // world)
        inputs = {"samples": samples, "world": world}
        expect.equal(
            [len(share) for share in got],
            [each] * world,
            what="every rank gets samples / world samples, rounded up, so that all take as many "
            "steps",
            inputs=inputs,
            misconceptions={
                "rest-dropped": [samples // world] * world,
                "ranks-of-unequal-length": [len(range(r, samples, world)) for r in range(world)],
            },
        )
        # Dealt like cards: place r of every round belongs to rank r.
        order = [got[place % world][place // world] for place in range(each * world)]
        expect.true(
            sorted(order[:samples]) == list(range(samples))
            and all(order[p] == order[p - samples] for p in range(samples, each * world)),
            what="rank r gets the places r, r + world, ... of the order; what is missing at the "
            "end comes from the beginning of the order again",
            got=got,
            inputs=inputs,
            hint="filled-otherwise" if set(order) == set(range(samples)) else None,
        )


@pytest.mark.task("a4_t3", points=2)
def test_every_epoch_has_its_own_order(student: Student, draw: Draw) -> None:
    world, samples, seed = 2, 2 * draw.integer(12, 30), draw.integer(0, 1000)
    epochs = [shares(student, samples, world, epoch, seed) for epoch in range(4)]
    pairs = list(pairwise(epochs))
    shared = all(len(share) == samples // world for epoch in epochs for share in epoch)
    expect.true(
        epochs[0][0] != sorted(epochs[0][0]),
        what="the samples are shuffled before they are dealt",
        hint="not-shuffled" if shared else None,
    )
    expect.true(
        all(a[0] != b[0] for a, b in pairs),
        what="the order is another one in every epoch",
        hint="same-order-every-epoch",
    )
    expect.true(
        all(sorted(a[0]) != sorted(b[0]) for a, b in pairs),
        what="in every epoch a rank meets other samples, not only another order of its own",
        hint="shuffled-after-sharing" if shared else None,
    )
    other = shares(student, samples, world, 0, seed + 1)
    expect.true(other != epochs[0], what="another seed gives another order", hint="seed-ignored")
    expect.true(
        other != epochs[1],
        what="seed 1 in epoch 0 and seed 0 in epoch 1 have nothing to do with each other",
        hint="seed-plus-epoch",
    )


@pytest.mark.task("a4_t3", points=1)
def test_order_is_decided_by_seed_and_epoch_alone(student: Student, draw: Draw) -> None:
    world, samples, epoch = 3, 3 * draw.integer(5, 12), draw.integer(1, 5)
    first = shares(student, samples, world, epoch, 7)
    later = student.call("rank_indices", samples, 1, world, epoch, 7)
    expect.true(
        later == first[1],
        what="asked again for the same epoch, a rank gets the same samples",
        hint="order-not-repeatable",
    )
