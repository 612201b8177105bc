"""Hidden tests of a6_t9, a day at the door: what comes back is counted, and nothing else."""

from __future__ import annotations

import pytest

from autograder.grading import Draw, Server, ServerFailed, Student, expect

from .hidden_traffic import as_text, hostile_requests, is_answered, sound_rows
from .models import Model, artifact_bytes, drawn_model, drawn_rows

FILE = "service.json"
_JSON = {"Content-Type": "application/json"}


def opened(student: Student, draw: Draw) -> tuple[Server, Model]:
    """Start the student's service with a model that nobody has seen."""
    model = drawn_model(draw, (5, 3))
    student.write(FILE, artifact_bytes(model))
    return student.serve("create_service", FILE, settings={"workers": 2}), model


# The thresholds are those of the text. A service that does all that the tasks ask for answers every
# single request rightly, so nothing here depends on what was drawn.
@pytest.mark.task("a6_t9", points=4)
def test_sound_requests_are_answered(student: Student, draw: Draw) -> None:
    server, model = opened(student, draw)
    good, total = 0, 0
    for rows in sound_rows(draw, model):
        total += 1
        good += _is_good(server, model, rows, draw)
        if total - good > 0.1 * total + 10:
            break  # it has failed; what is left would only take time
    expect.true(
        good >= 0.98 * 100,
        what="at least 98 of 100 sound requests are answered with the right probabilities",
        got=f"{good} of {total}",
    )


def _is_good(server: Server, model: Model, rows: object, draw: Draw) -> bool:
    try:
        answer = server.ask("POST", "/predict", body=as_text(model, rows, draw), headers=_JSON)
        return is_answered(answer, model, rows)
    except ServerFailed:
        return False


@pytest.mark.task("a6_t9", points=4)
def test_odd_and_hostile_requests_are_refused(student: Student, draw: Draw) -> None:
    server, model = opened(student, draw)
    refused, missed = 0, []
    for request in hostile_requests(draw, model):
        try:
            answer = request.ask(server)
            good, shown = request.is_refused(answer), f"{answer.status} {answer.text[:60]}"
        except ServerFailed as failure:
            good, shown = False, failure.what
        refused += good
        if not good:
            start = (request.body or b"")[:60]
            missed.append(f"{request.method} {request.path} {start!r} -> {shown}")
        if len(missed) > 20:
            break
    total = refused + len(missed)
    expect.true(
        refused >= 0.95 * total and total > 100,
        what="at least 95 of 100 odd or hostile requests are refused as the tasks ask for",
        got=f"{refused} of {total}; among the others: {missed[:3]}",
    )


@pytest.mark.task("a6_t9", points=2)
def test_clients_that_hang_up_leave_a_service_behind(student: Student, draw: Draw) -> None:
    server, model = opened(student, draw)
    body = as_text(model, drawn_rows(draw, model, 50), draw)
    for _ in range(12):
        leaving = server.begin("POST", "/predict", body=body, headers=_JSON)
        leaving.send(draw.integer(1, leaving.left))
        leaving.hang_up()
    for path, word in (("/health", "alive"), ("/ready", "ready")):
        answer = server.ask("GET", path)
        expect.true(answer.status == 200, what=f"afterwards {path} answers 200", got=answer.status)
        expect.equal(answer.json(), {"status": word}, what=f"afterwards {path} says {word}")
    rows = drawn_rows(draw, model, 4)
    answer = server.ask("POST", "/predict", body=as_text(model, rows, draw), headers=_JSON)
    expect.true(
        is_answered(answer, model, rows),
        what="afterwards sound requests are answered as before",
        got=f"{answer.status} {answer.text[:100]}",
    )
