"""Percentiles and micro-batches, by other ways than the reference, with their known mistakes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

Batches = list[tuple[float, list[int]]]


def nearest_rank(times: Sequence[float], q: float) -> float:
    """Return the smallest of the times that at least q percent of them do not exceed."""
    enough = Fraction(q) * len(times) / 100
    return next(t for t in sorted(times) if sum(one <= t for one in times) >= enough)


def wrong_percentiles(times: Sequence[float], q: float) -> dict[str, float]:
    """Return what known mistakes give, by their hints."""
    place = math.ceil(len(times) * q / 100)
    ordered = sorted(times)
    return {
        "percentile-interpolated": float(np.percentile(times, q)),
        "percentile-not-sorted": list(times)[place - 1],
        "percentile-one-place-late": ordered[min(place, len(ordered) - 1)],
        "percentile-by-rounding-down": ordered[max(int(len(times) * q / 100) - 1, 0)],
        "mean-for-percentile": float(np.mean(times)),
    }


def batches(
    arrivals: Sequence[float],
    most: int,
    wait: float,
    *,
    take_along: Callable[[float, float], bool] = float.__le__,
    end_of: Callable[[Sequence[float], float], float] = lambda came, wait: came[0] + wait,
    leave_full: bool = True,
) -> Batches:
    """Return the batches, with exchangeable parts: each exchange is a known mistake."""
    left: Batches = []
    rest = list(enumerate(arrivals))
    while rest:
        members, came = [rest[0][0]], [rest[0][1]]
        rest = rest[1:]
        while rest and len(members) < most and take_along(rest[0][1], end_of(came, wait)):
            number, now = rest.pop(0)
            members.append(number)
            came.append(now)
        full = len(members) == most and leave_full
        left.append((came[-1] if full else end_of(came, wait), members))
    return left


WRONG_BATCHES: dict[str, Callable[[Sequence[float], int, float], Batches]] = {
    "exactly-then-left-out": lambda a, m, w: batches(a, m, w, take_along=float.__lt__),
    "patience-of-the-last": lambda a, m, w: batches(a, m, w, end_of=lambda came, w: came[-1] + w),
    "full-batch-waits": lambda a, m, w: batches(a, m, w, leave_full=False),
    "batch-one-too-large": lambda a, m, w: batches(a, m + 1, w),
    "last-batch-forgotten": lambda a, m, w: [
        (leaves, members) for leaves, members in batches(a, m, w) if len(members) == m
        or members[-1] != len(a) - 1
    ],
}  # fmt: skip
"""Hint -> the batches that this mistake makes."""
