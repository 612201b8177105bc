"""Hidden tests of a3_t10: a table of trials, and the lowest error of each pair of settings.

Tables are made by the student's own pandas, since only their columns cross.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.codec import Frame
from autograder.grading import Draw, Handle, Student, expect

from .plain import Array, numbers, parts, same

Trial = tuple[dict[str, Any], float]


def table_of(student: Student, trials: Any) -> Frame:
    """Return the student's table as columns."""
    got = student.call("results_table", trials)
    what = "results_table returns a pandas data frame whose columns hold numbers or text"
    expect.true(isinstance(got, Frame), what=what, got=got)
    return got


def drawn_trials(draw: Draw, count: int) -> list[Trial]:
    """Return trials with numbers, text and lists, all errors different."""
    errors = draw.rng.permutation(np.linspace(0.1, 2.0, count)) + draw.number(0.0, 0.05)
    kinds: list[list[int]] = [[8], [8, 8], [16, 4, 2]]
    return [
        (
            {
                "rate": float(draw.number(0.01, 1.0)),
                "layers": kinds[k % 3],
                "optimizer": ["sgd", "adam"][k % 2],
                "epochs": 10 * (k % 4) + 10,
            },
            float(error),
        )
        for k, error in enumerate(errors)
    ]


def as_text(value: Any) -> Any:
    """Return lists as text, and everything else as it is."""
    return "-".join(str(part) for part in value) if isinstance(value, list | tuple) else value


def expect_column(frame: Frame, name: str, want: list[Any], inputs: dict[str, Any]) -> None:
    """Expect a column with these values, in order."""
    got = frame.columns[name].tolist()
    texts = all(isinstance(value, str) for value in want)
    if texts:
        good = got == want
    else:
        column = numbers(got, f"the column {name} holds numbers", ndim=1)
        good = column.shape == (len(want),) and bool(np.allclose(column, want, equal_nan=True))
    hint = None
    if not good and name == "error":
        as_drawn = inputs["errors of the trials"]
        upwards = sorted(want, key=lambda e: (math.isnan(e), -e))
        if all(map(same, got, as_drawn.tolist())):
            hint = "not-sorted"
        elif all(map(same, got, upwards)):
            hint = "highest-error-first"
    elif not good and sorted(map(str, got)) == sorted(map(str, want)):
        hint = "columns-sorted-apart"
    expect.true(
        good,
        what=f"the column {name} holds the trials' values, the row of the lowest error first",
        got=got,
        expected=want,
        inputs=inputs,
        hint=hint,
    )


@pytest.mark.task("a3_t10", points=2)
def test_one_row_a_trial_lowest_error_first(student: Student, draw: Draw) -> None:
    for count, holes, ties in ((draw.integer(4, 9), [], []), (8, [0, 4], [2, 5, 7]), (1, [], [])):
        trials = drawn_trials(draw, count)
        trials = [
            (config, math.nan if k in holes else 1.0 if k in ties else error)
            for k, (config, error) in enumerate(trials)
        ]
        frame = table_of(student, trials)
        inputs = {
            "trials": [config for config, _ in trials],
            "errors of the trials": np.array([error for _, error in trials]),
        }
        names = [*trials[0][0], "error"]
        expect.true(
            list(frame.columns) == names,
            what="there is a column for each hyperparameter, in the order in which the names are "
            "first met, and then error",
            got=list(frame.columns),
            expected=names,
            inputs=inputs,
            hint="columns-out-of-order" if set(frame.columns) == set(names) else None,
        )
        ordered = sorted(trials, key=lambda trial: (math.isnan(trial[1]), trial[1]))
        expect_column(frame, "error", [error for _, error in ordered], inputs)
        for name in names[:-1]:
            expect_column(frame, name, [as_text(config[name]) for config, _ in ordered], inputs)
        expect.true(
            frame.index.tolist() == list(range(count)),
            what="the index counts 0, 1, 2, ...",
            got=frame.index,
            hint="old-index-kept",
        )


@pytest.mark.task("a3_t10", points=1)
def test_missing_settings_and_no_trials(student: Student, draw: Draw) -> None:
    first = draw.number(0.1, 0.5)
    trials: list[Trial] = [
        ({"lr": 0.1, "decay": first}, 3.0),
        ({"lr": 0.2}, 2.0),
        ({"momentum": 0.9, "lr": 0.3}, 1.0),
    ]
    held = student.put(trials)
    frame = table_of(student, held)
    inputs = {"trials": trials, "errors of the trials": np.array([3.0, 2.0, 1.0])}
    expect.true(
        list(frame.columns) == ["lr", "decay", "momentum", "error"],
        what="columns come in the order in which the names are first met",
        got=list(frame.columns),
        inputs=inputs,
        hint="only-the-first-trials-names" if "momentum" not in frame.columns else None,
    )
    for name, want in (
        ("lr", [0.3, 0.2, 0.1]),
        ("decay", [math.nan, math.nan, first]),
        ("momentum", [0.9, math.nan, math.nan]),
    ):
        expect_column(frame, name, want, inputs)
    after = held.fetch()
    expect.true(same(after, trials), what="the trials stay as they are", got=after,
                hint="trials-changed")  # fmt: skip
    held = student.put([({"layers": [4, draw.integer(5, 9)]}, 1.0)])
    before = held.fetch()
    table_of(student, held)
    expect.true(same(held.fetch(), before), what="the trials stay as they are", got=held.fetch(),
                hint="trials-changed")  # fmt: skip
    empty = table_of(student, [])
    expect.true(
        list(empty.columns) == ["error"] and empty.index.size == 0,
        what="without trials there is a table with the column error and no row",
        got=list(empty.columns),
    )


def mapped(
    student: Student, table: Handle, row: str, column: str
) -> tuple[list[Any], list[Any], Array]:
    """Return the three parts of the student's map."""
    what = "error_map returns (row values, column values, lowest errors)"
    rows, columns, lowest = parts(student.call("error_map", table, row, column), 3, what)
    values = [v.tolist() if isinstance(v, np.ndarray) else list(v) if isinstance(v, list | tuple)
              else [v] for v in (rows, columns)]  # fmt: skip
    return values[0], values[1], numbers(lowest, what, ndim=2)


def frame_in(student: Student, columns: dict[str, Any]) -> Handle:
    """Make a data frame in the student's process."""
    return student.get("pd").new("DataFrame", columns)


def lowest_of(rates: Array, kinds: list[str], errors: Array, pick: Any) -> Array:
    """Return one number for each pair, picked from its errors."""
    found = np.full((len(set(rates.tolist())), len(set(kinds))), np.nan)
    for i, rate in enumerate(sorted(set(rates.tolist()))):
        for j, kind in enumerate(sorted(set(kinds))):
            own = [
                e for e, r, k in zip(errors, rates, kinds, strict=True) if (r, k) == (rate, kind)
            ]
            known = [error for error in own if not math.isnan(error)]
            found[i, j] = pick(known) if known else math.nan
    return found


@pytest.mark.task("a3_t10", points=2)
def test_map_holds_the_lowest_error_of_each_pair(student: Student, draw: Draw) -> None:
    rows = 24 + draw.integer(0, 12)
    rates = draw.rng.choice([0.001, 0.01, 0.1, 0.5], size=rows)
    kinds = [str(kind) for kind in draw.rng.choice(["4", "8-8", "16"], size=rows)]
    rates[:4], kinds[:3] = [0.5, 0.001, 0.1, 0.01], ["8-8", "4", "16"]
    errors = draw.array(rows, low=0.1, high=2.0)
    errors[[5, 9]] = np.nan
    table = frame_in(
        student, {"kind": kinds, "seed": np.arange(rows), "rate": rates, "error": errors}
    )
    got_rows, got_columns, lowest = mapped(student, table, "rate", "kind")
    inputs = {"rate": rates, "kind": kinds, "error": errors}
    expect.true(
        bool(np.allclose(numbers(got_rows, "row values are numbers"), sorted(set(rates.tolist())))
             if len(got_rows) == len(set(rates.tolist())) else False)
        and same(got_columns, sorted(set(kinds))),
        what="row and column values are sorted, each once",
        got=[got_rows, got_columns],
        inputs=inputs,
        hint="values-not-sorted",
    )  # fmt: skip
    want = lowest_of(rates, kinds, errors, min)
    wrong = {
        "mean-for-lowest": lowest_of(rates, kinds, errors, np.mean),
        "highest-for-lowest": lowest_of(rates, kinds, errors, max),
        "last-for-lowest": lowest_of(rates, kinds, errors, lambda own: own[-1]),
        "first-for-lowest": lowest_of(rates, kinds, errors, lambda own: own[0]),
        "map-turned": want.T,
    }
    expect.close(
        lowest,
        want,
        what="each entry is the lowest error of all rows with this pair",
        rtol=1e-6,
        inputs=inputs,
        misconceptions=wrong,
        finite=False,
    )
    turned = mapped(student, table, "kind", "rate")[2]
    expect.close(turned, want.T, what="rows and columns may be exchanged", rtol=1e-6,
                 inputs=inputs, finite=False)  # fmt: skip


@pytest.mark.task("a3_t10", points=1)
def test_pairs_without_an_error_are_nan(student: Student, draw: Draw) -> None:
    low = draw.number(0.1, 0.9)
    columns = {
        "width": [8, 4, 16, 4, 8],
        "lr": [0.1, 0.2, 0.1, 0.1, 0.1],
        "error": [low, math.nan, low + 1.0, low + 2.0, math.nan],
    }
    rows, other, lowest = mapped(student, frame_in(student, columns), "width", "lr")
    want = [[low + 2.0, math.nan], [low, math.nan], [low + 1.0, math.nan]]
    inputs = {"table": columns}
    expect.true(
        [len(rows), len(other)] == [3, 2],
        what="a value whose errors are all nan has its row or column, too",
        got=[rows, other],
        inputs=inputs,
        hint="nan-pairs-dropped",
    )
    expect.close(
        lowest,
        want,
        what="a pair that was not tried, or whose errors are all nan, is nan",
        rtol=1e-6,
        inputs=inputs,
        misconceptions={"zero-for-untried": np.nan_to_num(want)},
        finite=False,
    )
