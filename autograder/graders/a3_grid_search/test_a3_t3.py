"""Hidden tests of a3_t3: confusion, precision and recall, and the threshold that costs least."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .plain import Array, number, parts
from .score_rules import above_for_from, costs, counted, right_scores

CLOSE = {"rtol": 1e-6, "atol": 1e-6}


@pytest.mark.task("a3_t3", points=2)
def test_rows_are_the_truth_and_columns_the_prediction(student: Student, draw: Draw) -> None:
    classes = draw.integer(3, 5)
    for size, many in ((draw.integer(8, 30), classes), (12, 2), (40, classes)):
        truth = np.concatenate([draw.rng.integers(many, size=size), [0, 0, many - 1]])
        predicted = np.concatenate([draw.rng.integers(many, size=size), [1, 1, 1]])
        want = counted(truth, predicted, many)
        shares = want / np.maximum(want.sum(axis=1, keepdims=True), 1.0)
        expect.close(
            student.call("confusion_matrix", truth, predicted, many),
            want,
            what="row i, column j counts how often class i was called class j",
            inputs={"truth": truth, "predicted": predicted, "classes": many},
            misconceptions={
                "matrix-turned": want.T,
                "shares-for-counts": shares,
                "each-pair-once": np.minimum(want, 1.0),
            },
            **CLOSE,
        )


@pytest.mark.task("a3_t3", points=1)
def test_classes_that_never_occur_have_their_place(student: Student, draw: Draw) -> None:
    classes = draw.integer(4, 6)
    truth, predicted = np.array([0, 2, 2]), np.array([2, 2, 0])
    for rows in (3, 1, 0):
        got = student.call("confusion_matrix", truth[:rows], predicted[:rows], classes)
        expect.close(
            got,
            counted(truth[:rows], predicted[:rows], classes),
            what="the matrix has a row and a column for each class, whether it occurs or not",
            inputs={"truth": truth[:rows], "predicted": predicted[:rows], "classes": classes},
            **CLOSE,
        )
        kind = getattr(getattr(got, "dtype", None), "kind", "i")
        expect.true(kind in "iu", what="the matrix holds whole numbers", got=got)


@pytest.mark.task("a3_t3", points=2)
def test_precision_recall_and_f1_of_alarms(student: Student, draw: Draw) -> None:
    # All are drawn: with counts in fixed proportion an example's scores would be the hidden ones.
    hits, few, many = draw.integer(7, 30), draw.integer(3, 12), draw.integer(13, 40)
    for counts in ((hits, few, many, 4), (hits, many, few, 40), (few, many, hits, 60)):
        truth, alarm = rows_with(draw, *counts)
        p, r, f1 = right_scores(truth, alarm)
        expect.close(
            parts(student.call("alarm_scores", truth, alarm), 3, "three scores are returned"),
            [p, r, f1],
            what="alarm_scores returns precision, recall and F1",
            inputs={"truth": truth, "alarm": alarm},
            misconceptions={
                "precision-for-recall": [r, p, f1],
                "accuracy-for-precision": [np.mean(truth == alarm), r, f1],
                "accuracy-for-f1": [p, r, np.mean(truth == alarm)],
                "plain-mean-for-f1": [p, r, (p + r) / 2],
                "quiet-nights-for-trouble": list(right_scores(1 - truth, 1 - alarm)),
            },
            **CLOSE,
        )


def rows_with(draw: Draw, hits: int, false: int, misses: int, quiet: int) -> tuple[Array, Array]:
    """Return truth and alarm with these counts, in random order."""
    truth = np.repeat([1, 0, 1, 0], [hits, false, misses, quiet])
    alarm = np.repeat([1, 1, 0, 0], [hits, false, misses, quiet])
    order = draw.rng.permutation(truth.size)
    return truth[order], alarm[order]


@pytest.mark.task("a3_t3", points=1)
def test_scores_without_alarm_or_trouble_are_zero(student: Student, draw: Draw) -> None:
    many = draw.integer(2, 6)
    # hits, false alarms, misses, quiet nights
    for counts in ((0, 0, 2, many), (0, many, 0, 3), (0, 0, 0, many), (0, 2, many, 0), (0,) * 4):
        truth, alarm = rows_with(draw, *counts)
        expect.close(
            parts(student.call("alarm_scores", truth, alarm), 3, "three scores are returned"),
            [0.0, 0.0, 0.0],
            what="without any hit all three scores are 0, and none is nan",
            inputs={"truth": truth, "alarm": alarm},
            **CLOSE,
        )
    truth, alarm = rows_with(draw, many, 0, 0, 0)
    got = parts(student.call("alarm_scores", truth, alarm), 3, "three scores are returned")
    expect.close(got, [1.0, 1.0, 1.0], what="with hits alone all three scores are 1", **CLOSE)


def expect_cheapest(
    student: Student, truth: Array, score: Array, prices: tuple[float, float], what: str
) -> None:
    """Expect the cheapest threshold and its cost; name the mistake another one looks like."""
    table = costs(truth, score, prices)
    got = parts(
        student.call("cheapest_threshold", truth, score, *prices),
        2,
        "cheapest_threshold returns the pair (threshold, cost)",
    )
    pair = [number(value, "threshold and cost are numbers") for value in got]
    lowest = min(table.values())
    ties = [threshold for threshold, cost in table.items() if cost == lowest]
    best = ties[0]
    turned = costs(truth, score, prices[::-1])
    counts = costs(truth, score, (1.0, 1.0))
    wrong: dict[str, Any] = {
        "lower-of-tied-thresholds": [ties[-1], lowest],
        "prices-swapped": [min(turned, key=turned.get), min(turned.values())],  # type: ignore[arg-type]
        "mistakes-counted-alike": [min(counts, key=counts.get), min(counts.values())],  # type: ignore[arg-type]
        "dearest-threshold": [max(table, key=table.get), max(table.values())],  # type: ignore[arg-type]
    }
    finite = {threshold: cost for threshold, cost in table.items() if threshold < math.inf}
    wrong["never-not-tried"] = [min(finite, key=finite.get), min(finite.values())]  # type: ignore[arg-type]
    names = (name for name, value in wrong.items() if np.allclose(pair, value, rtol=1e-9))
    good = bool(np.isclose(pair[1], lowest)) and bool(np.isclose(pair[0], best, rtol=1e-6))
    expect.true(
        good,
        what=what,
        got=pair,
        expected=[best, lowest],
        inputs={"truth": truth, "score": score, "cost of an alarm, of a miss": prices},
        hint=None if good else next(names, above_for_from(truth, score, prices, pair)),
    )


@pytest.mark.task("a3_t3", points=2)
def test_threshold_is_the_cheapest_at_these_prices(student: Student, draw: Draw) -> None:
    nights = draw.integer(6, 14)
    for ratio in (1.0, 4.0, 0.25, 30.0):
        truth = np.array([0, 1] * nights)[: nights + 3]
        score = np.round(draw.array(truth.size, low=0.0, high=0.7), 3) + 0.3 * truth
        prices = (draw.number(1.0, 2.0), 0.0)
        prices = (prices[0], ratio * prices[0] * 1.07)  # no two sums of prices are equal
        what = "the threshold is the score from which on alarms cost least, and its cost beside it"
        expect_cheapest(student, truth, score, prices, what)
    truth, score = np.array([0, 0, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1, 0.6])
    what = "where every alarm costs more than it saves, the threshold is infinity"
    miss = draw.number(1.5, 2.5)
    expect_cheapest(student, truth, score, (3.0 * miss, miss), what)


@pytest.mark.task("a3_t3", points=1)
def test_tied_thresholds_and_equal_scores(student: Student, draw: Draw) -> None:
    low = draw.number(0.1, 0.3)
    truth, score = np.array([0, 1, 0, 1]), np.array([low, low + 0.2, low + 0.4, low + 0.6])
    what = "of several thresholds that cost the same, the highest is taken"
    expect_cheapest(student, truth, score, (1.0, 1.0), what)
    truth = np.array([0, 1, 1, 0, 0, 1])
    score = np.array([0.5, 0.5, 0.9, 0.1, 0.5, 0.5]) + low
    what = "rows with equal scores are alarms together or not at all"
    for prices in ((1.0, 1.5), (1.0, 8.0), (8.0, 1.0)):
        expect_cheapest(student, truth, score, prices, what)


@pytest.mark.task("a3_t3", points=1)
def test_one_class_alone_and_scores_that_are_no_numbers(student: Student, draw: Draw) -> None:
    score = draw.array(draw.integer(2, 5), low=0.1, high=0.9)
    quiet = np.zeros(score.size, dtype=int)
    expect_cheapest(student, quiet, score, (1.0, 5.0), "without trouble there is no alarm")
    expect_cheapest(
        student, quiet + 1, score, (1.0, 5.0), "with trouble alone nothing is to be missed"
    )
    broken = score.copy()
    broken[draw.integer(0, 1)] = np.nan
    expect.raises(
        lambda: student.call("cheapest_threshold", quiet, broken, 1.0, 1.0),
        what="a score that is nan is a ValueError",
        inputs={"score": broken},
        hint="nan-score-accepted",
    )
