"""Hidden tests of a3_t6: draws on the right scale, and a budget that is kept.

Distributions are judged by Kolmogorov and Smirnov's distance: with 400 draws, a right sampler
exceeds 0.16 once in 10**9 (the bound is 2 exp(-2 n d**2)).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .plain import Array, generator, number, parts, place_of, same, same_unordered
from .search_ledger import expect_trials

DRAWS, FAR = 400, 0.16


def drawn(student: Student, space: dict[str, Any], count: int, seed: int) -> list[dict[str, Any]]:
    """Return so many draws of the student's from one generator."""
    rng = generator(student, seed)
    what = "sample_config returns a dictionary with one value for each name of the space"
    draws = [student.call("sample_config", space, rng) for _ in range(count)]
    for config in draws:
        names = set(config) if isinstance(config, dict) else set()
        expect.true(names == set(space), what=what, got=config, inputs={"space": space})
    return draws


def column(draws: list[dict[str, Any]], name: str) -> Array:
    """Return the numbers drawn for a name."""
    return np.array([number(config[name], f"{name} is a number") for config in draws])


def distance(shares: Array) -> float:
    """Return how far shares are from lying evenly in [0, 1]."""
    ordered = np.sort(shares)
    steps = np.arange(ordered.size + 1) / ordered.size
    return float(max(np.abs(steps[1:] - ordered).max(), np.abs(ordered - steps[:-1]).max()))


def expect_scale(values: Array, low: float, high: float, kind: str) -> None:
    """Expect values that lie evenly between low and high on their scale."""
    inputs = {"drawn from": (kind, low, high), "number of draws": values.size}
    expect.true(
        bool(np.all((values >= low * (1 - 1e-9)) & (values <= high * (1 + 1e-9)))),
        what="draws lie between low and high",
        got=np.array([values.min(), values.max()]),
        inputs=inputs,
        hint="bounds-taken-for-exponents" if kind == "log" else None,
    )
    on_log = distance(np.log(values / low) / math.log(high / low))
    on_line = distance((values - low) / (high - low))
    mine, other = (on_log, on_line) if kind == "log" else (on_line, on_log)
    middle = math.sqrt(low * high) if kind == "log" else 0.5 * (low + high)
    expect.true(
        mine < FAR,
        what=f"draws lie evenly on the {kind} scale; told is the share of them below its middle",
        got=float(np.mean(values < middle)),
        expected="about 0.5",
        inputs=inputs,
        hint=("linear-for-log" if kind == "log" else "log-for-linear") if other < FAR else None,
    )


@pytest.mark.task("a3_t6", points=2)
def test_log_scale_is_drawn_evenly_in_factors(student: Student, draw: Draw) -> None:
    low = draw.number(1e-4, 1e-3)
    for bounds in ((low, 1000.0 * low), (1.0, draw.number(50.0, 90.0))):
        draws = drawn(student, {"lr": ("log", *bounds)}, DRAWS, draw.integer(1, 99))
        expect_scale(column(draws, "lr"), *bounds, "log")
    one = drawn(student, {"lr": ("log", low, low)}, 2, 1)
    expect.close(column(one, "lr"), [low, low], what="low = high leaves one value", rtol=1e-9)


@pytest.mark.task("a3_t6", points=1)
def test_lines_and_lists_are_drawn_evenly(student: Student, draw: Draw) -> None:
    options = [[8], [8, 8], "none", None, draw.integer(3, 9)]
    # What is drawn from a line comes after a list, and another one before it.
    space = {
        "kind": options,
        "rate": ("linear", 1.0, draw.number(30.0, 60.0)),
        "flag": [True, False],
    }
    draws = drawn(student, space, DRAWS, draw.integer(1, 99))
    expect_scale(column(draws, "rate"), *space["rate"][1:], "linear")
    counts = [sum(same(config["kind"], option) for config in draws) for option in options]
    flags = [sum(same(config["flag"], flag) for config in draws) for flag in (True, False)]
    expect.true(
        sum(counts) == DRAWS,
        what="a value from a list is one of its entries, as it stands there",
        got=[config["kind"] for config in draws[:5]],
        inputs={"list": options},
        hint="entries-not-as-they-stand",
    )
    # 80 are expected of each; 32 is six standard deviations away.
    expect.true(
        min(counts) > 32,
        what="each entry of a list is as likely as the others; told is how often each came",
        got=counts,
        inputs={"list": options, "number of draws": DRAWS},
        hint="entries-never-drawn",
    )
    # 200 are expected of each; 60 is six standard deviations.
    expect.true(
        min(flags) > 140 and sum(flags) == DRAWS,
        what="each of two entries is drawn in half of the cases; told is how often each came",
        got=flags,
        inputs={"list": [True, False], "number of draws": DRAWS},
        hint="entries-never-drawn",
    )
    below = drawn(student, {"a": ("linear", -5.0, -3.0)}, 3, 1)
    expect.true(
        bool(np.all(np.abs(column(below, "a") + 4.0) <= 1.0)),
        what="a linear scale may lie below zero",
    )


@pytest.mark.task("a3_t6", points=1)
def test_draws_are_independent_and_come_from_rng(student: Student, draw: Draw) -> None:
    space = {"a": ("log", 0.01, 1.0), "b": ("log", 0.01, 1.0), "c": ("linear", 0.0, 1.0)}
    seed = draw.integer(1, 99)
    shared = student.get("np").get("random")
    shared.call("seed", seed)
    draws = drawn(student, space, DRAWS, seed)
    columns = np.array([np.log(column(draws, "a")), np.log(column(draws, "b")), column(draws, "c")])
    spread = columns.std(axis=1)
    expect.true(
        bool(np.all(spread > 0.05)),
        what="draws differ from each other",
        got=columns[:, :3],
        hint="rng-ignored",
    )
    expect.true(
        # A correlation of 400 independent pairs has a standard deviation of 0.05.
        float(np.abs(np.corrcoef(columns) - np.eye(3)).max()) < 0.31,
        what="the draws of two names have nothing to do with each other",
        hint="one-draw-for-all-names",
    )
    along = np.corrcoef(columns[0, 1:], columns[0, :-1])[0, 1]
    expect.true(abs(along) < 0.31, what="a draw has nothing to do with the one before")
    again = drawn(student, space, 5, seed)
    expect.true(
        all(same_unordered(a, b) for a, b in zip(again, draws, strict=False)),
        what="generators with the same seed give the same draws",
        hint="rng-ignored",
    )
    expect.true(
        shared.call("random_sample") == np.random.RandomState(seed).random_sample(),
        what="NumPy's global random numbers are left alone",
        hint="rng-ignored",
    )


@pytest.mark.task("a3_t6", points=1)
def test_spaces_that_cannot_be_drawn_from_are_refused(student: Student, draw: Draw) -> None:
    high = draw.number(1.0, 2.0)
    drawn(student, {"a": ("log", 0.5 * high, high)}, 1, 1)
    for entry, hint in (
        (("log", 0.0, high), "log-of-zero-accepted"),
        (("log", -high, high), "log-of-zero-accepted"),
        (("log", 2.0 * high, high), "bounds-upside-down-accepted"),
        (("linear", high + 0.5, high), "bounds-upside-down-accepted"),
        ([], None),
    ):
        expect.raises(
            lambda entry=entry: student.call(
                "sample_config", {"b": ("linear", 0.0, 1.0), "a": entry}, generator(student, 1)
            ),
            what="what cannot be drawn from is a ValueError",
            inputs={"a": entry},
            hint=hint,
        )


SPACE = {"lr": ("log", 0.001, 1.0), "kind": ["p", "q"], "width": ("linear", 0.0, 1.0)}


class Trials:
    """Gives each trial the next error of a list, and notes what was tried."""

    def __init__(self, errors: Array) -> None:
        self.errors, self.tried = errors, []  # type: ignore[var-annotated]

    def __call__(self, config: Any) -> float:
        """Note the trial and return its error."""
        good = isinstance(config, dict) and set(config) == set(SPACE)
        expect.true(good, what="try_config is given a combination of the space", got=config)
        expect.true(
            len(self.tried) < self.errors.size,
            what="there are exactly as many trials as the budget allows",
            inputs={"budget": self.errors.size},
            hint="budget-overspent",
        )
        self.tried.append(dict(config))
        return float(self.errors[len(self.tried) - 1])


def searched(student: Student, errors: Array, seed: int) -> tuple[Trials, list[Any]]:
    """Let the student search at random; return the trials made, and the three parts returned."""
    trials = Trials(errors)
    got = student.call("random_search", SPACE, trials, errors.size, generator(student, seed))
    return trials, parts(got, 3, "random_search returns (config, error, trials)")


@pytest.mark.task("a3_t6", points=1)
def test_budget_is_spent_on_fresh_draws(student: Student, draw: Draw) -> None:
    for budget in (draw.integer(5, 12), 1, 30):
        errors = draw.array(budget, low=0.1, high=1.0)
        trials, got = searched(student, errors, draw.integer(1, 99))
        expect.true(
            len(trials.tried) == budget,
            what="there are exactly as many trials as the budget allows",
            got=len(trials.tried),
            expected=budget,
            hint="budget-not-spent",
        )
        rates = {round(number(config["lr"], "lr is a number"), 12) for config in trials.tried}
        expect.true(
            len(rates) == budget,
            what="every trial is a fresh draw; told is how many different ones there were",
            got=len(rates),
            expected=budget,
            hint="same-draw-again",
        )
        expect_trials(got[2], trials.tried, errors)


@pytest.mark.task("a3_t6", points=1)
def test_best_trial_is_returned(student: Student, draw: Draw) -> None:
    for holes, tied in (((), ()), ((0, 3), ()), ((1,), (2, 4)), ((0, 1, 2, 3, 5), ())):
        # The last trial is neither the best nor the worst.
        errors = np.append(draw.rng.permutation([1.0, 2.0, 4.0, 5.0, 6.0]), 3.0)
        errors += draw.number(0.0, 0.5)
        errors[list(tied)] = 0.25
        errors[list(holes)] = np.nan
        trials, (config, error, _) = searched(student, errors, draw.integer(1, 99))
        best = int(np.nanargmin(errors))
        place = place_of(config, trials.tried)
        wrong = {
            "largest-error-chosen": int(np.nanargmax(errors)),
            "nan-chosen": holes[0] if holes else best,
            "last-of-the-tied": tied[-1] if tied else best,
            "last-trial-returned": errors.size - 1,
        }
        inputs = {"errors, in order": errors}
        fresh = len({number(config["lr"], "lr is a number") for config in trials.tried})
        if fresh < len(trials.tried):
            wrong = {}  # of equal draws nobody can tell which one was meant
        expect.true(
            place == best,
            what="the trial with the lowest error is returned, the first of several; nan is never "
            "the lowest; told is its number, from 0 on",
            got=place,
            expected=best,
            inputs=inputs,
            hint=next((name for name, k in wrong.items() if k == place != best), None),
        )
        expect.close(
            error, errors[best], what="the error of this trial is returned", rtol=1e-6,
            inputs=inputs,
        )  # fmt: skip


@pytest.mark.task("a3_t6", points=1)
def test_searches_that_find_nothing_are_refused(student: Student, draw: Draw) -> None:
    budget = draw.integer(2, 5)
    trials, _ = searched(student, np.full(budget, 0.5), 1)
    expect.true(len(trials.tried) > 0, what="a search tries something")
    for bad in (0, -1):
        expect.raises(
            lambda bad=bad: student.call(
                "random_search", SPACE, Trials(np.ones(3)), bad, generator(student, 1)
            ),
            what="a budget below 1 is a ValueError",
            inputs={"budget": bad},
        )
    expect.raises(
        lambda: searched(student, np.full(budget, np.nan), 1),
        what="a search in which every error was nan is a ValueError",
        hint="nan-chosen",
    )
