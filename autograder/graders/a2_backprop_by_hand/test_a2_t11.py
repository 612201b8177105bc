"""Hidden tests of a2_t11, the V and the river, judged on data that exist only here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Handle, Student, StudentRaised, expect

from .promises import Array, expect_unchanged
from .waters import Task, some_river, some_v

V_FOUND, RIVER_FOUND, SIDES_FOUND = 0.9, 0.85, 0.85
"""Averages over two data sets. Over 200 seeds the least of two simple right answers (neighbours who
vote, kernel ridge regression) had 0.948 for the V, 0.882 for the river, 0.885 in metres and 0.889
for three classes; networks and random features had more over 40. A straight border had at most
0.869 for a V (a single one), 0.812 for a river and 0.733 for three classes."""


@pytest.mark.task("a2_t11", points=2)
def test_finds_another_v(student: Student, draw: Draw) -> None:
    tasks = [some_v(draw) for _ in range(2)]
    expect_accuracy(student, tasks, V_FOUND, "it finds a V that is turned and opened otherwise")


@pytest.mark.task("a2_t11", points=3)
def test_finds_another_river(student: Student, draw: Draw) -> None:
    tasks = [some_river(draw) for _ in range(2)]
    expect_accuracy(student, tasks, RIVER_FOUND, "it finds rivers with other bends")


@pytest.mark.task("a2_t11", points=1)
def test_finds_a_river_on_a_map_in_metres(student: Student, draw: Draw) -> None:
    tasks = [some_river(draw) for _ in range(2)]
    share = shares(student, [task.in_metres() for task in tasks]).mean()
    found = bool(share >= RIVER_FOUND)
    only_here = not found and shares(student, tasks).mean() >= RIVER_FOUND
    expect.true(
        found,
        what="fit_classes: it finds rivers as well on a map in metres, which begins far from zero. "
        f"At least {RIVER_FOUND:.0%} of new points must be in the right class",
        got=f"{share:.1%}",
        expected=f"{RIVER_FOUND:.0%}",
        hint="not-standardised" if only_here else None,
    )


@pytest.mark.task("a2_t11", points=2)
def test_tells_three_classes_apart(student: Student, draw: Draw) -> None:
    tasks = [some_river(draw, banks=True) for _ in range(2)]
    expect_accuracy(student, tasks, SIDES_FOUND, "it tells left bank, river and right bank apart")


@pytest.mark.task("a2_t11", points=2)
def test_fit_changes_nothing_and_takes_any_number_of_points(student: Student, draw: Draw) -> None:
    task = some_v(draw)
    names = ("x_train", "labels_train", "x_valid", "labels_valid")
    before = dict(zip(names, task.samples, strict=True))
    held = {name: student.put(part) for name, part in before.items()}
    predict = student.new("fit_classes", *held.values())
    whole = classes_at(predict, task.places)
    expect_unchanged(held, before, "fit_classes")
    one_side = task.places[:, 0] > 0.5  # a company whose mean and spread are quite others
    for rows in (slice(0, 1), one_side):
        got = classes_at(predict, task.places[rows])
        expect.true(
            bool(np.mean(got == whole[rows]) > 0.99),
            what="the class of a point does not depend on which other points are asked for",
            got=got,
            expected=whole[rows],
            hint="points-standardised-anew",
        )
    expect.true(
        len(np.unique(whole)) > 1, what="points of both classes are found", got=np.unique(whole)
    )


def expect_accuracy(student: Student, tasks: list[Task], limit: float, what: str) -> None:
    """Expect that this share of new points is classified rightly, on average over the tasks."""
    answers = [classes_at(student.new("fit_classes", *task.samples), task.places) for task in tasks]
    share = np.mean([task.accuracy(got) for task, got in zip(tasks, answers, strict=True)])
    expect.true(
        bool(share >= limit),
        what=f"fit_classes: {what}. At least {limit:.0%} of new points must be in the right class",
        got=f"{share:.1%}",
        expected=f"{limit:.0%}",
        inputs={"points to train with": len(tasks[0].x_train), "data sets": len(tasks)},
        hint=None if share >= limit else looks_like(tasks[0], answers[0]),
    )


def shares(student: Student, tasks: list[Task]) -> Array:
    """Return the share of new points that are classified rightly, for each task."""
    fits = [student.new("fit_classes", *task.samples) for task in tasks]
    pairs = zip(tasks, fits, strict=True)
    return np.array([task.accuracy(classes_at(fit, task.places)) for task, fit in pairs])


def classes_at(predict: Handle, places: Array) -> Array:
    """Ask the student's fit for classes, and expect one whole number a point."""
    try:
        got = predict.call("__call__", places)
    except StudentRaised as raised:
        missing = raised.type_name == "AttributeError" and "__call__" in raised.message
        expect.true(not missing, what="fit_classes returns a function: points in, classes out")
        raise
    labels = _whole_numbers(got)
    expect.true(
        labels is not None and labels.shape == (len(places),),
        what=f"for {len(places)} points the fit returns {len(places)} whole numbers in a vector",
        got=got,
        hint="scores-for-labels" if np.ndim(got) == 2 else None,
    )
    assert labels is not None
    return labels


def _whole_numbers(got: Any) -> Array | None:
    try:
        array = np.asarray(got)
        whole = array.dtype.kind in "iub" or (
            array.dtype.kind == "f" and bool(np.all(array == np.round(array)))
        )
    except (TypeError, ValueError, RuntimeError):
        return None
    return array.astype(np.int64) if whole else None


def looks_like(task: Task, labels: Array) -> str | None:
    """Name the mistake that classes look like, if it is a known one."""
    if len(np.unique(labels)) == 1:
        return "one-class-for-all"
    if labels.max() < task.truth.max():
        return "two-classes-only"
    columns = [np.column_stack([np.ones(len(x)), x]) for x in (task.x_train, task.places)]
    one_hot = np.eye(int(task.labels_train.max()) + 1)[task.labels_train]
    line = (columns[1] @ np.linalg.lstsq(columns[0], one_hot, rcond=None)[0]).argmax(axis=1)
    return "border-is-a-line" if np.mean(labels == line) > 0.95 else None
