"""Hidden tests of a1_t2: one epoch in batches, and slopes that are a mean over samples.

Rows carry their number, so that an epoch tells which rows came, when and beside which target.
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .batch_rules import WRONG_SLOPES, epoch, generator, numbered, order_of, slopes
from .promises import finite

# Rows are handed on and not computed with, so only float32's rounding is allowed for.
ROWS = {"rtol": 1e-6, "atol": 1e-6}


def lengths_wanted(rows: int, size: int) -> list[int]:
    """Return the number of rows in each batch."""
    return [min(size, rows - start) for start in range(0, rows, size)]


@pytest.mark.task("a1_t2", points=2)
def test_each_row_comes_once_with_its_own_target(student: Student, draw: Draw) -> None:
    uneven = 3 * draw.integer(2, 4) + draw.integer(1, 2)
    for rows, size in ((uneven, 3), (draw.integer(6, 12), 1), (12, 4)):
        x, t = numbered(rows)
        batches = epoch(student, x, t, size, generator(student, draw.integer(0, 99)), rows)
        came = order_of(batches)
        inputs = {"rows, by number": np.arange(rows), "batch_size": size}
        hint = None
        if set(came) <= set(range(rows)):
            fewer = "last-batch-dropped" if len(came) == rows - rows % size else None
            hint = fewer if len(came) < rows else "rows-drawn-with-replacement"
            hint = "last-batch-filled-up" if len(came) > rows else hint
        expect.true(
            sorted(came) == list(range(rows)),
            what="in one epoch each row of x comes exactly once; told are the rows that came",
            got=came,
            inputs=inputs,
            hint=hint,
        )
        for part, values in zip((0, 1), (x, t), strict=True):
            got = np.concatenate([batch[part] for batch in batches])
            sorted_alike = got.shape == values.shape and np.allclose(
                got[np.argsort(got[:, 0])], values
            )
            expect.close(
                got,
                values[came],
                what="a batch holds whole rows of x, and beside each its own row of t",
                inputs={**inputs, "rows that came": came},
                misconceptions={"targets-shuffled-apart": got} if sorted_alike else None,
                **ROWS,
            )


@pytest.mark.task("a1_t2", points=1)
def test_batches_have_the_size_asked_for(student: Student, draw: Draw) -> None:
    rows = draw.integer(7, 11)
    for count, size in ((rows, 3), (12, 4), (rows, rows), (rows, rows + 5), (1, 1), (0, 3)):
        x, t = numbered(count)
        batches = epoch(student, x, t, size, generator(student, 1), count)
        wanted = lengths_wanted(count, size)
        filled = [size] * len(wanted)
        expect.equal(
            [len(pair[0]) for pair in batches],
            wanted,
            what="every batch has batch_size rows, but the last one has those that are left",
            inputs={"number of rows": count, "batch_size": size},
            misconceptions={
                "last-batch-dropped": [n for n in wanted if n == size],
                "last-batch-filled-up": filled,
                "empty-last-batch": [*wanted, 0],
                "count-for-size": [len(part) for part in np.array_split(x, size)],
            },
        )
    for count in (rows, 1, 0):
        x, t = numbered(count)
        batches = epoch(student, x, t, None, generator(student, 2), count)
        expect.equal(
            [order_of([pair]) for pair in batches],
            [list(range(count))] if count else [],
            what="batch_size=None gives one batch with all rows in their own order, if there are "
            "any; told are the rows of each batch",
            inputs={"number of rows": count},
            misconceptions={
                "none-is-shuffled": [order_of(batches)]
                if count and sorted(order_of(batches)) == list(range(count))
                else None,
                "empty-last-batch": [[]],
            },
        )


@pytest.mark.task("a1_t2", points=2)
def test_order_is_new_in_each_epoch_and_drawn_from_rng(student: Student, draw: Draw) -> None:
    rows, size, seed = draw.integer(8, 11), 3, draw.integer(1, 99)
    x, t = numbered(rows)

    def epochs(start: int, count: int) -> list[list[int]]:
        rng = generator(student, start)
        return [order_of(epoch(student, x, t, size, rng, rows)) for _ in range(count)]

    orders = epochs(seed, 8)
    inputs = {"number of rows": rows, "batch_size": size}
    for hint, what, holds in (
        ("never-shuffled", "the rows are shuffled", orders != [list(range(rows))] * 8),
        (
            "one-order-for-all-epochs",
            "not every epoch has the same order",
            orders != [orders[0]] * 8,
        ),
        (
            "rng-ignored",
            "generators with the same seed give the same epochs",
            epochs(seed, 8) == orders,
        ),
        ("rng-ignored", "another seed gives other epochs", epochs(seed + 1, 8) != orders),
    ):
        expect.true(holds, what=what, got=orders, inputs=inputs, hint=hint)
    # If all orders are equally likely, the chance that one of the six is never met is 2e-9.
    x, t = numbered(3)
    rng = generator(student, seed)
    met = {tuple(order_of(epoch(student, x, t, 2, rng, 3))) for _ in range(120)}
    expect.true(
        len(met) == 6,
        what="over many epochs of three rows in batches of two, they come in each of their six "
        "orders; told are the orders that were met",
        got=sorted(met),
        hint="blocks-shuffled" if len(met) < 6 else None,
    )


@pytest.mark.task("a1_t2", points=1)
def test_samples_and_global_random_numbers_stay_as_they_are(student: Student, draw: Draw) -> None:
    rows, seed = draw.integer(6, 9), draw.integer(1, 99)
    x, t = draw.array(rows, 2), draw.array(rows, 1)
    held_x, held_t = student.put(x), student.put(t)
    shared = student.get("np").get("random")
    shared.call("seed", seed)
    for size in (2, 4, None):
        batches = epoch(student, held_x, held_t, size, generator(student, seed), rows)
        seen = finite(
            [row for pair in batches for row in pair[0].tolist()], x.shape, "x comes once"
        )
        expect.close(np.sort(seen, axis=0), np.sort(x, axis=0), what="x comes once", **ROWS)
    for handle, before in ((held_x, x), (held_t, t)):
        expect.unchanged(
            handle,
            before,
            what="an epoch leaves x and t as they are",
            hint="batches-change-samples",
        )
    expect.true(
        shared.call("random_sample") == np.random.RandomState(seed).random_sample(),
        what="an epoch leaves NumPy's global random numbers alone",
        hint="global-random",
    )


@pytest.mark.task("a1_t2", points=2)
def test_slopes_are_those_of_the_mean_squared_error(student: Student, draw: Draw) -> None:
    columns = draw.integer(3, 6)
    for samples, inputs in ((columns + draw.integer(3, 9), columns), (1, 2), (2, 1), (40, 4)):
        w, x = draw.array(inputs + 1, 1), draw.array(samples, inputs, low=1.0, high=3.0)
        t = draw.array(samples, 1, low=4.0, high=9.0)
        held = [student.put(array) for array in (w, x, t)]
        expect.close(
            student.call("linear_gradient", *held),
            slopes(w, x, t),
            what="linear_gradient returns the slopes of the mean squared error, that of the bias "
            "first, in the shape of w",
            inputs={"w": w, "x": x, "t": t},
            misconceptions={name: rule(w, x, t) for name, rule in WRONG_SLOPES.items()},
            rtol=1e-5,
            atol=1e-5,
        )
        for handle, before in zip(held, (w, x, t), strict=True):
            expect.unchanged(handle, before, what="linear_gradient changes none of its arguments")
