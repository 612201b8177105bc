"""Lets a student's grid search run, honestly and with a peek, and puts trouble into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.arrays import Array
from course.errors import message_of, name_and_message
from course.peek.problem import Problem, error, fit, grid_of, make

GridSearch = Callable[..., Mapping[str, Any]]
"""A student's function: grid, make, fit, error, train, valid, open_test; returns what was found."""


@dataclass(frozen=True)
class Found:
    """What one search found.

    Attributes
    ----------
    errors
        The error of each pair by which was chosen, shape (steps, steps); rows are widths.
    chosen
        Row and column of the settings that it chose.
    reported
        The error that would stand in the report.
    fresh
        The error of the same model on thousands of fresh rows.
    opened
        How often the test set was opened.
    """

    errors: Array
    chosen: tuple[int, int]
    reported: float
    fresh: float
    opened: int

    @property
    def optimism(self) -> float:
        """By how much the report is too kind."""
        return self.fresh - self.reported


class SearchTrouble(ValueError):
    """The student's search did not give what it should; the message says what it gave."""


def honest(search: GridSearch, problem: Problem, steps: int) -> Found:
    """Choose by the validation rows, and report the error on the test rows."""
    return _run(search, problem, steps, problem.valid, "test_error")


def peeked(search: GridSearch, problem: Problem, steps: int) -> Found:
    """Choose by the test rows, and report the very error that was chosen by."""
    return _run(search, problem, steps, problem.test, "valid_error")


def _run(search: GridSearch, problem: Problem, steps: int, choose_by: Any, report: str) -> Found:
    grid = grid_of(steps)
    before = len(problem.opened)
    try:
        found = search(grid, make, fit, error, problem.train, choose_by, problem.open_test)
    except NotImplementedError as problem_in_words:
        raise SearchTrouble(f"not written yet. {message_of(problem_in_words)}") from None
    except (Exception, SystemExit) as raised:
        raise SearchTrouble(f"your grid_search raised {name_and_message(raised)}") from raised
    try:
        reported, chosen = float(found[report]), _place(found["config"], grid)
        errors = np.full((steps, steps), np.nan)
        for config, value in found["trials"]:
            errors[_place(config, grid)] = float(value)
        model = make(found["config"])
    except (KeyError, TypeError, ValueError, IndexError) as odd:
        raise SearchTrouble(
            "your grid_search returned something else than a dictionary with config, "
            f"valid_error, test_error and trials ({name_and_message(odd)})"
        ) from odd
    fit(model, *problem.train)
    fresh = error(model, *problem.fresh)
    return Found(errors, chosen, reported, fresh, len(problem.opened) - before)


def _place(config: Any, grid: Mapping[str, list[float]]) -> tuple[int, int]:
    return grid["width"].index(config["width"]), grid["penalty"].index(config["penalty"])
