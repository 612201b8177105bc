"""Hidden tests of a6_t5, settings for gunicorn: they are looked at, and gunicorn runs with them."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.grading import Draw, Server, Student, expect

from .gates import close_gates, until
from .models import artifact_bytes, drawn_model

_DEVELOPMENT = ("reload", "spew", "check_config", "print_config")


def settings_for(student: Student, cores: int, slowest_s: float) -> dict[str, Any]:
    """Return the student's settings."""
    got = student.call("gunicorn_settings", cores, slowest_s)
    expect.true(isinstance(got, dict), what="gunicorn_settings returns a dict", got=got)
    return dict(got)


@pytest.mark.task("a6_t5", points=2)
def test_workers_follow_the_rule_of_thumb(student: Student, draw: Draw) -> None:
    for cores in (draw.integer(2, 6), 1, 7, 8, draw.integer(12, 64)):
        got = settings_for(student, cores, 1.0).get("workers")
        expect.equal(
            got,
            min(2 * cores + 1, 16),
            what="workers is twice the cores and one, at most 16",
            inputs={"cores": cores},
            misconceptions={
                "workers-without-limit": 2 * cores + 1,
                "one-worker-a-core": min(cores, 16),
                "workers-without-the-one": min(2 * cores, 16),
            },
        )


@pytest.mark.task("a6_t5", points=2)
def test_patience_fits_the_slowest_answer(student: Student, draw: Draw) -> None:
    for slowest in (draw.number(0.2, 0.9), draw.number(9.0, 14.0), draw.number(40.0, 90.0), 400.0):
        settings = settings_for(student, 2, slowest)
        for name in ("timeout", "graceful_timeout"):
            got = settings.get(name, 30)  # gunicorn's own
            inputs = {"slowest_s": slowest, "setting": name}
            expect.true(
                type(got) is int, what="timeouts are whole seconds", got=got, inputs=inputs,
                hint="seconds-with-a-fraction" if type(got) is float else None,
            )  # fmt: skip
            expect.true(
                got >= 2 * slowest,
                what="nobody is cut off who is only slow: at least twice the slowest answer",
                got=got,
                inputs=inputs,
                hint="no-timeout" if got == 0 else "default-timeout" if got == 30 else "impatient",
            )
            expect.true(
                got <= max(30, 10 * slowest),
                what="a worker that hangs is noticed: at most ten times the slowest answer, or 30",
                got=got,
                inputs=inputs,
                hint="too-patient",
            )


@pytest.mark.task("a6_t5", points=2)
def test_reload_brings_a_new_artifact_and_loses_nothing(student: Student, draw: Draw) -> None:
    old, new = (drawn_model(draw, version=f"{word}-{draw.integer(1, 99)}") for word in "ab")
    settings = settings_for(student, 1, 2.0)
    student.write("now.json", artifact_bytes(old))
    close_gates(student, "gate")
    server = student.serve("practice_app", "now.json", settings=settings)
    _expect_version(server, old["version"])
    slow = server.begin("GET", "/wait/gate")
    slow.send()
    expect.true(
        until(lambda: student.new("Path", "gate.begun").call("exists") is True),
        what="a request is worked on",
    )
    student.write("now.json", artifact_bytes(new))
    server.signal("HUP")
    expect.true(
        until(lambda: server.ask("GET", "/version").json().get("version") == new["version"]),
        what="after a reload the new artifact answers",
        hint="preloaded",
    )
    student.write("gate", b"")
    answer = slow.answer()
    expect.true(
        answer.status == 200,
        what="a request that was under way when the server reloaded is answered",
        got=answer.status,
    )


def _expect_version(server: Server, version: str) -> None:
    told = server.ask("GET", "/version").json()
    expect.true(
        isinstance(told, dict) and told.get("version") == version,
        what="the server answers with the artifact that it was started with",
        got=told,
    )


@pytest.mark.task("a6_t5", points=1)
def test_stop_lets_requests_end(student: Student, draw: Draw) -> None:
    settings = settings_for(student, 1, 2.0)
    student.write("now.json", artifact_bytes(drawn_model(draw)))
    close_gates(student, "one", "two")
    server = student.serve("practice_app", "now.json", settings=settings)
    slow = [server.begin("GET", f"/wait/{name}") for name in ("one", "two")]
    for exchange, name in zip(slow, ("one", "two"), strict=True):
        exchange.send()
        expect.true(
            until(lambda name=name: student.new("Path", f"{name}.begun").call("exists") is True),
            what="two requests are worked on at the same time",
        )
    server.signal("TERM")
    for name in ("one", "two"):
        student.write(name, b"")
    for exchange in slow:
        expect.true(exchange.answer().status == 200, what="requests under way are answered")
    expect.true(server.wait_end() == 0, what="then the server ends by itself")


@pytest.mark.task("a6_t5", points=1)
def test_nothing_belongs_to_development(student: Student, draw: Draw) -> None:
    settings = settings_for(student, draw.integer(1, 4), 1.0)
    expect.true("workers" in settings, what="workers is among the settings", got=sorted(settings))
    for name in _DEVELOPMENT:
        expect.true(
            not settings.get(name),
            what="no setting of development is on",
            got={name: settings.get(name)},
            hint="development-reload" if name == "reload" else None,
        )
    expect.true(
        settings.get("loglevel", "info") != "debug", what="no setting of development is on",
        got={"loglevel": "debug"},
    )  # fmt: skip
    expect.true("bind" not in settings, what="the address is left to whoever starts the server")
