"""Hidden tests of a5_t5: gradients of rows in a file, and who read them."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading import Draw, SharedSpy, Student, Together, expect

from .linear_rules import (
    KINDS,
    descend,
    descend_mean_of_means,
    draw_rows_of_all_margins,
    draw_table,
    gradient_sum,
)
from .watching import arguments, expect_nothing_left, expect_other_processes

TOLERANCE = {"rtol": 1e-6, "atol": 1e-8}
"""Right answers agree to 1e-13; the mistakes are off by a tenth and more."""


@pytest.mark.task("a5_t5", points=3)
@pytest.mark.parametrize("kind", KINDS)
def test_gradient_is_the_sum_over_the_rows(student: Student, draw: Draw, kind: str) -> None:
    w = draw.array(3, low=0.5, high=1.0) * (1, -1, 1)
    table = draw_rows_of_all_margins(draw, kind, w)
    rows = len(table)
    path = student.call("save_table", table)
    whole = gradient_sum(kind, table, w)
    part = gradient_sum(kind, table[1 : rows - 2], w)
    inputs = {"table": table, "w": w, "rows": (1, rows - 2)}
    wrong = {
        "mean-for-sum": part / (rows - 3),
        "all-rows": whole,
        "climbs": -part,
    }
    expect.close(
        student.call("chunk_gradient", kind, path, 1, rows - 2, w),
        part,
        what=f"chunk_gradient({kind!r}, ...) is the sum of the gradients of these rows",
        inputs=inputs,
        misconceptions=wrong,
        **TOLERANCE,
    )


@pytest.mark.task("a5_t5", points=1)
def test_large_numbers_give_no_nan(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 4)
    x = np.array([[1e3], [-1e3], [1e3], [-1e3]]) * size
    table = np.column_stack([x, [1.0, 1.0, -1.0, -1.0]])
    path = student.call("save_table", table)
    for kind in ("logistic", "hinge"):
        for weight in (1.0, -1.0):
            w = np.array([weight])
            expect.close(
                student.call("chunk_gradient", kind, path, 0, 4, w),
                gradient_sum(kind, table, w),
                what="large margins overflow nowhere and give no NaN",
                inputs={"kind": kind, "table": table, "w": w},
                **TOLERANCE,
            )


@pytest.mark.task("a5_t5", points=1)
def test_unknown_kind_is_a_value_error(student: Student, draw: Draw) -> None:
    table = draw_table(draw, "linear", draw.integer(2, 4), 2)
    path = student.call("save_table", table)
    expect.close(
        student.call("chunk_gradient", "linear", path, 0, 1, np.zeros(2)),
        gradient_sum("linear", table[:1], np.zeros(2)),
        what="a known kind has a gradient",
        **TOLERANCE,
    )
    expect.raises(
        lambda: student.call("chunk_gradient", "cubic", path, 0, 1, np.zeros(2)),
        what="an unknown kind is a ValueError",
        hint="unknown-kind-accepted",
    )


@pytest.mark.task("a5_t5", points=3)
@pytest.mark.parametrize("kind", KINDS)
def test_descent_follows_the_mean_gradient(student: Student, draw: Draw, kind: str) -> None:
    rows, steps, rate, chunk = 2 * draw.integer(4, 6) + 1, draw.integer(2, 3), 0.1, 4
    table = draw_table(draw, kind, rows, 2)
    path = student.call("save_table", table)
    with student.watch() as seen:
        began = seen.spy(SharedSpy())
        got = student.call("descend", kind, path, steps, rate, 2, chunk, began)
    expect.close(
        got,
        descend(kind, table, steps, rate),
        what=f"descend({kind!r}, ...) takes steps against the mean gradient of all rows",
        inputs={"table": table, "steps": steps, "rate": rate, "chunk_rows": chunk},
        misconceptions={
            "sum-for-mean": descend(kind, table, steps, rate, divide=1),
            "mean-of-means": descend_mean_of_means(kind, table, steps, rate, chunk),
            "climbs": descend(kind, table, steps, -rate),
            "rest-lost": descend(kind, table[: rows // chunk * chunk], steps, rate, divide=rows),
        },
        **TOLERANCE,
    )


@pytest.mark.task("a5_t5", points=2)
def test_each_row_is_used_once_in_each_step(student: Student, draw: Draw) -> None:
    rows, steps, chunk = 3 * draw.integer(3, 5) + 1, draw.integer(2, 3), 3
    table = draw_table(draw, "linear", rows, 2)
    path = student.call("save_table", table)
    spy = SharedSpy()
    with student.watch() as seen:
        student.call("descend", "linear", path, steps, 0.01, 2, chunk, seen.spy(spy))
    once = [(start, min(start + chunk, rows)) for start in range(0, rows, chunk)]
    expect.true(bool(spy.calls), what="began is called for each chunk", hint="never-called")
    expect.equal(
        arguments(spy),
        sorted(once * steps),
        what="in each step every chunk of chunk_rows rows comes once",
        inputs={"rows": rows, "steps": steps, "chunk_rows": chunk},
        misconceptions={
            "chunk-for-each-worker": lambda: sorted(
                [(int(c[0]), int(c[-1]) + 1) for c in np.array_split(range(rows), 2)] * steps
            ),
        },
    )


@pytest.mark.task("a5_t5", points=2)
def test_one_group_of_processes_reads_for_itself(student: Student, draw: Draw) -> None:
    rows, features, workers, steps = 4000, 8, draw.integer(2, 3), 2
    table = np.round(draw.rng.uniform(-1, 1, (rows, features + 1)), 2)
    path = student.call("save_table", table)
    spy = Together(workers)
    with student.watch() as seen:
        began = seen.spy(spy)
        student.call("descend", "linear", path, steps, 0.01, workers, 500, began)
    expect.true(bool(spy.calls), what="began is called for each chunk", hint="never-called")
    expect.true(
        seen.home not in spy.processes, what="other processes do the work", hint="in-notebook"
    )
    expect.true(
        len(spy.processes) <= workers,
        what="one group of processes serves all steps",
        got=f"{len(spy.processes)} processes",
        expected=workers,
        hint="pool-not-kept",
    )
    expect.true(spy.met, what="the workers are at work at the same time", hint="one-after-another")
    # Sixteen tasks of right answers are 10 kB; the rows of one step are 288 kB.
    expect.true(
        seen.bytes_written < table.nbytes // 4,
        what="rows are read from the file by each process, and not sent to it",
        got=f"{seen.bytes_written} bytes were written",
        expected=f"less than {table.nbytes // 4}",
        hint="rows-sent",
    )
    once = [(start, start + 500) for start in range(0, rows, 500)]
    expect.equal(
        arguments(spy), sorted(once * steps), what="no chunk is empty, and none comes twice"
    )
    expect_other_processes(seen, spy, workers, "processes of the group compute")
    expect_nothing_left(seen, "after descend")
