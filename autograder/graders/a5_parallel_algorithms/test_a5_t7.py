"""Hidden tests of a5_t7: which rows each tree was given, and in which process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Asked, Draw, SharedSpy, Student, Together, expect

from .watching import expect_at_the_same_time, expect_nothing_left, expect_other_processes


def rows_of(bootstrap: Any) -> list[int]:
    """Return a bootstrap as a list: a tree that only remembers."""
    return [int(row) for row in bootstrap]


class FirstIsSlow(SharedSpy):
    """Grows trees that remember; the first that is begun is done last."""

    def __init__(self) -> None:
        super().__init__(rows_of)

    def take(self, call: Asked) -> None:
        """Answer at once, but for the first call."""
        if self.calls:
            super().take(call)
        else:
            self.calls.append(call)

    def nothing_moves(self) -> None:
        """Let the first one end."""
        self._run(self.calls[0])


def grow(
    student: Student, rows: int, trees: int, seed: int, workers: int, spy: SharedSpy | None = None
) -> Any:
    """Grow a forest of trees that only remember their rows; return their bootstraps."""
    spy = spy or Together(workers, rows_of)
    with student.watch() as seen:
        forest = student.call("grow_forest", seen.spy(spy), rows, trees, seed, workers)
    good = isinstance(forest, list | tuple) and all(isinstance(tree, list) for tree in forest)
    expect.true(good, what="grow_forest returns the list of what fit_tree returned", got=forest)
    expect.equal(len(forest), trees, what="there is a result for each tree")
    return [list(tree) for tree in forest]


@pytest.mark.task("a5_t7", points=4)
def test_forest_is_the_same_for_any_number_of_workers(student: Student, draw: Draw) -> None:
    rows, trees, seed = draw.integer(8, 20), 5, draw.integer(0, 999)
    one, four = (grow(student, rows, trees, seed, workers) for workers in (1, 4))
    two = grow(student, rows, trees, seed, 2, FirstIsSlow())
    inputs = {"rows": rows, "trees": trees, "seed": seed}
    for other in (two, four):
        same = sorted(other) == sorted(one)
        expect.true(
            other == one,
            what="the forest is the same, tree by tree, for 1, 2 and 4 workers",
            got=other,
            expected=one,
            inputs=inputs,
            hint="trees-out-of-order" if same else "chance-of-workers",
        )
    expect.true(
        grow(student, rows, trees, seed, 2) == one,
        what="the same seed gives the same forest",
        inputs=inputs,
        hint="chance-of-workers",
    )


@pytest.mark.task("a5_t7", points=2)
def test_bootstraps_are_drawn_with_replacement(student: Student, draw: Draw) -> None:
    rows = draw.integer(300, 400)
    forest = grow(student, rows, 4, draw.integer(0, 999), 2)
    for tree in forest:
        good = len(tree) == rows and all(0 <= row < rows for row in tree)
        expect.true(
            good,
            what="a bootstrap has as many rows as there are, from 0 to rows - 1",
            got=f"{len(tree)} rows from {min(tree, default=0)} to {max(tree, default=0)}",
            inputs={"rows": rows},
        )
    shares = [len(set(tree)) / rows for tree in forest]
    # 1 - 1/e = 0.632 on average, with a standard deviation of 0.018 for 300 rows.
    expect.true(
        all(0.5 < share < 0.77 for share in shares),
        what="rows are drawn with replacement: about 63 % of all occur",
        got=[round(share, 2) for share in shares],
        hint="without-replacement" if min(shares) > 0.9 else None,
    )


@pytest.mark.task("a5_t7", points=3)
def test_every_tree_and_seed_has_rows_of_its_own(student: Student, draw: Draw) -> None:
    rows, trees, seed = draw.integer(20, 30), 4, draw.integer(0, 999)
    forest = grow(student, rows, trees, seed, 2)
    inputs = {"rows": rows, "trees": trees, "seed": seed}
    expect.true(
        len({tuple(tree) for tree in forest}) == trees,
        what="every tree has a bootstrap of its own",
        got=forest,
        inputs=inputs,
        hint="same-tree-again",
    )
    for step in (1, trees):
        other = grow(student, rows, trees, seed + step, 2)
        shared = {tuple(tree) for tree in forest} & {tuple(tree) for tree in other}
        expect.true(
            not shared,
            what="another seed gives other bootstraps",
            got=f"{len(shared)} of {trees} trees are the same for seeds {seed} and {seed + step}",
            inputs=inputs,
            hint="seed-ignored" if len(shared) == trees else "seeds-overlap",
        )


@pytest.mark.task("a5_t7", points=2)
def test_trees_grow_at_the_same_time(student: Student, draw: Draw) -> None:
    workers = draw.integer(2, 3)
    for trees in (workers + 3, workers):
        spy = Together(workers)
        with student.watch() as seen:
            student.call("grow_forest", seen.spy(spy), 5, trees, 0, workers)
        expect_other_processes(seen, spy, workers, "trees are grown by the workers")
        expect_at_the_same_time(spy, workers)
        expect_nothing_left(seen, "after grow_forest")


@pytest.mark.task("a5_t7", points=1)
def test_global_generator_stays_as_it_is(student: Student, draw: Draw) -> None:
    generator = student.get("np").get("random")
    before = generator.call("get_state")
    grow(student, draw.integer(5, 9), 2, 1, 2)
    after = generator.call("get_state")
    expect.true(
        isinstance(after, tuple) and np.array_equal(before[1], after[1]) and before[2] == after[2],
        what="NumPy's global generator is as it was before",
        hint="global-generator",
    )
    expect.equal(grow(student, 5, 0, 1, 2), [], what="a forest of no trees is an empty list")
