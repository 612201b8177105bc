"""Hidden tests of a3_t5: every combination once, chosen by validation, the test set opened once.

The functions that the search works with live on this side and note every call, so what is judged
is what happened, not what the search says of itself.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, StudentRaised, expect

from .plain import numbers, parts, place_of, same, same_unordered
from .search_ledger import (
    SearchLedger,
    every_combination,
    expect_trials,
    found,
    new_ledger,
    shuffled_errors,
)


def drawn_grid(draw: Draw, *counts: int) -> dict[str, list[Any]]:
    """Return a grid with so many values for each hyperparameter, a list among them."""
    columns = (
        [round(value, 6) for value in np.geomspace(0.3, 0.3 / 10 ** counts[0], counts[0]).tolist()],
        [[4 + k] * (k % 2 + 1) for k in range(counts[1])],
        ["sgd", "adam", "rmsprop", "adamw"][: counts[2] if len(counts) > 2 else 0],
    )
    names = draw.rng.permutation(["lr", "layers", "optimizer"])[: len(counts)]
    return {str(name): values for name, values in zip(names, columns, strict=False)}


def searched(
    student: Student, draw: Draw, grid: dict[str, list[Any]], valid: Any = None, test: Any = None
) -> tuple[SearchLedger, dict[str, Any]]:
    """Let the student search; return the ledger and what was returned."""
    count = len(every_combination(grid))
    valid = shuffled_errors(draw, count) if valid is None else np.asarray(valid)
    test = shuffled_errors(draw, count, 50.0) if test is None else np.asarray(test)
    ledger = new_ledger(draw, grid, valid, test)
    return ledger, found(student.call("grid_search", *ledger.arguments(grid)))


@pytest.mark.task("a3_t5", points=2)
def test_every_combination_in_order(student: Student, draw: Draw) -> None:
    for counts in ((2, draw.integer(3, 4)), (2, 3, draw.integer(2, 4)), (3, 1), (3, 3)):
        grid = drawn_grid(draw, *counts)
        want = every_combination(grid)
        got = parts(student.call("combinations", grid), None, "combinations returns a list")
        turned = {name: grid[name] for name in reversed(grid)}
        pairs = zip(*grid.values(), strict=False)
        wrong = {
            "zip-for-product": [dict(zip(grid, pair, strict=True)) for pair in pairs],
            "first-name-fastest": every_combination(turned),
        }
        right = alike(got, want)
        expect.true(
            right,
            what="combinations returns every combination once, the last name changing fastest",
            got=got,
            expected=want,
            inputs={"grid": grid},
            hint=None if right else next((n for n, w in wrong.items() if alike(got, w)), None),
        )
        held = student.put(grid)
        student.call("combinations", held)
        after = held.fetch()
        expect.true(same(after, grid), what="the grid stays as it is", got=after)


def alike(got: list[Any], want: list[dict[str, Any]]) -> bool:
    """Tell whether these are the same combinations in the same order."""
    pairs = zip(want, got, strict=False)
    return len(got) == len(want) and all(same_unordered(a, b) for a, b in pairs)


@pytest.mark.task("a3_t5", points=1)
def test_grids_without_names_or_values(student: Student, draw: Draw) -> None:
    one = draw.integer(2, 5)
    for grid, want in (
        ({}, [{}]),
        ({"lr": [0.1, 0.2], "layers": []}, []),
        ({"layers": [], "lr": [0.1]}, []),
        ({"layers": [[one, one]]}, [{"layers": [one, one]}]),
    ):
        got = parts(student.call("combinations", grid), None, "combinations returns a list")
        expect.true(
            alike(got, want),
            what="no hyperparameter leaves one combination, {}; one without values leaves none",
            got=got,
            expected=want,
            inputs={"grid": grid},
        )


@pytest.mark.task("a3_t5", points=3)
def test_each_combination_is_made_trained_and_measured_once(student: Student, draw: Draw) -> None:
    for counts in ((3, draw.integer(2, 3)), (2, 2, draw.integer(2, 3))):
        grid = drawn_grid(draw, *counts)
        ledger, _ = searched(student, draw, grid)
        inputs = {"grid": grid}
        times = Counter(ledger.made)
        expect.true(
            dict(times) == dict.fromkeys(range(len(ledger.configs)), 1),
            what="make is called once for each combination; told is how often for each, in order",
            got=[times[k] for k in range(len(ledger.configs))],
            inputs=inputs,
            hint="warm-start" if len(ledger.made) == 1 else None,
        )
        fits = Counter(event[1] for event in ledger.of_kind("fit"))
        expect.true(
            dict(fits) == dict.fromkeys(range(len(ledger.made)), 1),
            what="every model is trained once: none goes on with what another one has learnt, and "
            "none is trained again; told is how often, model by model",
            got=[fits[k] for k in range(len(ledger.made))],
            inputs=inputs,
            hint="warm-start" if len(fits) < len(ledger.made) else "trained-again",
        )
        shown = {event[2] for event in ledger.of_kind("fit")}
        expect.true(
            shown == {"train"},
            what="models are trained on the training rows, and on no other",
            got=sorted(shown),
            inputs=inputs,
            hint="trained-on-validation-rows",
        )
        asked = Counter(event[1] for event in ledger.of_kind("error", "valid"))
        expect.true(
            dict(asked) == dict.fromkeys(range(len(ledger.made)), 1),
            what="every model is measured on the validation rows once",
            got=[asked[k] for k in range(len(ledger.made))],
            inputs=inputs,
            hint="chosen-by-training-error"
            if not asked and ledger.of_kind("error", "train")
            else "chosen-by-test-error"
            if not asked and ledger.of_kind("error", "test")
            else None,
        )
        untrained = [
            who
            for place, (kind, who, *_) in enumerate(
                e if len(e) > 1 else (*e, None) for e in ledger.events
            )
            if kind == "error" and not any(e[:2] == ("fit", who) for e in ledger.events[:place])
        ]
        expect.true(not untrained, what="a model is trained before it is measured", inputs=inputs)


@pytest.mark.task("a3_t5", points=2)
def test_lowest_validation_error_is_chosen(student: Student, draw: Draw) -> None:
    grid = drawn_grid(draw, 3, draw.integer(2, 3))
    count = len(every_combination(grid))
    plain = shuffled_errors(draw, count)
    tied = plain.copy()
    tied[[1, 3, 4]] = 0.25
    holed = plain.copy()
    holed[[0, 2]] = np.nan
    holed[3] = -np.inf
    for errors in (plain, tied, holed, plain - 100.0):
        ledger, report = searched(student, draw, grid, valid=errors)
        usable = np.where(np.isfinite(errors), errors, np.nan)
        best = int(np.nanargmin(usable))
        wrong = {
            "largest-error-chosen": int(np.nanargmax(usable)),
            "last-of-the-tied": int(np.flatnonzero(usable == usable[best])[-1]),
            "chosen-by-test-error": int(np.argmin(ledger.test_errors)),
            "chosen-by-training-error": int(np.argmin(ledger.train_errors)),
            "nan-chosen": int(np.flatnonzero(~np.isfinite(errors))[0])
            if not np.isfinite(errors).all()
            else best,
            "infinite-chosen": int(np.argmin(np.nan_to_num(errors, nan=np.inf, neginf=-1e300))),
        }
        if len(ledger.of_kind("error", "test")) < 2:
            del wrong["chosen-by-test-error"]
        if not ledger.of_kind("error", "train"):
            del wrong["chosen-by-training-error"]
        chosen = place_of(report["config"], ledger.configs)
        hint = next((n for n, place in wrong.items() if place == chosen != best), None)
        expect.true(
            chosen == best,
            what="the combination with the lowest finite validation error is chosen, the first of "
            "several",
            got=report["config"],
            expected=ledger.configs[best],
            inputs={"validation errors, in order": errors, "grid": grid},
            hint=hint,
        )
        expect.close(
            report["valid_error"],
            errors[best],
            what="valid_error is the validation error of the choice",
            rtol=1e-6,
            inputs={"validation errors, in order": errors},
        )
        expect_trials(report["trials"], ledger.configs, errors)


@pytest.mark.task("a3_t5", points=2)
def test_test_set_is_opened_once_and_last(student: Student, draw: Draw) -> None:
    for counts in ((2, draw.integer(2, 3)), (4, 1)):
        grid = drawn_grid(draw, *counts)
        ledger, report = searched(student, draw, grid)
        opened = [k for k, event in enumerate(ledger.events) if event == ("open",)]
        inputs = {"grid": grid}
        expect.true(
            len(opened) == 1,
            what="the test set is opened exactly once",
            got=len(opened),
            inputs=inputs,
            hint="test-set-never-opened" if not opened else "test-set-opened-every-time",
        )
        later = ledger.events[opened[0] + 1 :]
        expect.true(
            not [event for event in later if event[0] == "fit" or event[-1] != "test"],
            what="the test set is opened after the choice: afterwards nothing is trained and no "
            "validation error is asked for",
            got=later,
            inputs=inputs,
            hint="test-set-opened-too-early",
        )
        expect.true(
            len(later) == 1,
            what="one model is measured on the test set; told is how many were",
            got=len(later),
            inputs=inputs,
            hint="all-models-tested" if len(later) > 1 else "test-rows-not-measured",
        )
        tested = ledger.made[later[0][1]]
        chosen = place_of(report["config"], ledger.configs)
        expect.true(
            tested == chosen,
            what="it is the model that was chosen",
            got=ledger.configs[tested],
            expected=report["config"],
            inputs=inputs,
            hint="last-model-tested" if later[0][1] == len(ledger.made) - 1 else None,
        )
        expect.close(
            report["test_error"],
            ledger.test_errors[tested],
            what="test_error is what this measurement gave",
            rtol=1e-6,
            inputs=inputs,
            misconceptions={"validation-error-reported": ledger.valid_errors[tested]},
        )


@pytest.mark.task("a3_t5", points=1)
def test_other_test_labels_change_nothing_but_the_report(student: Student, draw: Draw) -> None:
    grid = drawn_grid(draw, 3, draw.integer(2, 3))
    count = len(every_combination(grid))
    valid = shuffled_errors(draw, count)
    tied = np.sort(draw.rng.choice(count, 2, replace=False))
    valid[tied] = 0.5
    other = draw.rng.choice(np.setdiff1d(np.arange(count), tied))
    state = draw.rng.bit_generator.state
    reports, ledgers = [], []
    # In turn the test set speaks for each of the two that validation cannot tell apart, and so
    # loudly for another one that not even a mean of both errors would keep it from being chosen.
    for turn, favoured in enumerate((*tied, other)):
        draw.rng.bit_generator.state = state  # the same folds and names again
        test = 50.0 + np.roll(np.arange(count), turn)
        test[favoured] = 1.0
        ledger = new_ledger(draw, grid, valid, test)
        x, t = ledger.folds["test"]
        ledger.folds["test"] = x, np.roll(t, turn)
        reports.append(found(student.call("grid_search", *ledger.arguments(grid))))
        ledgers.append(ledger)
    for report, ledger in zip(reports[1:], ledgers[1:], strict=True):
        expect.true(
            same_unordered(reports[0]["config"], report["config"])
            if isinstance(reports[0]["config"], dict)
            else False,
            what="with other test labels the same combination is chosen",
            got=report["config"],
            expected=reports[0]["config"],
            hint="chosen-by-test-error",
        )
        before = [e for e in ledger.events if e[-1] != "test" and e != ("open",)]
        again = [e for e in ledgers[0].events if e[-1] != "test" and e != ("open",)]
        expect.true(
            before == again,
            what="with other test labels the same models are trained and measured, in the same "
            "order",
            hint="chosen-by-test-error",
        )
    got = numbers([report["test_error"] for report in reports], "test_error is a number")
    expect.true(
        len(set(got.tolist())) > 1,
        what="other test labels change test_error",
        got=got,
    )


@pytest.mark.task("a3_t5", points=1)
def test_search_without_a_choice_keeps_the_seal(student: Student, draw: Draw) -> None:
    ledger, report = searched(student, draw, {})
    expect.true(
        same_unordered({}, report["config"]) and ledger.made == [0],
        what="without hyperparameters there is one combination, {}, and it is tried",
        got=report["config"],
    )
    grid = drawn_grid(draw, 2, draw.integer(2, 3))
    count = len(every_combination(grid))
    for values, errors in (
        (grid, np.full(count, np.nan)),
        (grid, np.full(count, np.inf)),
        ({"lr": [], "layers": [[4]]}, np.zeros(0)),
    ):
        ledger = new_ledger(draw, values, errors, np.arange(float(errors.size)))
        refused = False
        try:
            student.call("grid_search", *ledger.arguments(values))
        except StudentRaised as raised:
            refused = raised.type_name == "ValueError"
        asked = bool(ledger.of_kind("error", "valid")) or not ledger.configs
        expect.true(
            refused,
            what="without a finite validation error there is nothing to choose: a ValueError",
            inputs={"grid": values, "validation errors": errors},
            hint="nothing-chosen-accepted" if asked else None,
        )
        expect.true(
            ("open",) not in ledger.events,
            what="if nothing can be chosen, the test set stays shut",
            hint="test-set-opened-too-early"
            if ledger.events.count(("open",)) == 1
            else "test-set-opened-every-time",
        )
