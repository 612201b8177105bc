"""Hidden tests of a1_t7: columns in training standard deviations, and the way back.

What fit has learnt shows in what comes later, so it is judged by results; PyTorch gives the right
ones.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Spy, Student, expect

from .promises import Array, state_of
from .standard_rules import WRONG, learnt, standardised

# Far above what float32 loses on columns whose mean is not large beside their spread, and far
# below what a known mistake changes (1/2 N of the value, with at most 12 rows).
CLOSE = {"rtol": 1e-4, "atol": 1e-4}


def drawn_rows(draw: Draw, rows: int, columns: int) -> Array:
    """Draw rows whose columns have means and spreads of their own, none of them 0 or 1."""
    centres = draw.array(columns, low=2.0, high=5.0)
    widths = draw.array(columns, low=3.0, high=9.0) * np.arange(1, columns + 1)
    # No two rows are equal, not even in examples with rounded numbers.
    return centres + widths * (draw.array(rows, columns) + 0.3337 * np.arange(rows)[:, None])


def fit(student: Student, train: Array) -> Handle:
    """Make a standardizer of the student's and fit it."""
    standardizer = student.new("Standardizer")
    standardizer.new("fit", train)  # what fit returns does not matter
    return standardizer


@pytest.mark.task("a1_t7", points=2)
def test_training_columns_get_mean_zero_and_spread_one(student: Student, draw: Draw) -> None:
    for rows, columns in ((draw.integer(4, 9), draw.integer(2, 3)), (3, 1), (2, 4)):
        train = drawn_rows(draw, rows, columns)
        standardizer = fit(student, train)
        inputs = {"training rows": train}
        expect.close(
            standardizer.call("transform", train),
            standardised(train, train),
            what="after fit, transform gives each training column the mean 0 and the standard "
            "deviation 1",
            inputs=inputs,
            # On its own rows, measuring anew makes no difference.
            misconceptions={
                name: rule(train, train) for name, rule in WRONG.items() if name != "measured-anew"
            },
            **CLOSE,
        )
        mean, spread = learnt(train)
        expect.close(
            state_of(standardizer, "mean"), mean, what="mean holds one mean a column", **CLOSE
        )
        expect.close(
            state_of(standardizer, "spread"),
            spread,
            what="spread holds one standard deviation a column",
            inputs=inputs,
            **CLOSE,
        )


@pytest.mark.task("a1_t7", points=1)
def test_other_rows_are_measured_by_the_training_rows(student: Student, draw: Draw) -> None:
    columns = draw.integer(2, 4)
    first, train = drawn_rows(draw, 5, columns), drawn_rows(draw, draw.integer(4, 9), columns) + 9.0
    standardizer = fit(student, first)
    for number, learnt_rows in enumerate((first, train)):
        if number:
            standardizer.new("fit", learnt_rows)
        for rows in (draw.integer(2, 6), 1, 0):
            x = drawn_rows(draw, rows, columns) + 30.0
            wrong = {"measured-anew": partial(WRONG["measured-anew"], learnt_rows, x)}
            if number:
                both = np.vstack([first, train])
                wrong["fit-adds-up"] = (x - both.mean(axis=0)) / both.std(axis=0)
            expect.close(
                standardizer.call("transform", x),
                (x - learnt(learnt_rows)[0]) / learnt(learnt_rows)[1],
                what="rows that fit has not seen are measured with the mean and spread of those "
                "that it was given last",
                inputs={"training rows": learnt_rows, "x": x},
                misconceptions=wrong if rows else None,
                **CLOSE,
            )


@pytest.mark.task("a1_t7", points=2)
def test_constant_column_becomes_zeros_and_a_small_one_does_not(
    student: Student, draw: Draw
) -> None:
    rows = 10 * draw.integer(1, 3)
    tiny = 1e-9 * draw.array(rows, 1)
    for constant in (draw.choice((0.1, 0.7)), 0.0, 3.0):
        train = np.hstack([draw.array(rows, 1), np.full((rows, 1), constant), tiny])
        standardizer = fit(student, train)
        inputs = {"training rows": train}
        got = standardizer.call("transform", train)
        want = np.zeros(train.shape)
        want[:, [0, 2]] = standardised(train[:, [0, 2]], train[:, [0, 2]])
        expect.close(
            got,
            want,
            what="a column whose entries are all equal becomes zeros, and every other column is "
            "standardised, however small its numbers",
            inputs=inputs,
            misconceptions=_only_column_off(got, want),
            **CLOSE,
        )
        expect.close(
            standardizer.call("transform", np.array([[0.0, constant + 2.0, 0.0]]))[:, 1],
            np.array([2.0]),
            what="the spread of a constant column is 1, so a new entry 2 above it becomes 2",
            inputs=inputs,
            **CLOSE,
        )
    single = drawn_rows(draw, 1, 3)
    expect.close(
        fit(student, single).call("transform", np.vstack([single, single + 1.0])),
        np.array([[0.0] * 3, [1.0] * 3]),
        what="of a single training row, every column is constant",
        inputs={"training row": single},
        **CLOSE,
    )


def _only_column_off(got: object, want: Array) -> dict[str, object] | None:
    """Return the hint that fits if just the constant or just the tiny column is wrong."""
    if not isinstance(got, np.ndarray) or got.shape != want.shape:
        return None
    right = [np.allclose(got[:, k], want[:, k], rtol=1e-3, atol=1e-3) for k in range(3)]
    hints = {(True, False, True): "constant-column", (True, True, False): "small-number-added"}
    hint = hints.get(tuple(right))
    return {hint: got} if hint else None


@pytest.mark.task("a1_t7", points=1)
def test_inverse_leads_back_to_units(student: Student, draw: Draw) -> None:
    columns = draw.integer(2, 4)
    train = drawn_rows(draw, draw.integer(4, 9), columns)
    train[:, 0] = 7.0
    standardizer = fit(student, train)
    mean, spread = learnt(train)
    for rows in (draw.integer(2, 5), 1, 0):
        z = draw.array(rows, columns, low=1.0, high=3.0)
        expect.close(
            standardizer.call("inverse", z),
            mean + spread * z,
            what="inverse gives standardised rows their units back",
            inputs={"training rows": train, "z": z},
            misconceptions={
                "inverse-order": (z + mean) * spread,
                "left-standardised": z,
                "mean-not-subtracted": z * spread,
            },
            **CLOSE,
        )


@pytest.mark.task("a1_t7", points=1)
def test_predictions_are_in_units(student: Student, draw: Draw) -> None:
    x_train = drawn_rows(draw, draw.integer(4, 8), 2)
    t_train = 50.0 + drawn_rows(draw, len(x_train), 1)
    x = drawn_rows(draw, draw.integer(2, 5), 2)
    inputs, targets = fit(student, x_train), fit(student, t_train)

    def line(z: Array) -> Array:
        return np.asarray(z, dtype=np.float64) @ np.array([[1.5], [-0.5]])

    model = Spy(line)
    told = {"inputs were fitted to": x_train, "targets were fitted to": t_train, "x": x}
    got = student.call("predict_in_units", model, x, inputs, targets)
    standardised = line((x - learnt(x_train)[0]) / learnt(x_train)[1])
    raw = line(x)
    mean, spread = learnt(t_train)
    other_mean, other_spread = learnt(x_train)
    expect.close(
        got,
        mean + spread * standardised,
        what="predict_in_units shows the model standardised inputs, and its answers are given "
        "their units back",
        inputs=told,
        misconceptions={
            "left-standardised": standardised,
            "model-in-units": mean + spread * raw,
            "scales-exchanged": other_mean[:1] + other_spread[:1] * standardised,
        },
        **CLOSE,
    )
    expect.equal(
        len(model.calls),
        1,
        what="the model is called once",
        misconceptions={"model-in-units": len(model.calls)},
    )


@pytest.mark.task("a1_t7", points=1)
def test_nothing_is_changed_or_shared(student: Student, draw: Draw) -> None:
    train, x, other = (drawn_rows(draw, draw.integer(3, 6), 2) for _ in range(3))
    held_train, held_x, held_z = student.put(train), student.put(x), student.put(x)
    standardizer = student.new("Standardizer")
    standardizer.new("fit", held_train)
    changed = partial(expect.unchanged, hint="columns-changed")
    changed(held_train, train, what="fit leaves the array it is given as it is")
    want = standardised(train, x)
    z = standardizer.new("transform", held_x)
    changed(held_x, x, what="transform leaves the array it is given as it is")
    standardizer.new("inverse", held_z)
    changed(held_z, x, what="inverse leaves the array it is given as it is")
    expect.close(z.fetch(), want, what="x is standardised", **CLOSE)
    held_train.call("fill", 0.0)  # the caller may use the memory for something else
    fit(student, other + 50.0)
    expect.close(
        standardizer.call("transform", x),
        want,
        what="a standardizer keeps what it has learnt, whatever another one learns",
        inputs={"training rows": train, "x": x, "training rows of the other one": other + 50.0},
        misconceptions={"standardizers-share": standardised(other + 50.0, x)},
        **CLOSE,
    )
