"""A bar chart as SVG, in units of its own view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
HEIGHT = 200
_LEFT = 8
_TOP = 20
"""Room for the count above the highest bar."""
_BOTTOM = 40
"""Room for the labels and the name of the axis."""
_GAP = 0.15
"""Share of a bar's place that stays empty."""


@dataclass(frozen=True)
class Bar:
    """One bar: its rectangle, the middle of its place, what it counts."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    count: int


@dataclass(frozen=True)
class Histogram:
    """Everything the template draws."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    base: int
    description: str
    """The same in words, for whoever cannot see it."""


def histogram(counts: Sequence[tuple[str, int]]) -> Histogram:
    """Return the bars for labelled counts, from left to right."""
    base = HEIGHT - _BOTTOM
    place = (WIDTH - 2 * _LEFT) / max(len(counts), 1)
    highest = max((count for _, count in counts), default=0) or 1
    bars = []
    for number, (label, count) in enumerate(counts):
        height = (base - _TOP) * count / highest
        left = _LEFT + number * place
        bars.append(
            Bar(
                x=round(left + place * _GAP / 2, 1),
                y=round(base - height, 1),
                width=round(place * (1 - _GAP), 1),
                height=round(height, 1),
                middle=round(left + place / 2, 1),
                label=label,
                count=count,
            )
        )
    words = ", ".join(f"{label} points: {count}" for label, count in counts if count)
    return Histogram(tuple(bars), WIDTH, HEIGHT, base, words or "nobody yet")
