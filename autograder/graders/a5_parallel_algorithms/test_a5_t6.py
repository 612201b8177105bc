"""Hidden tests of a5_t6: the best split, by trying every threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, SharedSpy, Student, Together, expect

from .watching import (
    arguments,
    expect_at_the_same_time,
    expect_nothing_left,
    expect_other_processes,
)


def losses(x: Any, y: Any) -> dict[float, float]:
    """Return the loss of every threshold, each worked out from the beginning."""
    values = np.unique(x)
    middles = (values[:-1] + values[1:]) / 2
    sides = {float(t): (y[x <= t], y[x > t]) for t in middles}
    return {t: float(((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum())
            for t, (a, b) in sides.items()}  # fmt: skip


def best_of(x: Any, y: Any) -> tuple[float, float]:
    found = losses(x, y)
    threshold = min(found, key=lambda t: found[t])
    return found[threshold], threshold


def expect_split(student: Student, x: Any, y: Any, what: str, atol: float = 1e-8) -> None:
    loss, threshold = best_of(x, y)
    values = np.unique(x)
    below = float(values[values < threshold].max())
    expect.close(
        student.call("split_column", x, y),
        [loss, threshold],
        what=what,
        rtol=1e-6,
        atol=atol,
        inputs={"x": x, "y": y},
        misconceptions={
            "threshold-at-a-value": [loss, below],
            "mean-for-sum": [loss / len(y), threshold],
            "largest-loss": lambda: _worst(x, y),
        },
    )


def _worst(x: Any, y: Any) -> list[float]:
    found = losses(x, y)
    threshold = max(found, key=lambda t: found[t])
    return [found[threshold], threshold]


@pytest.mark.task("a5_t6", points=2)
def test_split_has_the_smallest_loss(student: Student, draw: Draw) -> None:
    for _ in range(3):
        rows = draw.integer(6, 14)
        x, y = draw.array(rows, low=0.0, high=9.0), draw.array(rows, low=-5.0, high=5.0)
        y = y + np.where(x > np.median(x), 4.0, 0.0)
        expect_split(student, x, y, "split_column gives loss and threshold of the best split")


@pytest.mark.task("a5_t6", points=1)
def test_equal_values_stay_on_one_side(student: Student, draw: Draw) -> None:
    rows = draw.integer(8, 12)
    x = np.array([0.0] * (rows - 5) + [1.0, 1.0, 1.0, 3.0, 3.0])
    y = np.concatenate([draw.array(rows - 3), 8.0 + draw.array(3)])
    order = draw.rng.permutation(rows)
    expect_split(student, x[order], y[order], "rows with equal values stay on one side")
    expect.equal(
        student.call("split_column", np.full(rows, 2.5), y),
        None,
        what="a feature with a single value cannot be split: None",
    )


@pytest.mark.task("a5_t6", points=1)
def test_large_targets_lose_no_digits(student: Student, draw: Draw) -> None:
    rows = draw.integer(6, 12)
    x, y = draw.array(rows, low=0.0, high=9.0), draw.array(rows, low=-5.0, high=5.0)
    # Without the mean taken off, sums of squares of 1e8 leave no correct digit of the loss.
    expect_split(student, x, y + 1e8, "the loss does not depend on where the targets lie", 1e-4)


@pytest.mark.task("a5_t6", points=2)
def test_best_feature_wins(student: Student, draw: Draw) -> None:
    rows, columns = draw.integer(7, 12), draw.integer(3, 5)
    table, y = draw.array(rows, columns, low=0.0, high=9.0), draw.array(rows)
    good = columns - 1
    table[:, 0] = 1.0  # cannot be split
    table[:, good] += 10.0  # so that its threshold is the largest
    y = y + np.where(table[:, good] > np.median(table[:, good]), 30.0, 0.0)
    with student.watch() as seen:
        function = seen.spy(SharedSpy())
        got = student.call("best_split", table, y, 2, function)
        none = student.call("best_split", np.ones((rows, 2)), y, 2, function)
    _, threshold = best_of(table[:, good], y)
    expect.close(
        got,
        [good, threshold],
        what="best_split gives feature and threshold of the smallest loss",
        rtol=1e-9,
        inputs={"table": table, "y": y},
        misconceptions={"feature-second": [threshold, good]},
    )
    expect.equal(none, None, what="if no column can be split, best_split returns None")
    twins = np.column_stack([table[:, good]] * 3)
    with student.watch() as seen:
        got = student.call("best_split", twins, y, 2, seen.spy(SharedSpy()))
    expect.close(got, [0, threshold], what="of equally good columns the first is taken", rtol=1e-9)


@pytest.mark.task("a5_t6", points=2)
def test_columns_are_spread_over_processes(student: Student, draw: Draw) -> None:
    workers = draw.integer(2, 3)
    for columns in (workers + draw.integer(3, 4), workers):
        table, y = draw.array(6, columns), draw.array(6)
        spy = Together(workers)
        with student.watch() as seen:
            student.call("best_split", table, y, workers, seen.spy(spy))
        expect_other_processes(seen, spy, workers, "columns are treated by the workers")
        expect_at_the_same_time(spy, workers)
        expect.equal(
            arguments(spy),
            [(column,) for column in range(columns)],
            what="began(column) is called once for each column",
        )
        expect_nothing_left(seen, "after best_split")
