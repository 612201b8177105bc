"""Hidden tests of a6_t3, the application: it runs under gunicorn and is asked from outside."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autograder.grading import Answer, Draw, Student, expect

from .models import Model, artifact_bytes, as_rows, drawn_model, drawn_rows, probabilities
from .requests import expect_error, expect_probabilities, predict

FILE = "served.json"


@pytest.mark.task("a6_t3", points=3)
def test_answers_are_those_of_the_model(student: Student, draw: Draw) -> None:
    model = drawn_model(draw, (draw.integer(2, 4),))
    student.write(FILE, artifact_bytes(model))
    server = student.serve("create_app", FILE)
    for count in (draw.integer(4, 9), 1, 100):
        rows = drawn_rows(draw, model, count)
        right = probabilities(model, rows)
        raw = {**model, "mean": 0 * model["mean"], "scale": 0 * model["scale"] + 1}
        expect_probabilities(
            predict(server, model, rows),
            model,
            rows,
            what="the probabilities are those that the model gives to the same rows outside of "
            "the service",
            misconceptions={
                "class-for-probability": np.round(right),
                "probabilities-rounded": np.round(right, 4),
                "probabilities-in-percent": 100 * right,
                "raw-readings": probabilities(raw, rows),
            },
            failing="numpy-is-no-json",
        )


@pytest.mark.task("a6_t3", points=2)
def test_row_gets_the_same_answer_alone_and_among_others(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    student.write(FILE, artifact_bytes(model))
    server = student.serve("create_app", FILE)
    rows = drawn_rows(draw, model, draw.integer(3, 6))
    by_place = rows[:, ::-1]
    alone = rows - rows.mean(axis=0) + model["mean"]
    wrong = {
        "keys-as-they-come": probabilities(model, by_place),
        "measured-anew": probabilities({**model, "scale": rows.std(axis=0)}, alone),
    }
    names = model["features"]
    turned = [{name: row[name] for name in reversed(names)} for row in as_rows(model, rows)]
    answer = server.ask("POST", "/predict", json={"rows": turned})
    expect_probabilities(
        answer, model, rows, what="the order of the keys makes no difference", misconceptions=wrong
    )
    for number in range(len(rows)):
        one = rows[number : number + 1]
        expect_probabilities(
            predict(server, model, one, draw),
            model,
            one,
            what="a row alone gets the answer that it gets among others",
        )


@pytest.mark.task("a6_t3", points=3)
def test_artifact_is_read_once(student: Student, draw: Draw) -> None:
    model, other = (drawn_model(draw, version=f"v{k}-{draw.integer(1, 99)}") for k in (1, 2))
    other["features"] = model["features"]
    other["mean"], other["scale"] = model["mean"] + 1.0, model["scale"]
    width = len(model["features"])
    other["layers"] = [(-w[:width], -b) for w, b in model["layers"]]
    student.write(FILE, artifact_bytes(model))
    server = student.serve("create_app", FILE)
    what = "the artifact is read when the application is made, and not again for requests"
    rows = drawn_rows(draw, model, 3)
    expect_probabilities(
        predict(server, model, rows), model, rows, what="the artifact at the path is the one served"
    )
    for content in (artifact_bytes(model), artifact_bytes(other), b"{", None):
        student.write(FILE, content)
        answer = predict(server, model, rows)
        told = answer.json() if answer.status == 200 else {}
        expect.true(
            isinstance(told, dict) and told.get("version") == model["version"],
            what=what,
            got=f"{answer.status} {answer.text[:200]}",
            inputs={"the file meanwhile": "gone" if content is None else content[:60]},
            hint="loaded-per-request" if _is_of_another_file(answer, other) else None,
        )
        expect_probabilities(answer, model, rows, what=what)


def _is_of_another_file(answer: Answer, other: Model) -> bool:
    """Whether an answer is that of a file that has come meanwhile, or fails for lack of one."""
    return answer.status != 200 or str(other["version"]) in answer.text


@pytest.mark.task("a6_t3", points=2)
def test_requests_do_not_cross(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    student.write(FILE, artifact_bytes(model))
    settings = {"worker_class": "gthread", "threads": 3}
    server = student.serve("create_app", FILE, settings=settings)
    rows = drawn_rows(draw, model, 2)
    alone = predict(server, model, rows)
    expect_probabilities(alone, model, rows, what="a request alone is answered for its own rows")
    for _ in range(3):
        first, second = (drawn_rows(draw, model, draw.integer(2, 5)) for _ in range(2))
        body = {"rows": as_rows(model, first)}
        slow = server.begin("POST", "/predict", json=body)
        slow.send(slow.left - draw.integer(5, 20))
        quick = predict(server, model, second)
        what = "each request is answered for its own rows, whatever arrives in the meantime"
        expect.true(
            quick.status == 200 and _count(quick.body) == len(second),
            what=what,
            got=f"{quick.status} {quick.text[:200]}",
            inputs={"rows": len(second)},
            hint="shared-between-requests",
        )
        expect_probabilities(quick, model, second, what=what)
        slowly = slow.answer()
        expect.true(
            slowly.status == 200 and _count(slowly.body) == len(first),
            what=what,
            got=f"{slowly.status} {slowly.text[:200]}",
            inputs={"rows": len(first), "rows of the other": len(second)},
            hint="shared-between-requests",
        )
        expect_probabilities(
            slowly, model, first, what=what,
            misconceptions={"shared-between-requests": lambda: probabilities(model, second)},  # noqa: B023
        )  # fmt: skip


def _count(body: bytes) -> int | None:
    """Return how many probabilities an answer holds."""
    try:
        told = json.loads(body)
        return len(told["probabilities"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


@pytest.mark.task("a6_t3", points=2)
def test_refusals_are_told_as_json(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    student.write(FILE, artifact_bytes(model))
    server = student.serve("create_app", FILE)
    rows = as_rows(model, drawn_rows(draw, model, 2))
    name = draw.choice(model["features"])
    lacking = [rows[0], {key: value for key, value in rows[1].items() if key != name}]
    text = [{**rows[0], name: "hot"}]
    cases = (
        (400, b'{"rows": [', "half a body"),
        (422, b'{"rows": []}', "no rows"),
        (422, json.dumps({"rows": lacking}).encode(), f"a row without {name}"),
        (422, json.dumps({"rows": text}).encode(), f'{name} is "hot"'),
        (413, json.dumps({"rows": rows * 51}).encode(), "102 rows"),
    )
    for status, body, asked in cases:
        answer = server.ask(
            "POST", "/predict", body=body, headers={"Content-Type": "application/json"}
        )
        hint = "refusal-not-answered" if answer.status >= 500 else None
        expect_error(answer, (status,), asked=asked, hint=hint)
    again = drawn_rows(draw, model, 2)
    expect_probabilities(
        predict(server, model, again), model, again, what="after refusals the service goes on"
    )
