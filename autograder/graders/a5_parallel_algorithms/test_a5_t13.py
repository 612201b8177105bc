"""Hidden tests of a5_t13: misses of an order, against the best that is known.

The six problems are fixed, so no verdict can flip, and exist only here. ``FEWEST`` was found
by a search over strips of C and blocks of B, of every height and several widths, back and forth.
As multiples of it, averaged over the six: the plain order i, j, l 11.7; the loops in the order
i, l, j 2.3; the best square tile of each problem 2.1; the better of these two 1.9; strips chosen
from a few by trying 1.0 (the reference).
"""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import Student, expect
from course.cache import count_misses

from .orders import expect_every_step_once, steps_of

Problem = tuple[int, int, int, int, int]
FEWEST: dict[Problem, int] = {
    (14, 19, 15, 24, 2): 1214,
    (16, 15, 14, 14, 2): 1213,
    (15, 17, 13, 17, 2): 1349,
    (12, 19, 17, 17, 8): 220,
    (18, 18, 18, 18, 8): 326,
    (13, 18, 15, 19, 8): 191,
}
PROBLEMS = list(FEWEST)


def expect_at_most(student: Student, problems: list[Problem], most: float, hint: str) -> None:
    """Expect few misses, as a multiple of the fewest known, averaged over problems."""
    shares = []
    for n, k, m, lines, line in problems:
        steps = steps_of(student.call("best_order", n, k, m, lines, line))
        expect_every_step_once(steps, n, k, m)
        misses = count_misses(steps, n, k, m, lines=lines, line=line)
        total = sum(int(missed.sum()) for missed in misses.values())
        shares.append(total / FEWEST[n, k, m, lines, line])
    expect.true(
        float(np.mean(shares)) <= most,
        what=f"the misses are, on average, at most {most} times the fewest known",
        got=f"{np.mean(shares):.2f} times",
        hint=hint,
    )


@pytest.mark.task("a5_t13", points=3)
def test_misses_are_those_of_good_loops(student: Student) -> None:
    expect_at_most(student, PROBLEMS[:3], 3.0, "walks-down-columns")


@pytest.mark.task("a5_t13", points=3)
def test_misses_are_those_of_good_tiles(student: Student) -> None:
    expect_at_most(student, PROBLEMS[2:], 1.5, "tiles-not-fitted")


@pytest.mark.task("a5_t13", points=2)
def test_misses_are_nearly_the_fewest(student: Student) -> None:
    expect_at_most(student, PROBLEMS, 1.15, "tiles-not-fitted")
