"""Hidden tests of a3_t7: a Gaussian process, its expected improvement, and the search by both.

The search is not compared number by number: a trial is right if by the belief that all trials so
far allow its expected improvement is the largest, or so close to it that rounding may decide.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .gaussian_rules import (
    LENGTH,
    NOISE,
    WRONG_IMPROVEMENTS,
    WRONG_KERNELS,
    improvement,
    kernel,
    least_promise,
    posterior,
    rule_followed,
    wrong_posteriors,
)
from .plain import Array, number, numbers, parts, whole_numbers

# float32 leaves 1e-6 where the noise is 0.1 and more; the closest mistake is off by 1e-2.
CLOSE = {"rtol": 1e-4, "atol": 1e-4}
# Of an improvement float32 leaves 1e-7, and a constant off by a thousandth 3e-5 and more.
GAIN_CLOSE = {"rtol": 1e-5, "atol": 3e-6}


def spaced(draw: Draw, rows: int, columns: int) -> Array:
    """Return rows that are not close to each other."""
    x = draw.array(rows, columns, low=0.0, high=0.5)
    x[:, 0] += np.arange(rows)
    return draw.rng.permutation(x)


@pytest.mark.task("a3_t7", points=2)
def test_kernel_tells_how_alike_all_pairs_are(student: Student, draw: Draw) -> None:
    rows = draw.integer(2, 4)
    for n, m, columns in ((rows + 1, rows, 2), (1, 3, 1), (4, 4, 3), (3, 1, 2)):
        a, b = draw.array(n, columns, low=0.0, high=2.0), draw.array(m, columns)
        length = draw.number(0.5, 0.9) + (0.8 if columns == 2 else 0.0)
        expect.close(
            student.call("kernel", a, b, length),
            kernel(a, b, length),
            what="kernel returns exp(-|a - b|^2 / (2 length^2)) for each row of a and each of b",
            inputs={"a": a, "b": b, "length": length},
            misconceptions={name: rule(a, b, length) for name, rule in WRONG_KERNELS.items()},
            **CLOSE,
        )


def believed(student: Student, *arguments: Any) -> tuple[Array, Array]:
    """Return the student's mean and std."""
    what = "gp_posterior returns the pair (mean, std), each with one number for each new place"
    mean, std = parts(student.call("gp_posterior", *arguments), 2, what)
    return numbers(mean, what, ndim=1), numbers(std, what, ndim=1)


@pytest.mark.task("a3_t7", points=2)
def test_belief_is_that_of_the_process(student: Student, draw: Draw) -> None:
    n = draw.integer(3, 6)
    for rows, new, columns in ((n, n + 2, 2), (1, 4, 1), (5, 1, 3)):
        x, x_new = spaced(draw, rows, columns), draw.array(new, columns, low=0.0, high=2.5)
        y, length, noise = draw.array(rows), draw.number(0.8, 1.4), draw.number(0.2, 0.5)
        mean, variance = posterior(x, y, x_new, length, noise**2)
        got = believed(student, x, y, x_new, length, noise)
        wrong = wrong_posteriors(x, y, x_new, length, noise)
        looks = next((hint for hint, (m, s) in wrong.items() if near(got, m, s)), None)
        inputs = {"x": x, "y": y, "x_new": x_new, "length": length, "noise": noise}
        right = near(got, mean, np.sqrt(variance))
        expect.true(
            right,
            what="gp_posterior returns mean and standard deviation of the belief at new places",
            got=list(got),
            expected=[mean, np.sqrt(variance)],
            inputs=inputs,
            hint=None if right else looks,
        )


def near(got: tuple[Array, Array], mean: Array, std: Array) -> bool:
    """Tell whether a belief is this one."""
    pairs = zip(got, (mean, std), strict=True)
    return all(a.shape == b.shape and np.allclose(a, b, **CLOSE) for a, b in pairs)


@pytest.mark.task("a3_t7", points=1)
def test_std_is_zero_where_a_trial_without_noise_was(student: Student, draw: Draw) -> None:
    # In 97 of 100 draws of 20 rows the best way to solve leaves a variance below zero.
    for rows in (draw.integer(3, 6), 20, 20, 20, 20):
        x = 0.5 * spaced(draw, rows, 2)
        mean, std = believed(student, x, draw.array(rows), x, 0.6, 0.0)
        expect.true(
            bool(np.all(np.isfinite(std)) and np.all(std >= 0.0) and np.all(std < 0.02)),
            what="where a trial without noise was made the standard deviation is 0 but for "
            "rounding, and never nan",
            got=std,
            inputs={"x and x_new": x, "noise": 0.0},
            hint=None if np.isfinite(std).all() else "nan-from-rounding",
        )
        expect.true(bool(np.isfinite(mean).all()), what="the mean is finite", got=mean)
    far = x + 100.0
    mean, std = believed(student, x, draw.array(len(x)), far, 0.6, 0.1)
    expect.close(std, np.ones(len(x)), what="far from all trials the standard deviation is 1",
                 **CLOSE)  # fmt: skip
    expect.close(mean, np.zeros(len(x)), what="far from all trials the mean is 0", **CLOSE)


@pytest.mark.task("a3_t7", points=2)
def test_expected_improvement_is_the_mean_gain(student: Student, draw: Draw) -> None:
    for places in (draw.integer(3, 8), 1, 5):
        mean, std = draw.array(places), draw.array(places, low=0.2, high=0.8)
        best = draw.number(-0.5, 0.5)
        expect.close(
            student.call("expected_improvement", mean, std, best),
            improvement(mean, std, best),
            what="expected_improvement returns by how much a place is expected to be lower than "
            "best, on average",
            inputs={"mean": mean, "std": std, "best": best},
            misconceptions={n: rule(mean, std, best) for n, rule in WRONG_IMPROVEMENTS.items()},
            **GAIN_CLOSE,
        )


@pytest.mark.task("a3_t7", points=1)
def test_certain_places_gain_what_is_certain(student: Student, draw: Draw) -> None:
    best = draw.number(-0.2, 0.2)
    above, below = draw.array(2, low=0.2, high=0.5), draw.array(2, low=0.2, high=0.5)
    mean = best + np.array([-below[0], above[0], 0.0, above[1], -below[1]])
    # Drawn as well: a place's gain depends on these two alone, and feedback prints an example's.
    unsure = draw.array(2, low=0.4, high=0.6)
    for std in (np.array([0.0, 0.0, 0.0, *unsure]), np.zeros(5)):
        expect.close(
            student.call("expected_improvement", mean, std, best),
            improvement(mean, std, best),
            what="where std is 0 the improvement is what is certain: best - mean, or 0",
            inputs={"mean": mean, "std": std, "best": best},
            misconceptions={
                "certain-gain-lost": np.where(std > 0, improvement(mean, std, best), 0)
            },
            **GAIN_CLOSE,
        )


class Trials:
    """Tells the error of a candidate, and notes which were tried."""

    def __init__(self, errors: Array, budget: int) -> None:
        self.errors, self.budget = errors, budget
        self.rows: list[int] = []

    def __call__(self, row: Any) -> float:
        """Note the row and return its error."""
        what = "try_row is given the number of a candidate"
        place = number(row, what)
        good = place == round(place) and 0 <= place < self.errors.size
        expect.true(good, what=what, got=row)
        expect.true(
            int(place) not in self.rows,
            what="no candidate is tried twice",
            got=[*self.rows, int(place)],
            hint="tried-again",
        )
        expect.true(
            len(self.rows) < self.budget,
            what="there are no more trials than the budget allows",
            inputs={"budget": self.budget},
            hint="budget-overspent",
        )
        self.rows.append(int(place))
        return float(self.errors[int(place)])


def searched(
    student: Student,
    candidates: Array,
    errors: Array,
    first: list[int],
    budget: int,
    process: tuple[float, float] = (LENGTH, NOISE),
) -> tuple[Trials, list[Any]]:
    """Let the student search; return the trials and what was returned."""
    trials = Trials(errors, budget)
    got = student.call("bayesian_search", candidates, trials, first, budget, *process)
    return trials, parts(got, 2, "bayesian_search returns the pair (rows, errors)")


def valley(draw: Draw, candidates: Array) -> Array:
    """Return errors that fall towards some place, with a ripple, high above zero."""
    ripple = np.sin(6.0 * candidates[:, 0] + draw.number(0.0, 6.0))
    away = np.sum((candidates - draw.array(candidates.shape[1], low=0.2, high=0.8)) ** 2, axis=1)
    return 30.0 + 8.0 * away + ripple


@pytest.mark.task("a3_t7", points=2)
def test_each_trial_goes_where_most_is_expected(student: Student, draw: Draw) -> None:
    # Candidates lie so wide apart that some place always promises 0.003 or more. Where all has
    # been seen the largest promise may be 1e-17, and rounding decides who has it.
    for columns, count, budget, wide in ((1, 25, draw.integer(7, 9), 5.0), (2, 30, 10, 2.0)):
        candidates = draw.array(count, columns, low=0.0, high=1.0)
        errors = valley(draw, candidates)
        candidates = wide * candidates
        low, middle, high = np.sort(draw.rng.choice(count, 3, replace=False)).tolist()
        first = [middle, high, low]  # neither rising nor falling
        trials, _ = searched(student, candidates, errors, first, budget)
        inputs = {"first": first, "errors of all candidates": errors, "candidates": candidates}
        expect.true(
            trials.rows[:3] == first,
            what="the rows of first are tried first, in order",
            got=trials.rows,
            inputs=inputs,
            hint="first-rows-skipped",
        )
        worst = least_promise(candidates, errors, trials.rows, 3)
        expect.true(
            worst["right"] > 0.9,
            what="after first, each trial goes to the untried row with the largest expected "
            "improvement, by the belief that all trials so far allow; told is the smallest share "
            "of the largest improvement that a trial had",
            got=worst["right"],
            expected="1, but for rounding",
            inputs=inputs,
            hint=rule_followed(worst),
        )
        expect.true(len(trials.rows) > 3, what="the search goes on after first")


@pytest.mark.task("a3_t7", points=1)
def test_trials_end_with_the_budget_or_the_candidates(student: Student, draw: Draw) -> None:
    for count, budget in ((12, draw.integer(5, 8)), (5, 9), (4, 4), (6, 2), (3, 1)):
        candidates = np.linspace(0.0, 1.0, count)[:, None]
        errors = valley(draw, candidates)
        first = [count - 1, 0][: max(1, min(2, budget))]
        trials, (rows, told) = searched(student, candidates, errors, first, budget)
        expect.true(
            len(trials.rows) == min(budget, count),
            what="the search ends when the budget is spent or all rows are tried; told is the "
            "number of trials",
            got=len(trials.rows),
            expected=min(budget, count),
            inputs={"candidates": count, "budget": budget},
            hint="budget-not-spent",
        )
        what = "bayesian_search returns rows and errors in the order of the trials"
        expect.true(whole_numbers(rows, what) == trials.rows, what=what, got=rows)
        expect.close(told, errors[trials.rows], what=what, rtol=1e-6)
    # A process that is so sure of itself expects nothing at all, to the last digit, in most places.
    candidates = np.linspace(0.0, 1.0, 12)[:, None]
    trials, _ = searched(student, candidates, valley(draw, candidates), [0, 6], 12, (0.8, 0.01))
    expect.true(
        sorted(trials.rows) == list(range(12)),
        what="where no row promises anything, an untried one is tried all the same",
        got=trials.rows,
        hint="budget-not-spent",
    )


@pytest.mark.task("a3_t7", points=1)
def test_spread_of_the_errors_is_that_of_all_of_them(student: Student, draw: Draw) -> None:
    """Two trials, a candidate beside the better one, and another one far from both.

    However the two errors lie, standardised they are 1 and -1. The place beside the better trial
    then promises 1.23 times as much as the far one; with errors of 0.71 and -0.71, as the divisor
    N - 1 makes them, it is 0.78 times.
    """
    start, low = draw.number(-2.0, 2.0), draw.number(1.0, 5.0)
    beside = LENGTH * math.sqrt(-2.0 * math.log(0.95))  # where the kernel is 0.95
    candidates = start + np.array([[5.0 + beside], [30.0], [0.0], [5.0]])
    errors = low + np.array([9.0, 9.0, draw.number(1.0, 8.0), 0.0])
    trials, _ = searched(student, candidates, errors, [2, 3], 3)
    expect.true(
        trials.rows == [2, 3, 0],
        what="the third trial goes to the untried row with the largest expected improvement, by "
        "the two errors after their mean is subtracted and they are divided by their standard "
        "deviation over N; told are the rows tried",
        got=trials.rows,
        expected=[2, 3, 0],
        inputs={"first": [2, 3], "errors of all candidates": errors, "candidates": candidates},
        hint=rule_of(student, draw) if trials.rows == [2, 3, 1] else None,
    )
    # A single error, and errors that are all equal: the spread is 0, and so is the belief's mean.
    flat = np.full(6, low)
    candidates = start + np.array([[0.1], [4.0], [0.0], [0.2], [8.0], [4.1]])
    trials, _ = searched(student, candidates, flat, [2], 5)
    expect.true(
        set(trials.rows[1:3]) in ({1, 4}, {5, 4}) and len(trials.rows) == 5,
        what="where all errors are equal, or there is only one, each trial goes where least is "
        "known; told are the rows tried",
        got=trials.rows,
        inputs={"first": [2], "candidates": candidates, "errors of all candidates": flat},
        hint="divided-by-no-spread" if len(trials.rows) < 5 else None,
    )


def rule_of(student: Student, draw: Draw) -> str | None:
    """Return the mistake that explains a search of eight trials, if there is one."""
    candidates = draw.array(25, 1, low=0.0, high=1.0)
    errors = valley(draw, candidates)
    trials, _ = searched(student, candidates, errors, [4, 8], 8)
    return rule_followed(least_promise(candidates, errors, trials.rows, 2))
