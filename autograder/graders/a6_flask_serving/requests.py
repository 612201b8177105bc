"""What tests of several tasks ask a server, and what they expect of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.grading import Answer, Draw, Server, ServerFailed, expect

from .models import Array, Model, as_rows, probabilities


def predict(server: Server, model: Model, rows: Array, draw: Draw | None = None) -> Answer:
    """Ask for the probabilities of rows."""
    return server.ask("POST", "/predict", json={"rows": as_rows(model, rows, draw)})


def expect_probabilities(
    answer: Answer,
    model: Model,
    rows: Array,
    *,
    what: str,
    misconceptions: Mapping[str, Any] | None = None,
    failing: str | None = None,
) -> None:
    """Expect status 200, the version, and the probability of each row as JSON numbers."""
    inputs = {"rows": as_rows(model, rows)[:3], "number of rows": len(rows)}
    expect.true(
        answer.status == 200,
        what="a sound request is answered with status 200",
        got=f"{answer.status} {answer.text[:200]}",
        inputs=inputs,
        hint=failing,
    )
    told = answer.json()
    expect.true(isinstance(told, dict), what="the answer is a JSON object", got=told)
    expect.equal(told.get("version"), model["version"], what="the answer names the version")
    got = told.get("probabilities")
    plain = isinstance(got, list) and all(type(one) in (int, float) for one in got)
    expect.true(
        plain,
        what='"probabilities" is a list of JSON numbers, one for each row',
        got=got,
        inputs=inputs,
        hint="not-a-list-of-numbers",
    )
    expect.true(
        len(got) == len(rows),
        what='"probabilities" has one number for each row of the request, and no other',
        got=got[:10],
        inputs=inputs,
        hint="shared-between-requests" if len(got) > len(rows) else None,
    )
    expect.close(
        got,
        probabilities(model, rows),
        what=what,
        inputs=inputs,
        misconceptions=misconceptions,
        rtol=1e-5,  # float32 is right to 1e-6; four decimals are off by more than 1e-4
        atol=1e-7,
    )


def expect_error(
    answer: Answer,
    statuses: tuple[int, ...],
    *,
    asked: str,
    hint: str | None = None,
    words: str = "",
) -> str:
    """Expect one of these statuses and a JSON object with a text under "error"; return the text."""
    inputs = {"request": asked}
    expect.true(
        answer.status in statuses,
        what="a request that cannot be answered gets the status that says why",
        got=f"{answer.status} {answer.text[:200]}",
        expected=" or ".join(map(str, statuses)),
        inputs=inputs,
        hint=hint,
    )
    told = error_of(answer)
    expect.true(
        bool(told.strip()),
        what='the answer to it is a JSON object with a text under "error"',
        got=answer.text[:200],
        inputs=inputs,
        hint="errors-in-html" if "<" in answer.text[:20] else None,
    )
    expect.true(
        words in told, what="the text is the reason of the refusal", got=told, expected=words,
        inputs=inputs,
    )  # fmt: skip
    return told


def error_of(answer: Answer) -> str:
    """Return the text under "error", "" if there is none."""
    try:
        told = answer.json()
    except ServerFailed:
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    return error if isinstance(error, str) else ""
