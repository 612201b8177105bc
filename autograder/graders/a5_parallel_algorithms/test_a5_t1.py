"""Hidden tests of a5_t1: chunks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect


def pairs_of(got: Any) -> Any:
    """Return pairs as tuples of Python's numbers, if they are pairs of whole numbers."""
    if not isinstance(got, list | tuple):
        return got
    pairs = []
    for pair in got:
        if not isinstance(pair, list | tuple | np.ndarray) or len(pair) != 2:
            return got
        if not all(isinstance(end, int | np.integer) for end in pair):
            return got
        pairs.append((int(pair[0]), int(pair[1])))
    return pairs


def balanced(n: int, workers: int) -> list[tuple[int, int]]:
    """Cut as asked for, worked out by counting cards dealt round the table."""
    sizes = [len(range(worker, n, workers)) for worker in range(min(n, workers))]
    ends = np.cumsum([0, *sizes]).tolist()
    return list(pairwise(ends))


def ceiling(n: int, workers: int) -> list[tuple[int, int]]:
    """Cut chunks of the size rounded up: the last is small."""
    size = -(-n // workers)
    return [(start, min(start + size, n)) for start in range(0, n, size)]


def all_in_last(n: int, workers: int) -> list[tuple[int, int]]:
    """Give what is left over to the last chunk."""
    size = n // workers
    return [(w * size, n if w == workers - 1 else (w + 1) * size) for w in range(workers)]


def expect_chunks(student: Student, n: int, workers: int, what: str, **wrong: Any) -> None:
    expect.equal(
        pairs_of(student.call("chunks", n, workers)),
        balanced(n, workers),
        what=what,
        inputs={"n": n, "workers": workers},
        misconceptions={
            name.replace("_", "-"): value for name, value in wrong.items() if value is not None
        },
    )


@pytest.mark.task("a5_t1", points=2)
def test_even_work_is_cut_evenly(student: Student, draw: Draw) -> None:
    most, size = draw.integer(2, 7), draw.integer(2, 9)
    for workers in (most, 1):
        n = workers * size
        expect_chunks(
            student,
            n,
            workers,
            "the chunks hold every item once and in order",
            stop_included=[(start, stop - 1) for start, stop in balanced(n, workers)],
            size_for_count=balanced(n, -(-n // workers)) if size != workers else None,
        )


@pytest.mark.task("a5_t1", points=2)
def test_remainder_is_spread_over_the_first_chunks(student: Student, draw: Draw) -> None:
    workers = draw.integer(4, 8)
    for size in (1, draw.integer(2, 6)):
        n = workers * size + 2
        expect_chunks(
            student,
            n,
            workers,
            "sizes differ by one at most, and the larger chunks come first",
            rest_lost=balanced(workers * size, workers),
            rest_in_last=all_in_last(n, workers),
            rounded_up=ceiling(n, workers),
            larger_last=[(n - b, n - a) for a, b in reversed(balanced(n, workers))],
        )


@pytest.mark.task("a5_t1", points=1)
def test_no_chunk_is_empty(student: Student, draw: Draw) -> None:
    n = draw.integer(2, 5)
    workers = n + draw.integer(1, 4)
    empty = [(a, a + 1) for a in range(n)] + [(n, n)] * (workers - n)
    what = "with fewer items than workers there is a chunk for each item"
    expect_chunks(student, n, workers, what, empty_chunks=empty)
    what = "without items there are no chunks"
    expect_chunks(student, 0, workers, what, empty_chunks=[(0, 0)] * workers)


@pytest.mark.task("a5_t1", points=1)
def test_nonsense_is_a_value_error(student: Student, draw: Draw) -> None:
    expect_chunks(student, 2, 1, "what makes sense is cut")
    for n, workers in ((draw.integer(1, 9), 0), (-1, 2), (0, -draw.integer(1, 3)), (0, 0)):
        expect.raises(
            lambda n=n, workers=workers: student.call("chunks", n, workers),
            what="a negative n, or less than one worker, is a ValueError",
            inputs={"n": n, "workers": workers},
            hint="nonsense-accepted",
        )
