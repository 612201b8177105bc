"""The simulated cache, held against counts that can be done by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.cache import Cache, count_misses
from course.plots.cache import plot_misses


def test_line_brings_its_neighbours() -> None:
    cache = Cache(lines=2, line=4)
    assert [cache.touch(address) for address in (0, 3, 4, 1)] == [False, True, False, True]
    assert (cache.hits, cache.misses) == (2, 2)


def test_line_used_longest_ago_has_to_go() -> None:
    cache = Cache(lines=2, line=1)
    for address in (0, 1, 0, 2):  # 1 goes, since 0 was used after it
        cache.touch(address)
    assert cache.touch(0)
    assert not cache.touch(1)


@pytest.mark.parametrize(("lines", "line"), [(0, 1), (1, 0)])
def test_cache_without_room_is_refused(lines: int, line: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Cache(lines, line)


def test_large_cache_misses_each_line_once() -> None:
    steps = np.array([(i, x, j) for j in range(5) for x in range(3) for i in range(4)])
    misses = count_misses(steps, 4, 3, 5, lines=1000, line=2)
    assert {name: int(missed.sum()) for name, missed in misses.items()} == {"A": 6, "B": 8, "C": 10}
    assert {name: missed.shape for name, missed in misses.items()} == {
        "A": (4, 3),
        "B": (3, 5),
        "C": (4, 5),
    }


def test_misses_are_counted_where_they_happen() -> None:
    """With a single line of one number, everything misses but what was asked for just before."""
    misses = count_misses([(0, 0, 0), (0, 1, 0)], 1, 2, 1, lines=1, line=1)
    assert {name: missed.tolist() for name, missed in misses.items()} == {
        "A": [[1, 1]],
        "B": [[1], [1]],
        "C": [[2]],
    }


@pytest.mark.parametrize("steps", [[(0, 0)], [(0, 2, 0)], [(-1, 0, 0)]])
def test_steps_outside_are_refused(steps: Any) -> None:
    with pytest.raises(ValueError, match=r"rows|outside"):
        count_misses(steps, 1, 2, 1, lines=1, line=1)


def test_picture_has_three_matrices_for_each_run() -> None:
    misses = count_misses([(0, 0, 0), (0, 1, 0)], 1, 2, 1, lines=1, line=1)
    figure = plot_misses({"one": misses, "two": misses}, steps=2)
    titles = [ax.get_title("left") for ax in figure.axes if ax.get_title("left")]
    assert titles == ["A: 2 misses", "B: 2 misses", "C: 2 misses"] * 2
    with pytest.raises(ValueError, match="empty"):
        plot_misses({}, steps=1)
