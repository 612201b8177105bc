"""Takes note of a search: which model was made, trained and measured, and when the seal broke.

Models are names without meaning, so nothing can be done with one but hand it back; errors come
from a table on this side. What the ledger says is what happened, whatever the search reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from autograder.grading import Draw, expect

from .plain import Array, number, numbers, place_of, same, same_unordered

Fold = tuple[Array, Array]
Grid = Mapping[str, list[Any]]


def every_combination(grid: Grid) -> list[dict[str, Any]]:
    """Return all combinations, the last name changing fastest."""
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


@dataclass
class SearchLedger:
    """What a search is handed, and a note of each use.

    Attributes
    ----------
    configs
        All combinations of the grid, in order.
    valid_errors, test_errors, train_errors
        What each of them gets, shape (combinations,).
    folds
        The three folds by name.
    made
        The number of the combination of each model that was made.
    events
        In order: ("fit", model, fold), ("error", model, fold), ("open",).
    """

    configs: list[dict[str, Any]]
    valid_errors: Array
    test_errors: Array
    train_errors: Array
    folds: dict[str, Fold]
    names: list[str]
    made: list[int] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)

    def make(self, config: Any) -> str:
        """Return a new model for a combination."""
        place = place_of(config, self.configs)
        expect.true(
            place is not None,
            what="make is given combinations of the grid, with all its names and nothing else",
            got=config,
            inputs={"combinations": self.configs},
            hint="zip-for-product" if not self.configs else None,
        )
        assert place is not None
        expect.true(len(self.made) < len(self.names), what="a search comes to an end")
        self.made.append(place)
        return self.names[len(self.made) - 1]

    def fit(self, model: Any, x: Any, t: Any) -> None:
        """Note on what a model is trained."""
        self.events.append(("fit", self._model(model, "fit"), self._fold(x, t, "fit")))

    def error(self, model: Any, x: Any, t: Any) -> float:
        """Note on what a model is measured, and return its error there."""
        who, where = self._model(model, "error"), self._fold(x, t, "error")
        self.events.append(("error", who, where))
        table = {"valid": self.valid_errors, "test": self.test_errors, "train": self.train_errors}
        return float(table.get(where, self.train_errors)[self.made[who]])

    def open_test(self) -> Fold:
        """Note that the seal was broken."""
        self.events.append(("open",))
        return self.folds["test"]

    def arguments(self, grid: Grid) -> tuple[Any, ...]:
        """Return what grid_search is called with."""
        return (
            grid,
            self.make,
            self.fit,
            self.error,
            self.folds["train"],
            self.folds["valid"],
            self.open_test,
        )

    def of_kind(self, kind: str, fold: str | None = None) -> list[tuple[Any, ...]]:
        """Return the events of a kind, on this fold if one is named."""
        return [e for e in self.events if e[0] == kind and (fold is None or e[-1] == fold)]

    def _model(self, model: Any, function: str) -> int:
        known = isinstance(model, str) and model in self.names[: len(self.made)]
        what = f"{function} is given a model that make returned"
        expect.true(known, what=what, got=model)
        return self.names.index(model)

    def _fold(self, x: Any, t: Any, function: str) -> str:
        """Return which fold these rows are: train, valid, test, or a mixture."""
        what = f"{function} is given rows and targets of one of the folds"
        rows, targets = numbers(x, what), numbers(t, what)
        for name, (fold_x, fold_t) in self.folds.items():
            if np.array_equal(rows, fold_x) and np.array_equal(targets, fold_t):
                return name
        return "a mixture"


def new_ledger(draw: Draw, grid: Grid, valid_errors: Array, test_errors: Array) -> SearchLedger:
    """Return a ledger with folds of its own; a model's name cannot be guessed."""
    configs = every_combination(grid)
    sizes = {"train": draw.integer(4, 6), "valid": 3, "test": 3}
    folds = {name: (draw.array(rows, 2), draw.array(rows)) for name, rows in sizes.items()}
    names = [f"model {draw.rng.integers(2**48):x}" for _ in range(4 * len(configs) + 8)]
    train_errors = np.sort(draw.array(len(configs), low=0.01, high=0.1))
    return SearchLedger(configs, valid_errors, test_errors, train_errors, folds, names)


def shuffled_errors(draw: Draw, count: int, low: float = 1.0) -> Array:
    """Return errors, all different by a clear margin, in random order."""
    return draw.rng.permutation(low + np.arange(count) + draw.array(count, low=0.1, high=0.4))


def found(returned: Any) -> dict[str, Any]:
    """Return the dictionary that a search returned, once it has all its keys."""
    keys = {"config", "valid_error", "test_error", "trials"}
    good = isinstance(returned, dict) and keys <= set(returned)
    what = "grid_search returns a dictionary with config, valid_error, test_error and trials"
    expect.true(good, what=what, got=returned)
    return dict(returned)


def expect_trials(trials: Any, configs: list[dict[str, Any]], errors: Array) -> None:
    """Expect one pair (config, error) a trial, in order."""
    what = "trials holds one pair (config, error) for each trial, in order"
    expect.true(isinstance(trials, list | tuple) and len(trials) == len(configs), what=what,
                got=trials)  # fmt: skip
    for pair, config, error in zip(trials, configs, errors, strict=True):
        expect.true(isinstance(pair, list | tuple) and len(pair) == 2, what=what, got=pair)
        expect.true(same_unordered(config, pair[0]), what=what, got=pair[0], expected=config)
        got = number(pair[1], what)
        expect.true(same(got, float(error)) or bool(np.isclose(got, error)), what=what, got=pair[1],
                    expected=error)  # fmt: skip
