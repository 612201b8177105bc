"""A day of traffic: sound requests, odd ones and hostile ones, each with what it must get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.grading import Answer, Draw, Server

from .models import Array, Model, as_rows, drawn_rows, probabilities
from .requests import error_of

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Hostile:
    """A request that must be refused: with one of these statuses, all 4xx if there is none."""

    method: str
    path: str
    body: bytes | None
    statuses: tuple[int, ...]

    def ask(self, server: Server) -> Answer:
        """Send it."""
        return server.ask(self.method, self.path, body=self.body, headers=_JSON)

    def is_refused(self, answer: Answer) -> bool:
        """Whether the answer is the refusal that it deserves."""
        allowed = self.statuses or tuple(range(400, 500))
        return answer.status in allowed and bool(error_of(answer).strip())


def sound_rows(draw: Draw, model: Model) -> Iterator[Array]:
    """Yield rows of sound requests: few and many, whole numbers, far out."""
    for number in range(100):
        rows = drawn_rows(draw, model, int(draw.rng.choice([1, 2, 3, 7, 100])))
        if number % 5 == 1:
            rows = np.round(rows)
        if number % 10 == 3:
            rows[0, 0] = draw.choice([1e6, -1e6, 0.0])
        yield rows


def is_answered(answer: Answer, model: Model, rows: Array) -> bool:
    """Whether a sound request got what it deserves."""
    if answer.status != 200:
        return False
    told = answer.json()
    if not isinstance(told, dict) or told.get("version") != model["version"]:
        return False
    got = told.get("probabilities")
    if not isinstance(got, list) or not all(type(one) in (int, float) for one in got):
        return False
    want = probabilities(model, rows)
    return len(got) == len(want) and bool(np.allclose(got, want, rtol=1e-5, atol=1e-6))


def as_text(model: Model, rows: Array, draw: Draw) -> bytes:
    """Write a sound request: keys in any order, whole numbers without a point, odd spaces."""
    named = as_rows(model, rows, draw)
    plain = [{key: int(v) if v == int(v) else v for key, v in row.items()} for row in named]
    return json.dumps({"rows": plain}, indent=draw.choice([None, 1, 4])).encode()


def hostile_requests(draw: Draw, model: Model) -> Iterator[Hostile]:
    """Yield a hundred requests that must be refused."""
    for _ in range(5):
        yield from _bad_bodies(draw, model)
    for method, path, statuses in (
        ("GET", "/predict", (405,)), ("DELETE", "/predict", (405,)), ("PUT", "/predict", (405,)),
        ("POST", "/health", (405,)), ("GET", "/", (404,)), ("GET", "/../etc/passwd", ()),
        ("GET", "/predict/1", (404,)), ("POST", "/Predict", (404,)),
    ):  # fmt: skip
        yield Hostile(method, path, None, statuses)
    for size in (1 << 21, 3 << 20):
        yield Hostile("POST", "/predict", b'{"rows": "' + b"a" * size + b'"}', (413,))


def _bad_bodies(draw: Draw, model: Model) -> Iterator[Hostile]:
    rows = as_rows(model, drawn_rows(draw, model, 3))
    name = draw.choice(model["features"])
    whole = json.dumps({"rows": rows}).encode()
    for body in (b"", whole[:-4], b"\xff\x00" + whole, b"rows=1&x=2", b"[" * 50_000):
        yield Hostile("POST", "/predict", body, (400,))
    for value in ([], {}, {"rows": []}, {"rows": {}}, {"rows": [1]}, None):
        yield Hostile("POST", "/predict", json.dumps(value).encode(), (422,))
    for text in ('"12"', "null", "true", "NaN", "1e999", "[1]"):
        sent = [{**rows[0], name: "HERE"}]
        body = json.dumps({"rows": sent}).replace('"HERE"', text).encode()
        yield Hostile("POST", "/predict", body, (422,))
    lacking = [{key: value for key, value in rows[0].items() if key != name}]
    for sent in (lacking, [{**rows[0], "rust": 1.0}]):
        yield Hostile("POST", "/predict", json.dumps({"rows": sent}).encode(), (422,))
    yield Hostile("POST", "/predict", json.dumps({"rows": rows * 40}).encode(), (413,))
