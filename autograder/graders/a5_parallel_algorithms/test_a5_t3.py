"""Hidden tests of a5_t3: blocks, and an order of steps judged by a simulated cache."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Spy, Student, expect
from course.cache import count_misses

from .orders import expect_every_step_once, steps_of


def multiply_all(pairs: Any) -> list[Any]:
    """Stand for processes that multiply; anything that is no pair of matrices is refused."""
    return [np.asarray(left) @ np.asarray(right) for left, right in pairs]


def run_blocks(student: Student, draw: Draw, n: int, k: int, m: int) -> tuple[Spy, Any, Any]:
    a, b = draw.array(n, k, low=0.5, high=2.0), draw.array(k, m, low=0.5, high=2.0)
    spy = Spy(multiply_all)
    got = student.call("block_matmul", a, b, spy)
    top, left = n // 2, m // 2
    inner = k // 2
    first_only = np.block(
        [
            [a[:top, :inner] @ b[:inner, :left], a[:top, :inner] @ b[:inner, left:]],
            [a[top:, :inner] @ b[:inner, :left], a[top:, :inner] @ b[:inner, left:]],
        ]
    )
    expect.close(
        got,
        a @ b,
        what="block_matmul returns A B",
        rtol=1e-9,  # right answers agree to 1e-15
        inputs={"a": a, "b": b},
        misconceptions={"second-product-missing": first_only, "block-transposed": _swapped(a @ b)},
    )
    return spy, a, b


def _swapped(c: Any) -> Any:
    """Return C with the two blocks beside the diagonal exchanged, where they have one shape."""
    n, m = c.shape
    if n % 2 or m % 2 or n != m:
        return np.zeros(0)
    half = n // 2
    return np.block([[c[:half, :half], c[half:, :half]], [c[:half, half:], c[half:, half:]]])


@pytest.mark.task("a5_t3", points=2)
@pytest.mark.parametrize("odd", [False, True])
def test_blocks_give_the_product(student: Student, draw: Draw, odd: bool) -> None:
    if odd:
        run_blocks(student, draw, 2 * draw.integer(1, 3) + 1, 2 * draw.integer(1, 3) + 1, 2)
    else:
        half = draw.integer(1, 3)
        run_blocks(student, draw, 2 * half, 2 * draw.integer(1, 3), 2 * half)


@pytest.mark.task("a5_t3", points=3)
def test_eight_products_are_started_at_once(student: Student, draw: Draw) -> None:
    # No half of one size is a half of another.
    n, k, m = draw.integer(2, 3), draw.integer(6, 7), draw.integer(10, 11)
    spy, a, b = run_blocks(student, draw, n, k, m)
    expect.true(
        len(spy.calls) == 1,
        what="fork_join is called once, so that all products are made at the same time",
        got=f"{len(spy.calls)} calls",
        hint="joined-too-soon" if spy.calls else "never-called",
    )
    pairs = list(spy.calls[0][0])
    expect.equal(len(pairs), 8, what="there are eight products", inputs={"a": a, "b": b})
    want = sorted((r, i, c) for r in _halves(n) for i in _halves(k) for c in _halves(m))
    got = sorted((*np.shape(left), np.shape(right)[1]) for left, right in pairs)
    expect.equal(got, want, what="the blocks are cut at size // 2", inputs={"a": a, "b": b})


def _halves(size: int) -> tuple[int, int]:
    return size // 2, size - size // 2


def run_tiles(student: Student, n: int, k: int, m: int, tile: int) -> Any:
    return steps_of(student.call("tiled_order", n, k, m, tile))


@pytest.mark.task("a5_t3", points=2)
@pytest.mark.parametrize("fits", [True, False])
def test_every_step_occurs_once(student: Student, draw: Draw, fits: bool) -> None:
    tile = draw.integer(2, 4)
    n, k, m = (tile * draw.integer(1, 3) + (0 if fits else extra) for extra in (1, 1, 1))
    expect_every_step_once(run_tiles(student, n, k, m, tile), n, k, m)


@pytest.mark.task("a5_t3", points=2)
def test_tile_is_finished_before_the_next(student: Student, draw: Draw) -> None:
    tile = draw.integer(2, 3)
    n, k, m = 2 * tile, 3 * tile, 2 * tile + 1
    steps = run_tiles(student, n, k, m, tile)
    expect_every_step_once(steps, n, k, m)
    tiles = steps // tile
    changes = int((tiles[1:] != tiles[:-1]).any(axis=1).sum())
    want = 2 * 3 * 3
    expect.true(
        changes + 1 == want,
        what="once a tile is begun, all its steps come before the next tile",
        got=f"{changes + 1} times a tile is begun",
        expected=want,
        inputs={"n": n, "k": k, "m": m, "tile": tile},
        hint="not-tiled",
    )


@pytest.mark.task("a5_t3", points=2)
def test_tiles_that_fit_are_fetched_once(student: Student, draw: Draw) -> None:
    tile = draw.integer(3, 4)
    n, k, m = 3 * tile, 2 * tile + 1, 2 * tile
    steps = run_tiles(student, n, k, m, tile)
    expect_every_step_once(steps, n, k, m)
    misses = count_misses(steps, n, k, m, lines=3 * tile**2, line=1)
    got = sum(int(missed.sum()) for missed in misses.values())
    # Whatever the order inside, each of the three pieces of a tile is fetched once at most.
    blocks = [[min(tile, size - at) for at in range(0, size, tile)] for size in (n, k, m)]
    most = sum(i * x + x * j + i * j for i in blocks[0] for x in blocks[1] for j in blocks[2])
    expect.true(
        got <= most,
        what="a cache that holds three tiles fetches each once for a tile of steps",
        got=f"{got} misses",
        expected=f"at most {most}",
        inputs={"n": n, "k": k, "m": m, "tile": tile},
    )
