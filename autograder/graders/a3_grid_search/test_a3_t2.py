"""Hidden tests of a3_t2: the majority, the signal of a linear model, the Pareto front."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .baseline_rules import front, slopes_by_torch, standardised, wrong_fronts
from .plain import Array, number, parts, whole_numbers

# float32 loses 1e-6 of these slopes; the divisor N - 1 changes them by 1/2N, 2 % and more.
CLOSE = {"rtol": 1e-4, "atol": 1e-4}


@pytest.mark.task("a3_t2", points=1)
def test_majority_is_the_most_frequent_label(student: Student, draw: Draw) -> None:
    low = draw.integer(2, 9)
    for labels in (
        np.array([low, 11, low, 0, 11, low]),
        np.array([low + 3, low, low, low + 3, 60]),
        np.array([-2, 5, 5, -2, 7]),
        np.array([4]),
    ):
        classes, counts = np.unique(labels, return_counts=True)
        wanted = float(classes[np.argmax(counts)])
        got = number(student.call("majority_class", labels), "majority_class returns one label")
        expect.close(
            got,
            wanted,
            what="majority_class returns the most frequent label, the smallest of several",
            inputs={"labels": labels},
            misconceptions={
                "largest-of-the-tied": float(classes[counts == counts.max()][-1]),
                "count-for-label": float(counts.max()),
            },
        )
    expect.raises(
        lambda: student.call("majority_class", np.zeros(0, dtype=int)),
        what="no labels have no majority: a ValueError",
        types=("ValueError",),
    )


@pytest.mark.task("a3_t2", points=2)
def test_slopes_are_those_of_standardised_columns(student: Student, draw: Draw) -> None:
    columns = draw.integer(2, 4)
    for rows, count in ((columns + draw.integer(4, 9), columns), (12, 1), (9, 3)):
        spreads = np.array([0.2, 4.0, 15.0, 60.0])[:count]
        x = draw.array(rows, count) * spreads + draw.array(count, low=3.0, high=9.0) * spreads
        x = x + 0.01 * np.arange(rows)[:, None] ** 2 * spreads  # distinct, rounded or not
        t = x @ (draw.array(count, low=0.5, high=1.5) / spreads) + 3.0 + draw.array(rows)
        held = student.put(x), student.put(t)
        raw = slopes_by_torch(x, t)
        z = standardised(x)
        expect.close(
            student.call("linear_signal", *held),
            slopes_by_torch(z, t),
            what="linear_signal returns the slope of each standardised column in the best linear "
            "model",
            inputs={"x": x, "t": t},
            misconceptions={
                "slopes-of-raw-columns": raw,
                "divisor-one-less": raw * x.std(axis=0, ddof=1),
                "columns-not-centred": np.linalg.lstsq(x / x.std(axis=0), t, rcond=None)[0],
                "targets-standardised": slopes_by_torch(z, t) / t.std(),
                "columns-one-by-one": z.T @ t / rows,
            },
            **CLOSE,
        )
        for handle, before in zip(held, (x, t), strict=True):
            expect.unchanged(handle, before, what="linear_signal leaves x and t as they are")


@pytest.mark.task("a3_t2", points=1)
def test_constant_columns_have_no_signal(student: Student, draw: Draw) -> None:
    rows = draw.integer(6, 12)
    height = float(draw.integer(2, 7))
    varying = np.cumsum(draw.array(rows, low=0.5, high=2.0))
    t = 2.0 * varying + draw.array(rows)
    for x, wanted in (
        (np.column_stack([np.full(rows, height), varying]), None),
        (np.column_stack([varying, np.zeros(rows)]), None),
        (np.full((rows, 2), height), [0.0, 0.0]),
    ):
        slope = slopes_by_torch(standardised(varying[:, None]), t)[0]
        expect.close(
            student.call("linear_signal", x, t),
            np.where(np.ptp(x, axis=0) > 0, slope, 0.0) if wanted is None else wanted,
            what="a column that never changes has the slope 0, and the others are as without it",
            inputs={"x": x, "t": t},
            misconceptions=None,
            **CLOSE,
        )


def asked(student: Student, table: Array) -> list[int]:
    """Return the student's front."""
    what = "pareto_front returns a list of whole numbers"
    got = student.call("pareto_front", *(table[:, k].tolist() for k in range(3)))
    return whole_numbers(parts(got, None, what), what)


def expect_front(got: list[int], table: Array, what: str) -> None:
    """Expect the right front; name the mistake that another one looks like."""
    wrong = wrong_fronts(table)
    looks = next((name for name, value in wrong.items() if value == sorted(got)), None)
    expect.true(
        got == front(table),
        what=what,
        got=got,
        expected=front(table),
        inputs={"accuracy, cost, latency, one line a model": table},
        hint=looks,
    )


@pytest.mark.task("a3_t2", points=2)
def test_front_holds_those_that_nobody_beats(student: Student, draw: Draw) -> None:
    shift = draw.rng.permutation(6)
    table = np.array(
        [
            [0.90, 1.0, 5.0],  # cheapest
            [0.95, 5.0, 4.0],  # nobody is better in all
            [0.95, 9.0, 4.0],  # beaten: as good, but dearer
            [0.93, 7.0, 1.0],  # quickest
            [0.99, 50.0, 9.0],  # most accurate
            [0.89, 60.0, 10.0],  # beaten by all
        ]
    )
    expect_front(asked(student, table), table, "the front holds the models that nobody beats")
    mixed = table[shift] + draw.number(0.1, 0.9) * np.array([0.001, 1.0, 1.0])
    expect_front(asked(student, mixed), mixed, "the front holds the models that nobody beats")
    cloud = draw.array(draw.integer(5, 20), 3, low=0.1, high=1.0)
    expect_front(asked(student, cloud), cloud, "the front holds the models that nobody beats")


@pytest.mark.task("a3_t2", points=1)
def test_equal_models_do_not_beat_each_other(student: Student, draw: Draw) -> None:
    best = [draw.number(0.9, 0.99), draw.number(1.0, 2.0), draw.number(1.0, 2.0)]
    worse = [best[0] - 0.1, best[1] + 1.0, best[2] + 1.0]
    for rows in ([best, worse, best], [best, best], [worse, best, best, best], [best]):
        table = np.array(rows)
        what = "models that agree in all three stay on the front together"
        expect_front(asked(student, table), table, what)


@pytest.mark.task("a3_t2", points=1)
def test_models_without_a_number_are_left_out(student: Student, draw: Draw) -> None:
    good = [draw.number(0.8, 0.9), draw.number(2.0, 3.0), draw.number(2.0, 3.0)]
    cheap = [good[0] - 0.1, 1.0, 1.0]
    for column in range(3):
        odd = list(good)
        odd[column] = np.nan
        table = np.array([good, odd, cheap])
        got = asked(student, table)
        expect.true(
            got == front(table),
            what="a model with a nan is not on the front and beats nobody",
            got=got,
            expected=front(table),
            inputs={"accuracy, cost, latency, one line a model": table},
            hint="nan-on-the-front" if 1 in got and set(got) <= {0, 1, 2} else None,
        )
    what = "without models the front is []"
    expect.true(parts(student.call("pareto_front", [], [], []), None, what) == [], what=what)
