"""Hidden tests of a6_t6, a server of one's own: it runs, and clients come in a known order.

A request that waits for a file says by another file that it is being worked on. So the tests know
where every request is, without a look at a clock.
"""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from autograder.grading import Draw, Exchange, Server, ServerFailed, Student, expect

from .gates import close_gates, until

GATES = ("first", "second")

_IDLE_S = 0.3
"""A pause in which nobody asks; a server that takes it for the end is wrong."""

_NOTICE_S = 0.7
"""A pause in which a server that drops requests at SIGTERM does so; no right answer needs it."""


def client(server: Server, **wanted: Any) -> Exchange:
    """Connect, and send one line."""
    exchange = server.begin_raw(json.dumps(wanted).encode() + b"\n")
    exchange.send()
    return exchange


def reply(exchange: Exchange) -> str:
    """Return the line that comes back, "" if the server only hangs up."""
    return exchange.lines().decode(errors="replace").removesuffix("\n")


def told(line: str) -> dict[str, Any]:
    """Return what an answer says, {} if it is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def expect_square(line: str, x: int, what: str, hint: str | None = None) -> dict[str, Any]:
    """Expect the square of x; return all that the answer says."""
    answer = told(line)
    good = answer.get("square") == x * x
    expect.true(good, what=what, got=line[:200], inputs={"x": x}, hint=hint)
    return answer


def is_begun(student: Student, server: Server, name: str) -> bool:
    """Wait until a request is being worked on that waits for the file of this name.

    A server that has ended will never begin.
    """

    def begun_or_gone() -> bool:
        begun = student.new("Path", f"{name}.begun").call("exists") is True
        return begun or server.wait_end(0.0) is not None

    return until(begun_or_gone) and server.wait_end(0.0) is None


def start(student: Student, workers: int, waiting: int) -> Server:
    """Start the student's server with the notebook's ``work``; all gates are closed."""
    close_gates(student, *GATES)
    return student.listen("run_server", student.get("work"), workers, waiting)


@pytest.mark.task("a6_t6", points=3)
def test_processes_forked_in_advance_answer(student: Student, draw: Draw) -> None:
    workers = draw.integer(2, 3)
    server = start(student, workers, 2)
    answers = []
    for number, x in enumerate([draw.integer(2, 50) for _ in range(8)]):
        if number == 6:
            time.sleep(_IDLE_S)
        line = reply(client(server, x=x))
        answers.append(expect_square(line, x, "each client gets the answer to its own line"))
    processes = {answer.get("process") for answer in answers}
    expect.true(
        server.pid not in processes,
        what="handle is called in other processes than that of run_server",
        got={"processes that worked": len(processes)},
        hint="handled-by-itself",
    )
    expect.true(
        len(processes) <= workers and max(answer.get("done", 0) for answer in answers) > 1,
        what="there are as many processes as workers, and each works on many requests",
        got={"requests": len(answers), "processes that worked": len(processes)},
        inputs={"workers": workers},
        hint="process-per-request",
    )


@pytest.mark.task("a6_t6", points=2)
def test_workers_work_at_the_same_time(student: Student, draw: Draw) -> None:
    server = start(student, 2, 2)
    slow = client(server, x=draw.integer(2, 9), wait="first")
    expect.true(
        is_begun(student, server, "first"), what="a request is worked on as soon as it comes"
    )
    other = client(server, x=3, wait="second")
    expect.true(
        is_begun(student, server, "second"),
        what="with two workers, a second request is worked on while the first is",
        hint="one-at-a-time",
    )
    for exchange, name in ((other, "second"), (slow, "first")):
        student.write(name, b"")
        good = "square" in told(reply(exchange))
        expect.true(good, what="each of the two is answered as soon as it is done")


@pytest.mark.task("a6_t6", points=1)
def test_requests_are_begun_in_the_order_in_which_they_came(student: Student, draw: Draw) -> None:
    server = start(student, 1, 5)
    numbers = [draw.integer(2, 50) for _ in range(5)]
    clients = [client(server, x=numbers[0], wait="first")]
    expect.true(
        is_begun(student, server, "first"), what="a request is worked on as soon as it comes"
    )
    clients += [client(server, x=x) for x in numbers[1:]]
    student.write("first", b"")
    places = []
    for exchange, x in zip(clients, numbers, strict=True):
        what = "who waits in the queue is answered"
        places.append(expect_square(reply(exchange), x, what, "no-queue").get("done"))
    expect.equal(
        places,
        [1, 2, 3, 4, 5],
        what="one worker works on requests in the order in which they came",
        misconceptions={"last-come-first-served": [1, 5, 4, 3, 2]},
    )


@pytest.mark.task("a6_t6", points=2)
@pytest.mark.parametrize("waiting", [2, 0])
def test_a_full_queue_says_busy_at_once(student: Student, waiting: int, draw: Draw) -> None:
    server = start(student, 1, waiting)
    x = draw.integer(2, 50)
    for gate in GATES:
        inside = [client(server, x=x, wait=gate)]
        again = gate != GATES[0]
        expect.true(
            is_begun(student, server, gate),
            what="when there is a place again, a request is taken again"
            if again
            else "a request is worked on as soon as it comes",
            hint="places-lost" if again else None,
        )
        inside += [client(server, x=x) for _ in range(waiting)]
        for _ in range(2):  # the queue is full now, and nobody leaves it before the gate opens
            expect.equal(
                _reply_soon(student, gate, client(server, x=x)),
                "busy",
                what="who finds all workers at work and the queue full gets the line busy",
                inputs={"workers": 1, "waiting": waiting},
                misconceptions={
                    "hangs-up-on-the-rest": "",
                },
            )
        student.write(gate, b"")
        for exchange in inside:
            what = "who was taken is answered, also if others were sent away meanwhile"
            expect_square(reply(exchange), x, what, "busy-too-early")


def _reply_soon(student: Student, gate: str, exchange: Exchange) -> str:
    """Return the line that comes while the gate is closed, or after it was opened."""
    try:
        return reply(exchange)
    except ServerFailed:  # nothing came: it waits in a queue that should be full
        student.write(gate, b"")
        expect.true(
            False,
            what="who finds all workers at work and the queue full gets the line busy at once",
            hint="queue-without-bound",
        )
        raise


@pytest.mark.task("a6_t6", points=2)
def test_a_worker_that_dies_costs_one_request(student: Student, draw: Draw) -> None:
    server = start(student, 1, 3)
    x = draw.integer(2, 50)
    before = expect_square(reply(client(server, x=x)), x, "a sound line is answered")
    expect.equal(
        reply(server.begin_raw(b"this is no JSON\n")),
        "failed",
        what="where handle raises, the client gets the line failed",
        misconceptions={"client-left-alone": ""},
    )
    after = expect_square(reply(client(server, x=x)), x, "after that the server goes on")
    expect.true(
        before.get("process") == after.get("process"),
        what="an exception does not cost the process in which it was raised",
        hint="process-lost-by-exception",
    )
    for _ in range(2):
        expect.equal(
            reply(client(server, x=1, die=True)),
            "failed",
            what="where the process dies, the client gets the line failed",
            misconceptions={"client-left-alone": ""},
        )
        line = reply(client(server, x=x))
        what = "a process that died is replaced, and the server goes on"
        expect_square(line, x, what, "worker-not-replaced")


@pytest.mark.task("a6_t6", points=1)
@pytest.mark.parametrize("workers", [1, 2])
def test_stop_finishes_what_was_accepted(student: Student, workers: int, draw: Draw) -> None:
    server = start(student, workers, 2)
    gates = GATES[:workers]
    numbers = [draw.integer(2, 50) for _ in range(workers + 2)]
    working = []
    for gate, x in zip(gates, numbers, strict=False):
        working.append((client(server, x=x, wait=gate), x))
        expect.true(
            is_begun(student, server, gate),
            what="a request is worked on as soon as it comes, by each worker",
            hint="one-at-a-time" if gate == "second" else None,
        )
    waiting = [(client(server, x=x), x) for x in numbers[workers:]]
    # One more, which is only answered when those before it were accepted.
    turned_away = _reply_soon(student, gates[0], client(server, x=1))
    expect.equal(turned_away, "busy", what="a full queue says busy")
    server.signal("TERM")
    processes = []
    for gate, answered in zip(gates, ([working[0], *waiting], working[1:]), strict=False):
        what = "after SIGTERM, what is worked on and what waits is finished and answered"
        expect.true(server.wait_end(_NOTICE_S) is None, what=what, hint="stop-drops-requests")
        student.write(gate, b"")
        for exchange, x in answered:
            answer = expect_square(reply(exchange), x, what, "stop-drops-requests")
            processes.append(answer.get("process"))
    expect.true(
        server.wait_end() == 0, what="then run_server returns", hint="stop-that-does-not-end"
    )
    expect.true(
        all(isinstance(one, int) for one in processes)
        and until(lambda: _are_gone(student, server, processes)),
        what="no process is left behind",
        hint="processes-left-behind",
    )


def _are_gone(student: Student, server: Server, processes: list[int]) -> bool:
    """Look whether processes are gone; who has ended and was not waited for is, after a look."""
    server.wait_end()
    return all(student.new("Path", f"/proc/{one}").call("exists") is False for one in processes)


@pytest.mark.task("a6_t6", points=1)
def test_clients_that_hang_up_disturb_nobody(student: Student, draw: Draw) -> None:
    server = start(student, 1, 3)
    x = draw.integer(2, 50)
    expect_square(reply(client(server, x=x)), x, "a sound line is answered")
    for _ in range(4):
        server.begin_raw(b"").hang_up()
        expect_square(
            reply(client(server, x=x)),
            x,
            "a client that leaves without a word disturbs nobody",
            "hang-up-ends-the-server",
        )
        impatient = client(server, x=1, wait="first")
        expect.true(is_begun(student, server, "first"), what="a request is worked on")
        impatient.hang_up()
        student.write("first", b"")
        expect_square(
            reply(client(server, x=x)),
            x,
            "a client that leaves before it was answered disturbs nobody",
            "hang-up-ends-the-server",
        )
        close_gates(student, *GATES)
