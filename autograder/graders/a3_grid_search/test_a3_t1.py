"""Hidden tests of a3_t1: folds that hold each row once, and a cross-validation that leaks nothing.

What was seen by whom is noted on this side, in a ledger that the student's code cannot reach.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .plain import Array, generator, numbers, parts, whole_numbers
from .scaling_ledger import RAW, ScalingLedger


def three(student: Student, rows: int, valid: int, test: int, rng: Any) -> list[list[int]]:
    """Return the three folds as lists of numbers."""
    what = "three_folds returns the three arrays (train, valid, test) of row numbers"
    folds = parts(student.call("three_folds", rows, valid, test, rng), 3, what)
    return [whole_numbers(fold, what) for fold in folds]


def dealt(student: Student, labels: Array, k: int, rng: Any) -> list[list[int]]:
    """Return stratified folds as lists of numbers, once each row is known to be in one."""
    what = "stratified_folds returns a list of k arrays of row numbers"
    folds = parts(student.call("stratified_folds", labels, k, rng), k, what)
    return [whole_numbers(fold, what) for fold in folds]


@pytest.mark.task("a3_t1", points=1)
def test_three_folds_hold_each_row_once(student: Student, draw: Draw) -> None:
    drawn = draw.integer(3, 9), draw.integer(2, 8)
    cases = [(sum(drawn) + draw.integer(4, 20), *drawn), (5, 0, 0), (4, 3, 0), (4, 0, 3), (1, 0, 0)]
    for rows, valid, test in cases:
        folds = three(student, rows, valid, test, generator(student, draw.integer(0, 99)))
        inputs = {"rows": rows, "valid": valid, "test": test}
        lengths = [len(fold) for fold in folds]
        wanted = [rows - valid - test, valid, test]
        expect.equal(
            lengths,
            wanted,
            what="the validation and the test fold have the sizes asked for, and the rest trains",
            inputs=inputs,
            misconceptions={} if valid == test else {"folds-swapped": [wanted[0], test, valid]},
        )
        expect.true(
            sorted(row for fold in folds for row in fold) == list(range(rows)),
            what="each row is in exactly one of the three folds",
            got=folds,
            inputs=inputs,
            hint="folds-overlap",
        )


@pytest.mark.task("a3_t1", points=1)
def test_three_folds_are_drawn_and_leave_rows_to_train(student: Student, draw: Draw) -> None:
    seed = draw.integer(1, 99)

    def orders(start: int, count: int) -> list[list[list[int]]]:
        rng = generator(student, start)
        return [three(student, 3, 1, 1, rng) for _ in range(count)]

    shared = student.get("np").get("random")
    shared.call("seed", seed)
    # If all orders are equally likely, the chance that one of the six is never met is 2e-9.
    many = orders(seed, 120)
    expect.true(
        len({str(folds) for folds in many}) == 6,
        what="over many calls, three rows are cut into folds in each of the six possible ways",
        hint="never-shuffled",
    )
    expect.true(
        orders(seed, 20) == many[:20],
        what="generators with the same seed give the same folds",
        hint="rng-ignored",
    )
    expect.true(
        shared.call("random_sample") == np.random.RandomState(seed).random_sample(),
        what="NumPy's global random numbers are left alone",
        hint="rng-ignored",
    )
    for rows, valid, test in ((5, 3, 2), (4, 5, 0), (0, 0, 0), (6, -1, 2), (6, 2, -1)):
        expect.raises(
            lambda sizes=(rows, valid, test): student.call(
                "three_folds", *sizes, generator(student, 1)
            ),
            what="folds that leave no row to train with, or a negative size, are a ValueError",
            inputs={"rows": rows, "valid": valid, "test": test},
            hint="impossible-folds-accepted",
        )


@pytest.mark.task("a3_t1", points=2)
def test_every_class_is_dealt_evenly(student: Student, draw: Draw) -> None:
    rare = 3 * draw.integer(1, 3) + 1
    cases = [
        (np.repeat([0, 1], [17, rare]), 3),
        (np.repeat([2, 0, 7], [7, 5, 3]), 5),
        (np.arange(4) % 2, 4),
        (np.zeros(7, dtype=int), 3),
        (np.repeat([0, 1, 2, 3], [4, 4, 4, 1]), 3),
    ]
    for plain, k in cases:
        labels = draw.rng.permutation(plain)
        folds = dealt(student, labels, k, generator(student, draw.integer(0, 99)))
        inputs = {"labels": labels, "k": k}
        expect.true(
            sorted(row for fold in folds for row in fold) == list(range(labels.size)),
            what="each row is in exactly one fold",
            got=folds,
            inputs=inputs,
            hint="folds-overlap",
        )
        counts = np.array(
            [[np.sum(labels[fold] == c) for c in np.unique(labels)] for fold in folds]
        )
        expect.true(
            bool(np.all(np.ptp(counts, axis=0) <= 1)),
            what="in any two folds, the number of rows of a class differs by at most one; told are "
            "the rows of each class, one line a fold",
            got=counts,
            inputs=inputs,
            hint="not-stratified",
        )
        expect.true(
            bool(np.ptp(counts.sum(axis=1)) <= 1),
            what="the sizes of any two folds differ by at most one; told are the sizes",
            got=counts.sum(axis=1),
            inputs=inputs,
            hint="every-class-begins-at-the-first-fold",
        )


@pytest.mark.task("a3_t1", points=1)
def test_rows_of_a_class_are_dealt_at_random(student: Student, draw: Draw) -> None:
    labels, seed = np.repeat([0, 1], [6, 4]), draw.integer(1, 99)

    def deals(start: int) -> list[list[list[int]]]:
        rng = generator(student, start)
        return [[sorted(fold) for fold in dealt(student, labels, 2, rng)] for _ in range(40)]

    first = deals(seed)
    expect.true(
        any(deal != first[0] for deal in first),
        what="which rows of a class go where changes from call to call",
        hint="never-shuffled",
    )
    # A pair of zeros is in one fold in 2 of 5 deals: the chance that it never or always is, < 1e-8.
    together = [
        sum({i, j} <= set(f) for d in first for f in d) for i, j in ((0, 1), (0, 5), (2, 4))
    ]
    expect.true(
        all(0 < count < len(first) for count in together),
        what="no two rows of a class are always in the same fold, or never",
        hint="never-shuffled",
    )
    expect.true(
        deals(seed) == first,
        what="generators with the same seed give the same folds",
        hint="rng-ignored",
    )


@pytest.mark.task("a3_t1", points=1)
def test_deals_that_cannot_be_are_refused(student: Student, draw: Draw) -> None:
    rows = draw.integer(3, 6)
    labels = np.arange(rows) % 2
    folds = dealt(student, labels, rows, generator(student, 1))
    expect.equal(
        [len(fold) for fold in folds], [1] * rows, what="as many folds as rows hold one row each"
    )
    for k, hint in ((rows + 1, "too-many-folds"), (1, None), (0, None)):
        expect.raises(
            lambda k=k: student.call("stratified_folds", labels, k, generator(student, 1)),
            what="fewer than two folds, or more folds than rows, are a ValueError",
            inputs={"labels": labels, "k": k},
            hint=hint,
        )


def validated(student: Student, draw: Draw) -> tuple[ScalingLedger, list[list[int]], Any, Array]:
    """Let the student cross-validate; return the ledger, the folds, and what was returned."""
    sizes = [draw.integer(2, 4), 3, draw.integer(1, 3), 2]
    rows = sum(sizes)
    x = np.column_stack([np.arange(1.0, rows + 1.0), draw.array(rows)])
    folds = np.split(draw.rng.permutation(rows), np.cumsum(sizes)[:-1])
    ledger = ScalingLedger(x, draw.array(rows), draw.array(len(folds), low=0.1, high=1.0))
    held = student.put(x)
    got = student.call(
        "cross_validate", folds, held, ledger.t, ledger.make_scaler, ledger.fit, ledger.error
    )
    expect.unchanged(held, x, what="cross_validate leaves x as it is")
    return ledger, [sorted(fold.tolist()) for fold in folds], got, x


def others(fold: list[int], folds: list[list[int]]) -> list[int]:
    """Return the rows of all other folds."""
    return sorted(row for other in folds for row in other if row not in fold)


@pytest.mark.task("a3_t1", points=2)
def test_scalers_see_training_rows_only(student: Student, draw: Draw) -> None:
    ledger, folds, _, x = validated(student, draw)
    inputs = {"folds": folds, "rows of x": len(x)}
    expect.true(len(ledger.scalers) > 0, what="rows are scaled: make_scaler is called")
    wanted = [others(fold, folds) for fold in folds]
    everyone = list(range(len(x)))
    for seen in ledger.scalers:
        expect.true(
            sorted(seen) in wanted,
            what="make_scaler is shown the rows of all folds but one, each once; told are the rows "
            "that it was shown",
            got=sorted(seen),
            inputs=inputs,
            hint="scaler-fitted-on-everything"
            if sorted(seen) == everyone
            else "scaler-fitted-on-the-fold"
            if sorted(seen) in folds
            else None,
        )
    expect.true(len(ledger.fits) > 0, what="models are trained: fit is called")
    trained = {number: sorted(rows) for number, _, rows in ledger.fits}
    for kind, seen_by in (("trained", ledger.fits), ("measured", ledger.errors)):
        for number, inks, _ in seen_by:
            expect.true(
                RAW not in inks,
                what=f"a model is {kind} on rows that scale has returned, not on rows as they are",
                hint="not-scaled",
            )
            sources = [ledger.scalers[ink] for ink in set(inks)]
            expect.true(
                len(sources) == 1 and sorted(sources[0]) == trained[number],
                what=f"rows with which a model is {kind} were scaled by the one scaler that was "
                "made from this model's training rows",
                hint="scaler-fitted-on-everything"
                if sources and sorted(sources[0]) == everyone
                else "scaler-fitted-on-the-fold",
            )


@pytest.mark.task("a3_t1", points=1)
def test_models_train_on_the_other_folds(student: Student, draw: Draw) -> None:
    ledger, folds, _, _ = validated(student, draw)
    inputs = {"folds": folds}
    trained = {number: sorted(rows) for number, _, rows in ledger.fits}
    expect.true(
        sorted(trained.values()) == sorted(others(fold, folds) for fold in folds),
        what="for each fold one model is trained, on each row of the other folds once; told are "
        "the rows of each training",
        got=list(trained.values()),
        inputs=inputs,
        hint="trained-on-the-fold"
        if any(set(fold) <= set(rows) for rows in trained.values() for fold in folds)
        and (
            sorted(trained.values()) == sorted(folds)
            or any(len(rows) == sum(map(len, folds)) for rows in trained.values())
        )
        else None,
    )
    for number, _, rows in ledger.errors:
        expect.true(
            sorted(rows) in folds and not set(rows) & set(trained[number]),
            what="a model is measured on each row of the fold that it has not seen, once",
            got=sorted(rows),
            inputs={**inputs, "trained on": trained[number]},
            hint="measured-on-training-rows" if set(rows) & set(trained[number]) else None,
        )


@pytest.mark.task("a3_t1", points=1)
def test_one_error_a_fold_in_order(student: Student, draw: Draw) -> None:
    ledger, folds, got, _ = validated(student, draw)
    what = "cross_validate returns a list with one error a fold"
    got = numbers(got, what)
    counts = [len(ledger.scalers), len(ledger.fits), len(ledger.errors)]
    expect.true(
        counts == [len(folds)] * 3,
        what="for each fold there is one scaler, one model and one error; told are their numbers",
        got=counts,
        expected=[len(folds)] * 3,
    )
    # An error belongs to the fold it was measured on, or that its model was not trained on: where
    # a model is rightly trained and measured is the question of the tests above.
    trained = {number: sorted(rows) for number, _, rows in ledger.fits}
    known = [
        float(answer)
        for fold in folds
        for (number, _, rows), answer in zip(ledger.errors, ledger.answers, strict=True)
        if sorted(rows) == fold or trained[number] == others(fold, folds)
    ]
    expect.true(
        len(known) == len(folds),
        what="each error is that of a model for this fold",
        inputs={"folds": folds},
    )
    expect.close(
        got,
        known,
        what="the errors are returned as error gave them, in the order of the folds",
        rtol=1e-6,
        inputs={"folds": folds, "what error returned": np.array(known)},
        misconceptions={"mean-for-errors": float(np.mean(known))},
    )
