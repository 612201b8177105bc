"""Hidden tests of a5_t4: a crew whose processes are known from outside, and a script."""

from __future__ import annotations

import pytest

from autograder.grading import (
    Draw,
    Handle,
    SharedSpy,
    Student,
    StudentRaised,
    Together,
    expect,
)

from .watching import (
    OneIsSlow,
    expect_at_the_same_time,
    expect_nothing_left,
    expect_other_processes,
)

_PATIENCE_S = 20.0


def negative(item: int) -> int:
    """Return -item: what the crew's processes have the grader compute."""
    return -item


def numbers(draw: Draw, count: int) -> list[int]:
    """Draw different numbers in no order."""
    return [int(x) for x in draw.rng.permutation(range(2, 40))[:count]]


def map_or_tell(crew: Handle, function: Handle, items: list[int]) -> object:
    """Call map; name the mistake where something cannot be sent to the crew's processes."""
    try:
        return crew.call("map", function, items)
    except StudentRaised as raised:
        if "pickle" in raised.message:
            expect.true(False, what="map sends only what can be sent", hint="cannot-be-sent")
        raise


@pytest.mark.task("a5_t4", points=2)
def test_map_keeps_the_order(student: Student, draw: Draw) -> None:
    items = numbers(draw, 5)
    with student.watch() as seen:
        crew = student.new("Crew", 2)
        spy = OneIsSlow(items[0], negative)
        got = map_or_tell(crew, seen.spy(spy), items)
        empty = crew.call("map", seen.spy(SharedSpy()), [])
        crew.call("close")
    expect_other_processes(seen, spy, 2, "map calls the function in the crew's processes")
    expect.equal(
        got,
        [-item for item in items],
        what="map returns the results in the order of the items",
        inputs={"items": items, "function": "x -> -x"},
        misconceptions={"order-of-arrival": [*(-item for item in items[1:]), -items[0]]},
    )
    expect.equal(empty, [], what="without items there are no results")


@pytest.mark.task("a5_t4", points=2)
def test_exception_travels_and_the_crew_goes_on(student: Student, draw: Draw) -> None:
    def at_most(limit: int) -> SharedSpy:
        def check(item: int) -> int:
            if item > limit:
                raise ValueError("too large")
            return item

        return SharedSpy(check)

    items = numbers(draw, 4)
    with student.watch() as seen:
        crew = student.new("Crew", 2)
        failing = seen.spy(at_most(max(items) - 1))
        expect.raises(
            lambda: crew.call("map", failing, items),
            what="if the function raises, map raises an exception of the same type",
            types=("RuntimeError",),
            inputs={"items": items},
            hint="exception-lost",
        )
        try:
            again = crew.call("map", seen.spy(at_most(1000)), items)
        except StudentRaised:
            again = "an exception"
        expect.equal(again, items, what="after an exception the crew works as before")
        crew.call("close")


@pytest.mark.task("a5_t4", points=3)
def test_same_processes_work_all_the_time(student: Student, draw: Draw) -> None:
    workers = draw.integer(2, 3)
    with student.watch() as seen:
        crew = student.new("Crew", workers)
        first, second = Together(workers), Together(workers)
        crew.call("map", seen.spy(first), numbers(draw, workers + 2))
        crew.call("as_done", seen.spy(second), numbers(draw, workers + 1))
        crew.call("close")
    for spy in (first, second):
        expect.true(bool(spy.calls), what="the crew calls the function", hint="never-called")
        expect.true(
            seen.home not in spy.processes, what="the crew's processes work", hint="in-notebook"
        )
        expect_at_the_same_time(spy, workers)
    expect.true(
        first.processes == second.processes,
        what="the crew's processes stay the same from call to call",
        got=f"{len(first.processes | second.processes)} processes in two calls",
        expected=workers,
        hint="pool-not-kept",
    )


@pytest.mark.task("a5_t4", points=2)
def test_what_is_done_first_comes_first(student: Student, draw: Draw) -> None:
    items = numbers(draw, 4)
    with student.watch() as seen:
        crew = student.new("Crew", 2)
        got = crew.call("as_done", seen.spy(OneIsSlow(items[0], negative)), items)
        crew.call("close")
    pairs = [tuple(pair) for pair in got] if isinstance(got, list | tuple) else got
    want = [(place, -item) for place, item in enumerate(items)]
    expect.true(
        isinstance(pairs, list) and sorted(pairs, key=repr) == sorted(want, key=repr),
        what="as_done returns a pair (position, result) for each item",
        got=got,
        expected=want,
        inputs={"items": items, "function": "x -> -x"},
        hint="positions-by-arrival" if _by_arrival(pairs, want) else None,
    )
    expect.true(
        pairs[-1] == want[0],
        what="an item that takes longest comes last",
        got=got,
        hint="order-of-items",
        inputs={"items": items, "slow": items[0]},
    )


def _by_arrival(pairs: object, want: list[tuple[int, int]]) -> bool:
    """Say whether the results are right, and counted as they came."""
    if not isinstance(pairs, list) or any(len(pair) != 2 for pair in pairs):
        return False
    results = sorted(repr(pair[1]) for pair in pairs)
    return results == sorted(repr(pair[1]) for pair in want) and [p for p, _ in pairs] == list(
        range(len(want))
    )


@pytest.mark.task("a5_t4", points=1)
def test_start_does_not_wait(student: Student, draw: Draw) -> None:
    items = numbers(draw, 2)
    spy = Together(2)
    with student.watch() as seen:
        crew = student.new("Crew", 2)
        function = seen.spy(spy)
        waiting = [crew.new("start", function, item) for item in items]
        for one in waiting:
            one.call("get")
        crew.call("close")
    expect.true(spy.met, what="start returns at once, so that two calls run together",
                hint="in-notebook" if seen.home in spy.processes else "start-waits")  # fmt: skip
    expect.equal(
        sorted(call.args for call in spy.calls), sorted((x,) for x in items), what="each is called"
    )


@pytest.mark.task("a5_t4", points=1)
def test_close_ends_all_processes(student: Student, draw: Draw) -> None:
    with student.watch() as seen:
        spy = SharedSpy(lambda item: item)
        crew = student.new("Crew", draw.integer(2, 3))
        items = numbers(draw, 3)
        crew.call("map", seen.spy(spy), items)
        pending = OneIsSlow(items[0])
        crew.new("start", seen.spy(pending), items[0])
        crew.call("close")
        waited = pending.let_go.is_set()
        pending.let_go.wait(_PATIENCE_S)
    expect_other_processes(seen, spy, 3, "map calls the function in the crew's processes")
    expect_nothing_left(seen, "after close")
    expect.true(
        waited,
        what="close waits for a call that has begun",
        got="it returned, and the call was still at work",
        hint="closed-too-soon",
    )


@pytest.mark.task("a5_t4", points=3)
def test_script_survives_being_imported(student: Student, draw: Draw) -> None:
    text = student.get("SCRIPT")
    expect.true(
        isinstance(text, str) and bool(text.strip()),
        what="SCRIPT is a program; it is not written yet",
    )
    with student.watch():
        said = student.call("import_script", text)
    expect.true(
        said == "",
        what="imported, the script starts no process and prints nothing",
        got=said,
        hint="missing-main-guard" if isinstance(said, str) else None,
    )
    values = [draw.integer(-9, 9), *numbers(draw, 2)]
    with student.watch() as seen:
        printed = student.call("run_script", text, *values)
    expect.equal(
        printed,
        str([value * value for value in values]),
        what="the script prints the list of the squares of its arguments",
        inputs={"arguments": values},
    )
    # Two spawned processes are sent 2 kB and more to begin with; forked ones and none far less.
    expect.true(
        seen.bytes_written - len(text.encode()) > 1000,
        what="the squares are computed by two spawned processes",
        hint="script-without-spawn",
    )
