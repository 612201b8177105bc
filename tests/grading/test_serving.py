"""Real servers of students, in the sandbox, asked from outside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from autograder.grading import Draw, Server, ServerFailed, Student, StudentFault
from autograder.grading.engine import Engine
from autograder.grading.judge import Judge
from autograder.kernels import Budget, serving
from autograder.outcomes import Outcome
from autograder.settings import Settings

APP = """
import os, time
from pathlib import Path
from flask import Flask, request


def create_app(greeting):
    app = Flask("tiny")

    @app.get("/hello")
    def hello():
        return {"says": greeting, "pid": os.getpid()}

    @app.post("/double")
    def double():
        return {"doubled": 2 * request.get_json()["x"]}

    @app.get("/gate")
    def gate():
        while not Path("open").exists():
            time.sleep(0.002)
        return {"passed": True}

    @app.get("/crash")
    def crash():
        os._exit(3)

    @app.get("/spin")
    def spin():
        while True:
            pass

    @app.get("/flood")
    def flood():
        return b"x" * (2 << 20)

    @app.get("/nan")
    def nan():
        return "NaN"

    return app


def broken_app():
    raise ValueError("no weights here")


def echo(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(connection.recv(100).upper())


def forget(listener):
    kept = []
    while True:
        kept.append(listener.accept())


def doze(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            for _ in range(20):
                time.sleep(0.1)
            connection.sendall(b"late")


def hidden_process(listener):
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
    listener.accept()
"""


@pytest.fixture
def student(engine: Engine, fast_settings: Settings) -> Iterator[Student]:
    """A notebook with servers in it, run in the sandbox."""
    process = engine.launch(1, {}, Budget(120), fast_settings)
    assert process.run_cell(APP, lambda kind, content: None).success
    student = Student(lambda task: process.copy(7, []))
    yield student
    student.restart()
    process.close()
    engine.clean()


def test_application_answers_over_the_passed_socket(student: Student) -> None:
    server = student.serve("create_app", "good morning")
    answer = server.ask("GET", "/hello")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["says"] == "good morning"
    assert server.ask("POST", "/double", json={"x": 21}).json() == {"doubled": 42}
    assert server.ask("GET", "/elsewhere").status == 404
    assert server.ask("POST", "/double", body=b"{").status == 415


def test_two_workers_answer_while_one_waits(student: Student) -> None:
    server = student.serve("create_app", "x", settings={"workers": 2})
    waiting = server.begin("GET", "/gate")
    waiting.send()
    for _ in range(5):
        assert server.ask("GET", "/hello").status == 200
    student.write("open", b"")
    assert waiting.answer().json() == {"passed": True}


def test_stop_lets_a_request_in_flight_end(student: Student) -> None:
    server = student.serve("create_app", "x")
    waiting = server.begin("GET", "/gate")
    waiting.send()
    time.sleep(0.2)
    server.signal("TERM")
    student.write("open", b"")
    assert waiting.answer().json() == {"passed": True}
    assert server.wait_end() == 0
    with pytest.raises(ServerFailed, match="gone"):
        server.ask("GET", "/hello")


def test_reload_brings_new_workers(student: Student) -> None:
    server = student.serve("create_app", "x")
    before = server.ask("GET", "/hello").json()["pid"]
    server.signal("HUP")
    for _ in range(200):
        if server.ask("GET", "/hello").json()["pid"] != before:
            break
        time.sleep(0.01)
    else:
        pytest.fail("the old worker still answers")


def test_application_that_cannot_be_made_is_told_with_its_words(student: Student) -> None:
    with pytest.raises(ServerFailed, match="no weights here") as caught:
        student.serve("broken_app")
    assert "no weights" not in caught.value.without_arguments


def test_missing_function_is_a_missing_name(student: Student) -> None:
    with pytest.raises(StudentFault, match="does not define `make_app`"):
        student.serve("make_app")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/crash", "without a whole answer"),
        ("/spin", "stopped after"),
        ("/flood", "longer than"),
    ],
)
def test_bad_ends_of_a_request_are_told(student: Student, path: str, told: str) -> None:
    server = student.serve("create_app", "x")
    with pytest.raises(ServerFailed, match=told):
        server.ask("GET", path)


def test_nan_is_not_json(student: Student) -> None:
    server = student.serve("create_app", "x")
    with pytest.raises(ServerFailed, match="not JSON"):
        server.ask("GET", "/nan").json()


def test_bytes_that_are_no_http_and_clients_that_leave(student: Student) -> None:
    server = student.serve("create_app", "x")
    assert server.begin_raw(b"\x00\xff no http\r\n\r\n").answer().status == 400
    slow = server.begin("POST", "/double", json={"x": 1})
    slow.send(20)
    slow.hang_up()
    assert server.ask("GET", "/hello").status == 200


def test_whoever_waits_for_nothing_is_not_waited_for(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_STILL_LOOKS", 4)
    with pytest.raises(ServerFailed, match="none of its processes works"):
        student.listen("forget").begin_raw(b"abc").lines()
    assert student.listen("doze").begin_raw(b"abc").lines() == b"late"


def test_own_server_gets_the_socket(student: Student) -> None:
    server = student.listen("echo")
    assert server.begin_raw(b"abc").lines() == b"ABC"
    server.signal("TERM")
    assert server.wait_end() == -15


def test_a_restart_ends_servers_workers_and_what_they_hid(student: Student, engine: Engine) -> None:
    application = student.serve("create_app", "x", settings={"workers": 2})
    own = student.listen("hidden_process")
    folders = [Path(server._path).parent for server in (application, own)]
    assert all(folder.exists() for folder in folders)
    student.restart()
    engine.clean()
    assert not any(folder.exists() for folder in folders)
    parent = engine._parent
    assert parent is not None
    left = [
        process
        for process in psutil.Process(parent._process.pid).children(recursive=True)
        if "warm_parent" not in " ".join(process.cmdline())
    ]
    assert not left, left


@pytest.mark.parametrize(
    "start", [lambda student: student.serve("create_app", "x"), lambda s: s.listen("echo")]
)
def test_without_namespaces_tests_that_start_servers_are_deferred(
    student: Student,
    engine: Engine,
    start: Callable[[Student], Server],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parent = engine._parent
    assert parent is not None
    monkeypatch.setattr(parent, "confinement", replace(parent.confinement, tier="T4"))
    judge = Judge(student, Draw(0), b"secret", ("tiny",))
    verdict = judge.decide(lambda: start(student), "test_that_serves")
    assert verdict.outcome is Outcome.DEFERRED
    assert "neither lost nor won" in verdict.message


def test_no_descriptor_is_left_on_this_side(student: Student) -> None:
    def once() -> None:
        server = student.serve("create_app", "x")
        server.ask("GET", "/hello")
        student.restart()

    once()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        once()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
