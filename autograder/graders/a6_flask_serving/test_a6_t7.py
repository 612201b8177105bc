"""Hidden tests of a6_t7, percentiles and micro-batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .waiting_rules import WRONG_BATCHES, Batches, batches, nearest_rank, wrong_percentiles


@pytest.mark.task("a6_t7", points=2)
def test_percentile_is_the_nearest_rank(student: Student, draw: Draw) -> None:
    for count in (draw.integer(5, 9), draw.integer(11, 19), 100, 200, 1, 2):
        ordered = sorted(round(time, 3) for time in draw.array(count, low=1.0, high=90.0).tolist())
        times = ordered[3:] + ordered[:3]  # no mistake gives the value of another one
        before = list(times)
        for q in (50, draw.integer(51, 89), 90, 95, 99, 99.5, 100, 1):
            expect.close(
                student.call("percentile", times, q),
                nearest_rank(before, q),
                what="the percentile is the time at place ceil(n q / 100) of the sorted times",
                inputs={"times": before[:20], "number of times": count, "q": q},
                misconceptions=wrong_percentiles(before, q) if count > 4 else None,
                rtol=1e-12,
            )
    held = student.put([3.0, 1.0, 2.0])
    student.call("percentile", held, 50)
    expect.equal(
        held.fetch(), [3.0, 1.0, 2.0], what="the times stay as they are",
        misconceptions={"times-sorted-in-place": [1.0, 2.0, 3.0]},
    )  # fmt: skip


@pytest.mark.task("a6_t7", points=1)
def test_percentile_refuses_what_has_none(student: Student, draw: Draw) -> None:
    times = draw.array(4).tolist()
    got = student.call("percentile", times, 100)
    expect.close(got, max(times), what="the 100th percentile is the longest time", rtol=1e-12)
    for bad, q, hint in (
        ([], 50, None),
        (times, 0, "percentile-limits"),
        (times, -1, "percentile-limits"),
        (times, 100.5, "percentile-limits"),
        ([*times, float("nan")], 50, "percentile-of-nan"),
        ([float("nan"), *times], 99, "percentile-of-nan"),
    ):
        expect.raises(
            lambda bad=bad, q=q: student.call("percentile", bad, q),
            what="no times, a NaN among them, or a q that is not in (0, 100] is a ValueError",
            inputs={"times": bad, "q": q},
            hint=hint,
        )


def expect_batches(got: Any, arrivals: list[float], most: int, wait: float, what: str) -> None:
    """Expect the right batches; name the mistake that these look like."""
    inputs = {"arrivals": arrivals[:12], "most": most, "wait": wait}
    good = isinstance(got, list | tuple) and all(
        isinstance(one, list | tuple) and len(one) == 2 and isinstance(one[1], list | tuple)
        for one in got
    )
    expect.true(good, what="a list of pairs is returned", got=got, inputs=inputs)
    wanted = batches(arrivals, most, wait)
    hints = [name for name, rule in WRONG_BATCHES.items() if _same(got, rule(arrivals, most, wait))]
    expect.true(
        _same(got, wanted), what=what, got=got, expected=wanted, inputs=inputs,
        hint=hints[0] if len(hints) == 1 else None,  # where two look alike, none is named
    )  # fmt: skip


def _same(got: Any, wanted: Batches) -> bool:
    """Compare batches; the time of leaving is a sum of two numbers, so exact to rounding."""
    if len(got) != len(wanted):
        return False
    times_agree = all(
        isinstance(mine, float | int) and bool(np.isclose(mine, leaves, rtol=1e-12, atol=1e-12))
        for (mine, _), (leaves, _) in zip(got, wanted, strict=True)
    )
    return times_agree and all(
        list(mine) == members for (_, mine), (_, members) in zip(got, wanted, strict=True)
    )


@pytest.mark.task("a6_t7", points=3)
def test_batches_leave_when_full_or_when_patience_ends(student: Student, draw: Draw) -> None:
    for most in (draw.integer(2, 4), 1, draw.integer(5, 7)):
        # Eighths are exact in binary, so "exactly then" is exact too.
        gaps = draw.rng.integers(0, 5, size=draw.integer(6, 30)) / 8.0
        arrivals = np.cumsum(gaps).tolist()
        for wait in (0.5, 1.0, 0.0, 0.125):
            expect_batches(
                student.call("micro_batches", arrivals, most, wait), arrivals, most, wait,
                "a batch leaves with its last member if it is full, else when the patience of its "
                "first one ends",
            )  # fmt: skip


@pytest.mark.task("a6_t7", points=1)
def test_who_comes_exactly_then_is_taken_along(student: Student, draw: Draw) -> None:
    start = draw.integer(1, 9) / 8.0
    arrivals = [start, start + 0.25, start + 0.5, start + 0.625, start + 1.125]
    for most in (3, 4, 9):
        expect_batches(
            student.call("micro_batches", arrivals, most, 0.5), arrivals, most, 0.5,
            "who comes exactly when the patience ends is taken along",
        )  # fmt: skip


@pytest.mark.task("a6_t7", points=1)
def test_edges_of_batching(student: Student, draw: Draw) -> None:
    x = draw.integer(1, 9) / 4.0
    for arrivals in ([], [x], [x, x, x, x, x]):
        expect_batches(
            student.call("micro_batches", arrivals, 3, 0.25), arrivals, 3, 0.25,
            "no arrivals make no batch, one makes one, and equal times are no trouble",
        )  # fmt: skip
    for most, wait in ((0, 1.0), (-2, 1.0), (2, -0.5)):
        expect.raises(
            lambda most=most, wait=wait: student.call("micro_batches", [x, x + 1], most, wait),
            what="a batch of none, or a negative patience, is a ValueError",
            inputs={"most": most, "wait": wait},
            hint="batch-limits",
        )
