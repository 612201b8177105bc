"""Hidden tests of a3_t4: who was trained on what, measured where; and which gap is the largest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .plain import Array, number, numbers, parts


@dataclass
class CurveLedger:
    """Trains names, measures by a table, and notes the rows of each call.

    Rows carry their number in the first column: training rows from 0 on, validation rows from
    1000 on.
    """

    train: tuple[Array, Array]
    valid: tuple[Array, Array]
    table: Array
    fits: list[list[int]] = field(default_factory=list)
    errors: list[tuple[int, list[int]]] = field(default_factory=list)

    def fit(self, rows: Any, targets: Any) -> str:
        """Note the rows and return a model."""
        self.fits.append(self._read(rows, targets))
        expect.true(len(self.fits) < 100, what="one model a size is trained, and no more")
        return f"model {len(self.fits) - 1}"

    def error(self, model: Any, rows: Any, targets: Any) -> float:
        """Note the rows and return an error of their own."""
        names = [f"model {k}" for k in range(len(self.fits))]
        expect.true(
            isinstance(model, str) and model in names,
            what="error is given a model that fit returned",
            got=model,
        )
        self.errors.append((names.index(model), self._read(rows, targets)))
        return float(
            self.table[names.index(model), int(min(self.errors[-1][1], default=0) >= 1000)]
        )

    def _read(self, rows: Any, targets: Any) -> list[int]:
        what = "rows and targets are handed on as they are, row beside target"
        x, t = numbers(rows, what, ndim=2), numbers(targets, what, ndim=1)
        both = np.vstack([self.train[0], self.valid[0]])
        all_t = np.concatenate([self.train[1], self.valid[1]])
        found = [int(np.argmin(np.abs(both[:, 0] - value))) for value in x[:, 0]] if x.size else []
        good = (
            len(t) == len(x) and np.array_equal(x, both[found]) and np.array_equal(t, all_t[found])
        )
        expect.true(bool(good), what=what, got=rows)
        return [int(both[i, 0]) for i in found]


def new_ledger(draw: Draw) -> CurveLedger:
    """Return a ledger with rows and errors of its own."""
    rows, held = draw.integer(6, 12), draw.integer(3, 5)
    folds = [
        (np.column_stack([start + np.arange(float(n)), draw.array(n)]), draw.array(n))
        for start, n in ((0.0, rows), (1000.0, held))
    ]
    return CurveLedger(folds[0], folds[1], draw.array(99, 2, low=0.1, high=1.0))


def curve(student: Student, ledger: CurveLedger, sizes: list[int]) -> Any:
    """Let the student draw a learning curve."""
    return student.call(
        "learning_curve", sizes, ledger.fit, ledger.error, ledger.train, ledger.valid
    )


@pytest.mark.task("a3_t4", points=2)
def test_one_model_a_size_learns_from_the_first_rows(student: Student, draw: Draw) -> None:
    ledger = new_ledger(draw)
    rows = len(ledger.train[1])
    sizes = [1, draw.integer(2, 4), rows - 1, rows]
    curve(student, ledger, sizes)
    wanted = [list(range(size)) for size in sizes]
    hint = None
    if ledger.fits == [list(range(rows))] * len(sizes):
        hint = "all-rows-every-time"
    elif [len(rows) for rows in ledger.fits] == sizes:
        hint = "not-the-first-rows"
    elif ledger.fits == [list(range(a, b)) for a, b in zip([0, *sizes], sizes, strict=False)]:
        hint = "only-the-new-rows"
    expect.true(
        ledger.fits == wanted,
        what="for each size one model is trained, on the first so many training rows; told are the "
        "numbers of the rows of each training",
        got=ledger.fits,
        expected=wanted,
        inputs={"sizes": sizes, "training rows": rows},
        hint=hint,
    )


@pytest.mark.task("a3_t4", points=2)
def test_errors_belong_to_the_rows_learnt_and_to_all_validation_rows(
    student: Student, draw: Draw
) -> None:
    ledger = new_ledger(draw)
    rows, held = len(ledger.train[1]), len(ledger.valid[1])
    sizes = [draw.integer(4, 5), 2, rows]  # in the order asked for, which need not rise
    got = numbers(
        curve(student, ledger, sizes), "learning_curve returns an array of numbers", ndim=2
    )
    want = ledger.table[: len(sizes)]
    expect.close(
        got,
        want,
        what="each line holds the error on the rows that this model was trained on, then that on "
        "the validation rows",
        rtol=1e-6,
        inputs={"sizes": sizes},
        misconceptions={"columns-swapped": want[:, ::-1], "one-column-a-size": want.T},
    )
    expect.true(len(ledger.errors) == 2 * len(sizes), what="each model is measured twice")
    everyone = list(range(rows))
    for model, seen in ledger.errors:
        on_train = min(seen, default=0) < 1000
        legal = ledger.fits[model] if on_train else [1000 + k for k in range(held)]
        whole = on_train and sorted(seen) == everyone and sizes[model % len(sizes)] < rows
        hint = "measured-on-all-training-rows" if whole else None
        expect.true(
            sorted(seen) == sorted(legal),
            what="the training error is measured on the rows that this model was trained on, the "
            "validation error on all validation rows; told are the rows of one measurement",
            got=seen,
            expected=legal,
            inputs={"sizes": sizes, "training rows": rows, "validation rows": held},
            hint=hint if on_train else "validation-rows-cut",
        )


@pytest.mark.task("a3_t4", points=1)
def test_sizes_out_of_range_train_nothing(student: Student, draw: Draw) -> None:
    usual = new_ledger(draw)
    curve(student, usual, [2])
    expect.true(len(usual.fits) > 0, what="for sizes in range, models are trained")
    for place, bad in ((1, 0), (0, -2), (1, 1), (0, 1)):
        ledger = new_ledger(draw)
        rows = len(ledger.train[1])
        sizes = [2, 2]
        sizes[place] = bad if bad < 1 else rows + 1
        expect.raises(
            lambda ledger=ledger, sizes=sizes: curve(student, ledger, sizes),
            what="a size below 1, or above the number of training rows, is a ValueError",
            inputs={"sizes": sizes, "training rows": rows},
            hint="size-out-of-range-accepted",
        )
        expect.true(
            not ledger.fits, what="it is raised before anything is trained", hint="checked-too-late"
        )
    empty = numbers(curve(student, new_ledger(draw), []), "learning_curve returns an array")
    expect.true(empty.shape == (0, 2), what="without sizes the curve has the shape (0, 2)",
                got=empty.shape)  # fmt: skip


def chain(draw: Draw, gaps: list[float]) -> list[float]:
    """Return floor, training, train-dev, dev and test error with these gaps."""
    errors: list[float] = np.cumsum([draw.number(0.5, 1.5), *gaps]).tolist()
    return errors


NAMES = ["bias", "variance", "mismatch", "dev worn out"]


def expect_gap(student: Student, errors: list[float], blind: bool, want: tuple[str, float]) -> None:
    """Expect this name and size of the largest gap."""
    floor, train, train_dev, dev, test = errors
    arguments = (floor, train, dev, test) if blind else (floor, train, dev, test, train_dev)
    got = parts(
        student.call("largest_gap", *arguments), 2, "largest_gap returns the pair (name, gap)"
    )
    expect.true(isinstance(got[0], str), what="the name of the gap is text", got=got[0])
    gaps = np.diff(errors) if not blind else np.diff([floor, train, dev, test])
    names = NAMES if not blind else [NAMES[0], NAMES[1], NAMES[3]]
    named = {
        "gap-upside-down": names[int(np.argmax(-gaps))],
        "test-against-train": "dev worn out",
        "mismatch-is-variance": "variance",
        "first-gap-always": "bias",
    }
    hint = next((hint for hint, name in named.items() if name == got[0] != want[0]), None)
    if named["gap-upside-down"] == got[0] == "bias":
        hint = None  # the first gap, or the lowest: it could be either
    inputs = dict(zip(["floor", "train", "dev", "test", "train_dev"], arguments, strict=False))
    expect.true(
        got[0] == want[0],
        what="the largest gap has the name of the table",
        got=got[0],
        expected=want[0],
        inputs=inputs,
        hint=hint,
    )
    expect.close(
        number(got[1], "the gap is a number"),
        want[1],
        what="the size of the largest gap",
        rtol=1e-6,
        atol=1e-9,
        inputs=inputs,
    )


@pytest.mark.task("a3_t4", points=2)
def test_largest_gap_has_its_name(student: Student, draw: Draw) -> None:
    for place, name in enumerate(NAMES):
        gaps = [draw.number(0.5, 1.0) for _ in range(4)]
        gaps[place] = draw.number(2.5, 4.0)
        gaps[place - 2] *= -1.0  # an error may also fall
        errors = chain(draw, gaps)
        expect_gap(student, errors, False, (name, errors[place + 1] - errors[place]))
        if name != "mismatch":
            merged = [gaps[0], gaps[1] + gaps[2], gaps[3]]
            largest = int(np.argmax(merged))
            names = [NAMES[0], NAMES[1], NAMES[3]]
            expect_gap(student, errors, True, (names[largest], merged[largest]))
    errors = chain(draw, [0.5, 0.3, 4.0, 0.5])
    expect_gap(student, errors, True, ("variance", errors[3] - errors[1]))


@pytest.mark.task("a3_t4", points=1)
def test_equal_gaps_and_no_gap(student: Student, draw: Draw) -> None:
    # Sums of quarters are exact, so that equal gaps are equal.
    low = draw.integer(1, 8) / 4
    for gaps, want in (
        ([1.0, 1.0, 1.0, 1.0], "bias"),
        ([0.5, 2.0, 2.0, 2.0], "variance"),
        ([0.5, 0.25, 2.0, 2.0], "mismatch"),
    ):
        errors = np.cumsum([low, *gaps]).tolist()
        expect_gap(student, errors, False, (want, max(gaps)))
    for gaps in ([-0.5, -0.25, 0.0, -1.0], [0.0, 0.0, 0.0, 0.0]):
        errors = np.cumsum([low + 4.0, *gaps]).tolist()
        expect_gap(student, errors, False, ("none", 0.0))
        expect_gap(student, errors, True, ("none", 0.0))
    # A train-dev error of zero is an error, too.
    expect_gap(student, [0.0, 0.0, 0.0, low, low], False, ("mismatch", low))
