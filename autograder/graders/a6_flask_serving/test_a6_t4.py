"""Hidden tests of a6_t4, a guard at the door: a practice application behind it, under gunicorn."""

from __future__ import annotations

import pytest

from autograder.grading import Draw, Server, Student, expect

from .requests import expect_error

_MIB = 1 << 20


def guarded(student: Student) -> Server:
    """Start the practice application behind the student's guard."""
    return student.serve("guarded_practice", "is.ready")


def expect_status(server: Server, path: str, status: int, word: str, hint: str) -> None:
    """Expect this status, and the word under "status"."""
    answer = server.ask("GET", path)
    expect.true(
        answer.status == status,
        what=f"GET {path} answers {status} when the service is {word}",
        got=f"{answer.status} {answer.text[:200]}",
        hint=hint if answer.status in (200, 500, 503) else None,
    )
    expect.equal(answer.json(), {"status": word}, what=f"GET {path} says what the text asks for")


@pytest.mark.task("a6_t4", points=2)
def test_alive_is_not_ready(student: Student) -> None:
    server = guarded(student)
    for content, status, word in (
        (None, 503, "not ready"),
        (b"", 200, "ready"),
        (None, 503, "not ready"),
        (b"", 200, "ready"),
    ):
        student.write("is.ready", content)
        expect_status(server, "/health", 200, "alive", "health-is-readiness")
        expect_status(server, "/ready", status, word, "readiness-asked-once")
    moody = student.serve("moody_practice")
    expect_status(moody, "/ready", 503, "not ready", "readiness-that-raises")
    expect_status(moody, "/health", 200, "alive", "health-is-readiness")


@pytest.mark.task("a6_t4", points=2)
def test_errors_of_the_client_are_json(student: Student, draw: Draw) -> None:
    server = guarded(student)
    server_json = {"Content-Type": "application/json"}
    unknown = f"/nowhere{draw.integer(1, 999)}"
    expect_error(server.ask("GET", unknown), (404,), asked=f"GET {unknown}")
    expect_error(server.ask("GET", "/square"), (405,), asked="GET /square")
    expect_error(server.ask("DELETE", "/break"), (405,), asked="DELETE /break")
    half = server.ask("POST", "/square", body=b'{"x": ', headers=server_json)
    expect_error(half, (400,), asked="POST /square with half a body")
    form = server.ask("POST", "/square", body=b"x=3")
    expect_error(form, (400, 415), asked="POST /square with a form")
    refused = server.ask("GET", "/refuse")
    hint = "refusal-not-answered" if refused.status >= 500 else None
    expect_error(
        refused, (418,), asked="GET /refuse", hint=hint, words="this pot makes coffee only"
    )


@pytest.mark.task("a6_t4", points=2)
def test_our_own_mistakes_are_told_without_a_word_about_them(student: Student, draw: Draw) -> None:
    server = guarded(student)
    bad = {"x": [draw.integer(1, 9)]}
    for asked, answer in (
        ("GET /break", server.ask("GET", "/break")),
        ("POST /square with a list for x", server.ask("POST", "/square", json=bad)),
        ("POST /square without x", server.ask("POST", "/square", json={"y": 1})),
    ):
        shown = answer.text
        for word, hint in (
            ("Debugger", "debugger-shown"),
            ("Traceback", "traceback-shown"),
            (".py", "traceback-shown"),
            ("heron", "reason-shown"),
            ("unsupported operand", "reason-shown"),
            ("RuntimeError", "reason-shown"),
        ):
            expect.true(
                word not in shown,
                what="an error of ours shows nothing of itself to the client",
                got=shown[:200],
                inputs={"request": asked},
                hint=hint,
            )
        statuses = (400, 500) if "without x" in asked else (500,)
        expect_error(answer, statuses, asked=asked, hint="not-500")


@pytest.mark.task("a6_t4", points=1)
def test_large_bodies_are_refused(student: Student, draw: Draw) -> None:
    server = guarded(student)
    small = b'{"x": 3, "rest": "' + b"a" * (_MIB - 1000) + b'"}'
    headers = {"Content-Type": "application/json"}
    taken = server.ask("POST", "/square", body=small, headers=headers)
    expect.true(
        taken.status == 200,
        what="a body of less than 1 MiB is taken",
        got=f"{taken.status} {taken.text[:200]}",
        hint="limit-too-low",
    )
    for size in (_MIB + draw.integer(100, 9000), 3 * _MIB):
        body = b'{"x": 3, "rest": "' + b"a" * size + b'"}'
        answer = server.ask("POST", "/square", body=body, headers=headers)
        hint = "no-limit" if answer.status == 200 else None
        expect_error(answer, (413,), asked=f"POST /square with {len(body)} bytes", hint=hint)


@pytest.mark.task("a6_t4", points=1)
def test_what_answered_well_answers_as_before(student: Student, draw: Draw) -> None:
    server = guarded(student)
    for x in (draw.integer(2, 9), -3, 0):
        answer = server.ask("POST", "/square", json={"x": x})
        expect.true(
            answer.status == 200,
            what="what was answered before is answered still",
            got=answer.status,
        )
        expect.equal(answer.json(), {"square": x * x}, what="the answer is the same as before")
        server.ask("GET", "/break")
    version = server.ask("GET", "/version")
    expect.true(version.status == 200, what="every address of the application is still there")
