"""Visible checks of "Many cores, one answer": run them with ``check("a5_t2")`` and so on.

They show what is meant, on the examples of the notebook. Marks come from hidden tests with other
examples, which also watch the processes from outside. Where the grader passes a function, such as
``began``, the checks pass one of Python's own that does no harm: those can be sent to any process.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from course.checking import Answer, visible


def must_be_close(got: Any, want: Any, what: str) -> None:
    """Demand that ``got`` is ``want`` to about six digits, shape included."""
    assert got is not None, f"{what}: expected {want}, but there is nothing (None)"
    found, wanted = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    assert found.shape == wanted.shape, (
        f"{what}: expected the shape {wanted.shape}, and yours is {found.shape}"
    )
    assert np.allclose(found, wanted, rtol=1e-6), f"{what}: expected {wanted}, got {found}"


def nobody_is_left(before: set[int | None]) -> None:
    """Demand that no process runs that did not before."""
    left = [child for child in multiprocessing.active_children() if child.pid not in before]
    assert not left, f"these processes still run: {left}"


def running() -> set[int | None]:
    """Return the processes that this notebook has started and that still run."""
    return {child.pid for child in multiprocessing.active_children()}


@visible("a5_t1")
def ten_items_for_four_workers(answer: Answer) -> None:
    """Ten items for four workers: 3, 3, 2 and 2."""
    got = [tuple(pair) for pair in answer.chunks(10, 4)]
    assert got == [(0, 3), (3, 6), (6, 8), (8, 10)], f"got {got}"


@visible("a5_t1")
def two_items_for_four_workers(answer: Answer) -> None:
    """Two items for four workers are two chunks, and none that is empty."""
    got = [tuple(pair) for pair in answer.chunks(2, 4)]
    assert got == [(0, 1), (1, 2)], f"got {got}"


@visible("a5_t2")
def small_product_is_right(answer: Answer) -> None:
    """A 3 x 2 matrix times a 2 x 2 matrix, with two processes."""
    before = running()
    a, b = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    must_be_close(answer.shared_matmul(a, b, 2, max), [[3, 2], [7, 4], [11, 6]], "A B")
    nobody_is_left(before)


@visible("a5_t3")
def blocks_give_the_product(answer: Answer) -> None:
    """A 3 x 2 matrix times a 2 x 2 matrix by eight products."""
    asked: list[int] = []

    def fork_join(pairs: Any) -> Any:
        asked.append(len(pairs))
        return [left @ right for left, right in pairs]

    a, b = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 0.0], [1.0, 1.0]])
    must_be_close(answer.block_matmul(a, b, fork_join), [[3, 2], [7, 4], [11, 6]], "A B")
    assert asked == [8], f"fork_join was to be called once with 8 pairs; calls had {asked} pairs"


@visible("a5_t3")
def tiles_hold_every_step_once(answer: Answer) -> None:
    """With 2 x 2 x 3 indices and tiles of 2, the first tile has 8 steps and the second 4."""
    steps = [tuple(map(int, step)) for step in np.asarray(answer.tiled_order(2, 2, 3, 2))]
    assert len(steps) == 12, f"12 steps were expected, and these are {len(steps)}"
    assert len(set(steps)) == 12, "some step occurs twice"
    tiles = [step[2] // 2 for step in steps]
    assert sorted(tiles) in (tiles, tiles[::-1]), f"a tile is left and entered again: {steps}"


@visible("a5_t4")
def crew_squares_in_order(answer: Answer) -> None:
    """Two processes take absolute values, in order, as they are done, and one by itself."""
    before = running()
    crew = answer.Crew(2)
    try:
        assert list(crew.map(abs, [-3, 1, -2])) == [3, 1, 2], "map keeps the order"
        got = sorted(tuple(pair) for pair in crew.as_done(abs, [-3, 1, -2]))
        assert got == [(0, 3), (1, 1), (2, 2)], f"as_done gives pairs (position, result): {got}"
        assert crew.start(abs, -7).get() == 7, "start(...).get() waits for the result"
    finally:
        crew.close()
    nobody_is_left(before)


@visible("a5_t4")
def script_prints_squares(answer: Answer) -> None:
    """The script prints [9, 1, 4] for 3, -1 and 2, and nothing when it is imported."""
    if not answer.SCRIPT.strip():
        raise NotImplementedError("a5_t4: the program is still empty")
    assert "__main__" in answer.SCRIPT, "a process that imports the script would start the pool"
    got = answer.import_script(answer.SCRIPT)
    assert got == "", f"nothing was to be printed when it is imported, and this was: {got}"
    got = answer.run_script(answer.SCRIPT, 3, -1, 2)
    assert got == "[9, 1, 4]", f"[9, 1, 4] was expected, and this was printed: {got}"


def table_by_hand() -> str:
    """Write the table of the example; return its path."""
    handle, path = tempfile.mkstemp(suffix=".npy")
    os.close(handle)
    np.save(path, np.array([[1.0, 2.0], [3.0, 2.0]]))
    return path


@visible("a5_t5")
def gradient_by_hand(answer: Answer) -> None:
    """The rows (1, 2) and (3, 2) have the gradients -2 and -6 at w = 0, together -8."""
    path = table_by_hand()
    try:
        must_be_close(answer.chunk_gradient("linear", path, 0, 2, np.zeros(1)), [-8.0], "the sum")
        must_be_close(answer.chunk_gradient("linear", path, 1, 2, np.zeros(1)), [-6.0], "row 1")
    finally:
        Path(path).unlink()


@visible("a5_t5")
def step_by_hand(answer: Answer) -> None:
    """One step with a rate of 0.1 leads from 0 to 0.4."""
    path, before = table_by_hand(), running()
    try:
        must_be_close(answer.descend("linear", path, 1, 0.1, 2, 1, max), [0.4], "the weight")
    finally:
        Path(path).unlink()
    nobody_is_left(before)


@visible("a5_t6")
def split_by_hand(answer: Answer) -> None:
    """The values 1, 2, 4 with targets 0, 0, 6 split at 3 without any loss."""
    got = answer.split_column(np.array([1.0, 2.0, 4.0]), np.array([0.0, 0.0, 6.0]))
    assert got is not None, "there is a split, and this is None"
    assert np.allclose(got, (0.0, 3.0), atol=1e-9), f"(0.0, 3.0) was expected, and this is {got}"


@visible("a5_t6")
def better_column_wins(answer: Answer) -> None:
    """Of a constant column and the one above, the second is split."""
    table = np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 4.0]])
    got = answer.best_split(table, np.array([0.0, 0.0, 6.0]), 2, abs)
    assert tuple(got) == (1, 3.0), f"(1, 3.0) was expected, and this is {got}"


@visible("a5_t7")
def forest_is_the_same_for_one_and_two(answer: Answer) -> None:
    """Three trees on ten rows are the same with one worker and with two, and differ."""
    one = answer.grow_forest(list, 10, 3, 0, 1)
    two = answer.grow_forest(list, 10, 3, 0, 2)
    assert one == two, f"one worker gives {one}, and two give {two}"
    assert len({tuple(tree) for tree in one}) == 3, f"some trees have the same rows: {one}"
    assert all(len(tree) == 10 for tree in one), f"ten rows each were expected: {one}"


@visible("a5_t9")
def deposits_follow_the_example(answer: Answer) -> None:
    """10 and 5, put to 100 one after the other, make 115, and the lock is free again."""
    state = {"balance": 100, "held": 0, "most": 0}

    def acquire() -> None:
        state["held"] += 1
        state["most"] += 1

    def release() -> None:
        state["held"] -= 1

    account = answer.Account(lambda: state["balance"], lambda value: state.update(balance=value))
    for amount in (10, 5):
        answer.deposit(account, answer.Lock(acquire, release), amount)
    assert state["balance"] == 115, f"115 was expected, and this is {state['balance']}"
    assert state["held"] == 0, "the lock is still held"
    assert state["most"] == 2, "each deposit takes the lock once"


@visible("a5_t13")
def order_holds_every_step_once(answer: Answer) -> None:
    """The order for 4 x 3 times 3 x 5 has all 60 steps."""
    steps = [tuple(map(int, step)) for step in np.asarray(answer.best_order(4, 3, 5, 6, 2))]
    assert len(steps) == 60, f"60 steps were expected, and these are {len(steps)}"
    assert len(set(steps)) == 60, "some step occurs twice"
