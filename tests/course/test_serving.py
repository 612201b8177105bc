"""What the notebook about serving gets from course: a model, a client, a server, a console."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import course


def artifact(folder: Path) -> Path:
    """Write the pump model as the notebook's text has it."""
    model = course.pump_model(steps=5)
    layers = [{"weights": w.tolist(), "bias": b.tolist()} for w, b in model["layers"]]
    arrays = {name: model[name].tolist() for name in ("mean", "scale")}
    path = folder / "pumps.json"
    path.write_text(json.dumps({**model, **arrays, "format": 1, "layers": layers}))
    return path


def test_model_tells_pumps_that_fail_from_others() -> None:
    readings, failed = course.pump_readings(1000, seed=3)
    told = course.StandInService.predict(course.pump_model(), readings) > 0.5
    assert np.mean(told == failed) > 0.8 > np.mean(failed == 0.0)


def test_stand_in_reads_what_an_artifact_holds(tmp_path: Path) -> None:
    loaded, model = course.StandInService.load(artifact(tmp_path)), course.pump_model(steps=5)
    readings, _ = course.pump_readings(5)
    predict = course.StandInService.predict
    np.testing.assert_array_equal(predict(loaded, readings), predict(model, readings))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[1]", 422),
        (b'{"rows": []}', 422),
        (b'{"rows": [{"a": true}]}', 422),
        (b'{"rows": [{"a": NaN}]}', 422),
        (b'{"rows": [{"b": 1}]}', 422),
        (b'{"rows": [1, 2, 3]}', 413),
        (b"[" * 100_000, 400),
        (b'{"rows": [{"a": 1' + b"0" * 400 + b"}]}", 422),
    ],
)
def test_stand_in_refuses_what_is_no_row(body: bytes, status: int) -> None:
    with pytest.raises(course.Refused) as refusal:
        course.StandInService.rows(body, ["a"], most_rows=2)
    assert refusal.value.status == status


def test_application_runs_under_gunicorn_and_leaves_nothing_behind() -> None:
    before = set(psutil.Process().children(recursive=True))
    with course.serve_locally(course.practice_app, {"workers": 2}) as address:
        replies = course.load_test(f"{address}/square", [{"x": x} for x in range(20)])
        assert [reply.value["square"] for reply in replies] == [x * x for x in range(20)]
        assert course.ask(f"{address}/nowhere").status == 404
    assert set(psutil.Process().children(recursive=True)) == before


def test_application_that_cannot_be_made_is_an_error() -> None:
    def broken() -> Any:
        raise ValueError("no weights")

    with pytest.raises(RuntimeError, match="did not start"), course.serve_locally(broken):
        pass


def test_load_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most"):
        course.load_test("http://127.0.0.1:9", [1], clients=33)


def test_refused_is_a_clients_mistake() -> None:
    assert str(course.Refused(422, "no age")) == "422 no age"
    with pytest.raises(RuntimeError, match="400 to 499"):
        course.Refused(500, "ours")


def test_latencies_need_a_run_and_show_percentiles() -> None:
    ax = course.plot_latencies({"one": [0.01, 0.02], "two": [0.03]})
    assert len(ax.texts) == 3
    with pytest.raises(ValueError, match="at least one"):
        course.plot_latencies({"none": []})


def test_console_sends_to_the_students_application_when_the_slider_moves() -> None:
    console = course.request_console(course.practice_app, path="/square", example={"x": 4})
    assert console.status == 200
    assert len(console.seconds) == 20
    console.repeats.value = 7
    assert len(console.seconds) == 7
    console.body.value = "{"
    console.send()
    assert console.status == 400
    assert "image/png" in console.picture()
