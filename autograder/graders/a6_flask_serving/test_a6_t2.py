"""Hidden tests of a6_t2, what a stranger may send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, StudentRaised, expect

from .models import as_rows, drawn_model, drawn_rows


def expect_refused(
    student: Student,
    body: bytes,
    features: Sequence[str],
    status: int,
    *,
    names: Sequence[str] = (),
    hint: str | None = None,
    status_hint: str = "one-status-for-all",
    most_rows: int = 100,
) -> None:
    """Expect Refused with this status, and with these words in its reason."""
    shown = {"body": body[:200], "features": list(features), "most_rows": most_rows}
    refusal = None
    try:
        got = student.call("rows_of", body, list(features), most_rows)
    except StudentRaised as raised:
        if raised.type_name == "NotImplementedError" or raised.not_allowed:
            raise
        refusal, got = raised, f"{raised.type_name}: {raised.message}"
    expect.true(
        refusal is not None,
        what="what is wrong with a body is told by raising Refused",
        got=got,
        expected=f"Refused({status}, ...)",
        inputs=shown,
        hint=hint if isinstance(got, np.ndarray | list) else None,
    )
    assert refusal is not None
    expect.true(
        refusal.type_name == "Refused",
        what="whatever the body is, rows_of raises nothing but Refused",
        got=got,
        expected=f"Refused({status}, ...)",
        inputs=shown,
        hint=hint or "other-exceptions",
    )
    expect.true(
        refusal.message.startswith(f"{status} "),
        what="the refusal has the status that the text asks for",
        got=got,
        expected=f"Refused({status}, ...)",
        inputs=shown,
        hint=status_hint,
    )
    reason = refusal.message[len(f"{status} ") :]
    for name in names:
        expect.true(
            name in reason,
            what="the reason names what is wrong and in which row, so that it can be mended",
            got=reason,
            expected=f"a sentence with {name}",
            inputs=shown,
            hint="reason-without-a-place",
        )
    expect.true(bool(reason.strip()), what="the reason is a sentence", got=reason, inputs=shown)


@pytest.mark.task("a6_t2", points=2)
def test_rows_become_columns_in_the_order_of_the_features(student: Student, draw: Draw) -> None:
    for count in (draw.integer(2, 6), 1):
        model = drawn_model(draw)
        features = model["features"]
        rows = drawn_rows(draw, model, count)
        rows[0, 0] = 7.0
        named = as_rows(model, rows, draw)
        named = [{key: row[key] for key in [*list(row)[1:], next(iter(row))]} for row in named]
        named[0] = {key: named[0][key] for key in reversed(features)}
        named[0][features[0]] = 7  # a whole number is a number
        first = np.array([list(row.values()) for row in named], dtype=float)
        by_name = np.array([[row[key] for key in sorted(row)] for row in named], dtype=float)
        got = student.call("rows_of", json.dumps({"rows": named, "from": "me"}).encode(), features)
        expect.close(
            got,
            rows,
            what="the columns are in the order of features, whatever the order of the keys",
            inputs={"rows": named, "features": features},
            misconceptions={"keys-as-they-come": first, "keys-by-alphabet": by_name},
            rtol=1e-12,
        )
        expect.true(
            isinstance(got, np.ndarray) and got.dtype == np.float64,
            what="a float64 array is returned",
            got=got,
            hint="not-float64",
        )


@pytest.mark.task("a6_t2", points=1)
def test_bytes_that_are_no_json_are_refused_with_400(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    whole = json.dumps({"rows": as_rows(model, drawn_rows(draw, model, 2))}).encode()
    got = student.call("rows_of", whole, model["features"])
    expect.true(np.shape(got) == (2, len(model["features"])), what="a sound body is taken", got=got)
    latin = whole.replace(b'"rows"', b'"r\xf6ws"')
    deep = b"[" * 100_000
    for body in (
        b"",
        whole[: draw.integer(3, len(whole) - 1)],
        b"rows=1",
        latin,
        b"\xff\xfe",
        deep,
    ):
        hint = "depth-forgotten" if body is deep else None
        expect_refused(student, body, model["features"], 400, hint=hint)


@pytest.mark.task("a6_t2", points=1)
def test_json_without_a_list_of_rows_is_refused_with_422(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    row = as_rows(model, drawn_rows(draw, model, 1))[0]
    for value in ([row], row, {"row": [row]}, {"rows": row}, {"rows": "all"}, {"rows": None},
                  "rows", 3, None, True):  # fmt: skip
        expect_refused(student, json.dumps(value).encode(), model["features"], 422)
    expect_refused(student, b'{"rows": []}', model["features"], 422, hint="empty-accepted")


@pytest.mark.task("a6_t2", points=1)
def test_more_rows_than_allowed_are_refused_with_413(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    most = draw.integer(3, 8)
    for count in (most, most - 1):
        rows = drawn_rows(draw, model, count)
        body = json.dumps({"rows": as_rows(model, rows)}).encode()
        expect.close(
            student.call("rows_of", body, model["features"], most),
            rows,
            what="as many rows as are allowed are taken",
            inputs={"rows": count, "most_rows": most},
            rtol=1e-12,
        )
    many = as_rows(model, drawn_rows(draw, model, most + 1))
    for rows_sent in (many, [None] * (most + 1), many * 40):
        expect_refused(
            student, json.dumps({"rows": rows_sent}).encode(), model["features"], 413,
            most_rows=most, hint="too-many-accepted", status_hint="too-many-accepted",
        )  # fmt: skip
    default = as_rows(model, drawn_rows(draw, model, 101))
    body = json.dumps({"rows": default[:100]}).encode()
    got = student.call("rows_of", body, model["features"])
    expect.true(np.shape(got)[:1] == (100,), what="by default a hundred rows are taken", got=got)
    over = json.dumps({"rows": default}).encode()
    expect.raises(
        lambda: student.call("rows_of", over, model["features"]),
        what="by default a hundred and one rows are refused",
        types=("Refused",),
    )


@pytest.mark.task("a6_t2", points=1)
def test_row_with_other_keys_is_refused_and_the_key_named(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    features = model["features"]
    at = draw.integer(1, 3)
    for kind in ("missing", "stranger", "misspelt"):
        rows = as_rows(model, drawn_rows(draw, model, 4))
        name = draw.choice(features)
        hint = None
        if kind != "stranger":
            del rows[at][name]
        if kind == "stranger":
            name, hint = "rust", "strangers-accepted"
            rows[at]["rust"] = 1.0
        if kind == "misspelt":
            rows[at][f"{name}s"] = 1.0
        body = json.dumps({"rows": rows}).encode()
        expect_refused(student, body, features, 422, names=[name, str(at)], hint=hint)
    for odd in (None, 3, "row", [1.0, 2.0]):
        rows = as_rows(model, drawn_rows(draw, model, 2))
        expect_refused(student, json.dumps({"rows": [rows[0], odd]}).encode(), features, 422)


VALUES: dict[str, tuple[str, str]] = {
    '"72"': ("a text", "text-cast"),
    '"hot"': ("a text", "other-exceptions"),
    "null": ("null", "other-exceptions"),
    "true": ("true", "true-is-one"),
    "false": ("false", "true-is-one"),
    "[1.0]": ("a list", "other-exceptions"),
    "{}": ("an object", "other-exceptions"),
    "NaN": ("NaN", "nan-accepted"),
    "Infinity": ("Infinity", "nan-accepted"),
    "-Infinity": ("-Infinity", "nan-accepted"),
    "1e999": ("1e999", "nan-accepted"),
    "-1e999": ("-1e999", "nan-accepted"),
    "1" + "0" * 400: ("a whole number of 401 digits", "other-exceptions"),
}


@pytest.mark.task("a6_t2", points=2)
def test_values_that_are_no_finite_numbers_are_refused(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    features = model["features"]
    rows = as_rows(model, drawn_rows(draw, model, 4))
    at, name = draw.integer(1, 3), draw.choice(features)
    for value, (_, hint) in VALUES.items():
        sent: list[dict[str, Any]] = [dict(row) for row in rows]
        sent[at][name] = "HERE"
        body = json.dumps({"rows": sent}).replace('"HERE"', value).encode()
        expect_refused(student, body, features, 422, names=[name, str(at)], hint=hint)
    for number in (0, -3, 1e300, 5e-324):
        sent = [dict(row) for row in rows]
        sent[at][name] = number
        got = student.call("rows_of", json.dumps({"rows": sent}).encode(), features)
        expect.close(
            np.asarray(got)[at, features.index(name)]
            if np.shape(got) == (4, len(features))
            else got,
            float(number),
            what="every finite number is taken, also 0 and negative ones",
            inputs={"number": number},
            rtol=1e-12,
        )
