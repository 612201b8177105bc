"""Hidden tests of a5_t2: the product, and the processes that made it, seen from outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, SharedSpy, Student, Together, Watch, expect

from .watching import (
    OneIsSlow,
    arguments,
    expect_at_the_same_time,
    expect_nothing_left,
    expect_other_processes,
)


def multiply(
    student: Student, a: Any, b: Any, workers: int, spy: SharedSpy | None = None
) -> tuple[Any, Watch]:
    """Let the student multiply; return the product and what was seen."""
    with student.watch() as seen:
        got = student.call("shared_matmul", a, b, workers, seen.spy(spy or SharedSpy()))
    return got, seen


def matrices(draw: Draw, n: int, k: int, m: int) -> tuple[Any, Any]:
    return draw.array(n, k, low=0.5, high=2.0), draw.array(k, m, low=0.5, high=2.0)


@pytest.mark.task("a5_t2", points=4)
@pytest.mark.parametrize(("n", "slow"), [(7, 0), (6, 4), (1, 0)])
def test_product_is_right_for_any_sizes(student: Student, draw: Draw, n: int, slow: int) -> None:
    workers = 3
    a, b = matrices(draw, n, draw.integer(2, 5), draw.integer(3, 11))
    # The chunk that begins with the row `slow` ends after all others.
    got, _ = multiply(student, a, b, workers, OneIsSlow(slow))
    want = a @ b
    without_rest = want.copy()
    without_rest[n // workers * workers :] = 0.0
    expect.close(
        got,
        want,
        what="shared_matmul returns A B",
        rtol=1e-9,  # sums of five numbers: right answers agree to 1e-15
        inputs={"a": a, "b": b, "workers": workers},
        misconceptions={
            "not-written": np.zeros_like(want),
            **({"rest-lost": without_rest} if n % workers else {}),
        },
    )


@pytest.mark.task("a5_t2", points=1)
def test_empty_matrices_have_a_product(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 5)
    for n, k, m in ((0, size, 3), (size, 3, 0), (size, 0, 2)):
        got, _ = multiply(student, np.zeros((n, k)), np.zeros((k, m)), 2)
        expect.close(
            got,
            np.zeros((n, m)),
            what="a size may be zero",
            inputs={"shape of a": (n, k), "shape of b": (k, m)},
        )


@pytest.mark.task("a5_t2", points=4)
def test_each_chunk_has_a_process_of_its_own(student: Student, draw: Draw) -> None:
    for n, workers in ((3 * draw.integer(2, 3) + 1, 3), (2, 4)):  # never even chunks
        a, b = matrices(draw, n, 3, 2)
        count = min(n, workers)
        spy = Together(count)
        _, seen = multiply(student, a, b, workers, spy)
        expect_other_processes(seen, spy, count, "began is called in a process of each chunk")
        rows = np.array_split(range(n), count)
        expect.equal(
            arguments(spy),
            [(int(chunk[0]), int(chunk[-1]) + 1) for chunk in rows],
            what="began(start, stop) is called once for each chunk of rows",
            inputs={"rows": n, "workers": workers},
        )
        expect_at_the_same_time(spy, count)


@pytest.mark.task("a5_t2", points=2)
def test_numbers_do_not_go_through_pipes(student: Student, draw: Draw) -> None:
    n, k, m = 160, 64, 96
    a, b = matrices(draw, n, k, m)
    got, seen = multiply(student, a, b, 2)
    # No values are shown: of so many, some would be those of the hidden product.
    right = isinstance(got, np.ndarray) and got.shape == (n, m) and got.dtype == np.float64
    expect.true(right and np.allclose(got, a @ b, rtol=1e-9), what="shared_matmul returns A B")
    c_bytes = 8 * n * m
    # Right answers write less than 5 kB (process ids, names of segments); C alone has 120 kB.
    expect.true(
        seen.bytes_written < c_bytes // 6,
        what="the numbers of the matrices go through shared memory, not through pipes",
        got=f"{seen.bytes_written} bytes were written",
        expected=f"less than {c_bytes // 6}; A has {8 * n * k} bytes, C has {c_bytes}",
        hint="result-pickled" if seen.bytes_written < 1.3 * c_bytes else "matrices-pickled",
    )


@pytest.mark.task("a5_t2", points=1)
def test_nothing_is_left_after_success(student: Student, draw: Draw) -> None:
    a, b = matrices(draw, draw.integer(4, 7), 3, 2)
    spy = SharedSpy()
    _, seen = multiply(student, a, b, 2, spy)
    expect_other_processes(seen, spy, 2, "processes compute")
    expect_nothing_left(seen, "after the call")


@pytest.mark.task("a5_t2", points=2)
@pytest.mark.parametrize("first", [True, False])
def test_nothing_is_left_after_a_failure(student: Student, draw: Draw, first: bool) -> None:
    def fail(start: int, stop: int) -> None:
        if (start == 0) == first:
            raise ValueError("this worker fails")

    a, b = matrices(draw, draw.integer(5, 7), 3, 2)
    with student.watch() as seen:
        good = student.call("shared_matmul", a, b, 2, seen.spy(SharedSpy()))
        expect.close(good, a @ b, what="if no process fails, there is a product", rtol=1e-9)
        began = seen.spy(spy := SharedSpy(fail))
        expect.raises(
            lambda: student.call("shared_matmul", a, b, 2, began),
            what="if a process fails, shared_matmul raises a RuntimeError",
            types=("RuntimeError",),
            hint="failure-hidden",
        )
    expect.true(bool(spy.calls), what="began is called for each chunk", hint="never-called")
    expect.true(
        not seen.segments_left,
        what="after a failure no segment of shared memory is left",
        got=f"{len(seen.segments_left)} left",
        hint="segment-left-by-failure",
    )
    expect_nothing_left(seen, "after a failure")
