"""Hidden tests of a6_t1, an artifact that forgets nothing."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .models import Model, artifact_bytes, as_artifact, drawn_model, drawn_rows, probabilities

DEPTHS: tuple[tuple[int, ...], ...] = ((3,), (), (4, 2))


def _logistic(z: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-z))


def wrong_predictions(model: Model, rows: Any) -> dict[str, Any]:
    """Return what known mistakes predict, by their hints."""
    right = probabilities(model, rows)
    plain = {**model, "mean": 0.0 * model["mean"], "scale": 0.0 * model["scale"] + 1.0}
    logits = np.log(right) - np.log1p(-right)
    relu = (rows - model["mean"]) / model["scale"]
    for number, (w, b) in enumerate(model["layers"]):
        relu = (np.maximum(relu, 0.0) if number else relu) @ w + b
    return {
        "raw-readings": probabilities(plain, rows),
        "scale-forgotten": probabilities({**model, "scale": plain["scale"]}, rows),
        "measured-anew": probabilities(
            {**model, "mean": rows.mean(axis=0), "scale": rows.std(axis=0)}, rows
        ),
        "logistic-missing": logits,
        "tanh-on-the-last": _logistic(np.tanh(logits)),
        "class-for-probability": (right > 0.5).astype(float),
        "relu-for-tanh": _logistic(relu[:, 0]),
    }


@pytest.mark.task("a6_t1", points=2)
def test_prediction_is_that_of_training(student: Student, draw: Draw) -> None:
    for hidden in DEPTHS:
        model = drawn_model(draw, hidden)
        rows = drawn_rows(draw, model, draw.integer(5, 9))
        expect.close(
            student.call("predict", model, rows),
            probabilities(model, rows),
            what="predict standardises with the model's mean and scale, goes through its layers, "
            "and returns the probability of each row",
            inputs={"model": as_artifact(model), "rows": rows},
            misconceptions=wrong_predictions(model, rows),
            rtol=1e-5,  # float32 is right to 1e-6 here; the nearest mistake is off by a percent
            atol=1e-7,
        )


@pytest.mark.task("a6_t1", points=1)
def test_prediction_takes_any_number_of_rows_and_changes_none(student: Student, draw: Draw) -> None:
    for count in (draw.integer(2, 5), 1, 0):
        model = drawn_model(draw)
        rows = drawn_rows(draw, model, count)
        held, mean = student.put(rows), student.put(model["mean"])
        expect.close(
            student.call("predict", {**model, "mean": mean}, held),
            probabilities(model, rows),
            what="predict returns one probability a row, also for one row and for none",
            inputs={"rows": count},
            rtol=1e-5,
            atol=1e-7,
        )
        for handle, before in ((held, rows), (mean, model["mean"])):
            expect.unchanged(
                handle,
                before,
                what="predict leaves rows and model as they are",
                hint="predict-changes-its-inputs",
            )


def _saved(student: Student, name: str, model: Model) -> Any:
    """Save a model in the student's process; return what its file holds."""
    student.call("save_artifact", name, model)
    text = student.new("Path", name).call("read_text", "utf-8", "replace")
    try:
        return json.loads(text)
    except (RecursionError, TypeError, ValueError):
        return None


@pytest.mark.task("a6_t1", points=2)
def test_file_holds_what_the_text_shows(student: Student, draw: Draw) -> None:
    for number, hidden in enumerate(DEPTHS):
        model = drawn_model(draw, hidden)
        got = _saved(student, f"shown{number}.json", model)
        what = "the file is JSON, as in the text"
        expect.true(isinstance(got, dict), what=what, got=got, hint="not-json")
        want = as_artifact(model)
        for key, value in want.items():
            expect.true(
                key in got,
                what="the file has every key that the text shows",
                inputs={"key": key, "keys in the file": sorted(map(str, got))},
                hint="preprocessing-left-behind" if key in ("mean", "scale") else None,
            )
            if key != "layers":
                expect.equal(
                    got[key],
                    value,
                    what=f'"{key}" in the file is that of the model, every digit of it',
                    misconceptions={"numbers-rounded": _rounded(value, got[key])},
                )
        expect.equal(
            got["layers"],
            want["layers"],
            what='"layers" in the file are the weights and biases of the model, every digit',
            inputs={"layers": want["layers"]},
            misconceptions={"numbers-rounded": _rounded(want["layers"], got["layers"])},
        )


def _rounded(value: Any, got: Any) -> Any:
    """Return ``got`` if it is ``value`` with fewer digits, else something that it is not."""
    try:
        mine, theirs = (np.array(_leaves(one), dtype=float) for one in (value, got))
    except (TypeError, ValueError):
        return object()
    same = mine.size and mine.shape == theirs.shape and np.allclose(mine, theirs, rtol=0, atol=0.06)
    return got if same else object()


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    return (
        [leaf for item in value for leaf in _leaves(item)] if isinstance(value, list) else [value]
    )


@pytest.mark.task("a6_t1", points=1)
def test_model_comes_back_from_nothing_but_its_file(student: Student, draw: Draw) -> None:
    model = drawn_model(draw, (2, 3))
    student.call("save_artifact", "back.json", model)
    student.restart()  # a process that knows nothing of what was saved
    back = student.call("load_artifact", "back.json")
    _expect_model(back, model, "a model that was saved in one process is loaded in another")


def _expect_model(got: Any, model: Model, what: str) -> None:
    expect.true(isinstance(got, dict), what=f"{what}: a dict comes back", got=got)
    for name in ("version", "features"):
        expect.equal(got.get(name), model[name], what=f'{what}: "{name}" is as it was')
    arrays = {name: (got.get(name), model[name]) for name in ("mean", "scale")}
    layers = got.get("layers")
    good = isinstance(layers, list | tuple) and len(layers) == len(model["layers"])
    expect.true(good, what=f"{what}: there is a pair for each layer", got=layers)
    for number, (pair, wanted) in enumerate(zip(layers, model["layers"], strict=True)):
        good = isinstance(pair, list | tuple) and len(pair) == 2
        expect.true(good, what=f"{what}: each layer is a pair (weights, bias)", got=pair)
        arrays[f"weights {number}"] = (pair[0], wanted[0])
        arrays[f"bias {number}"] = (pair[1], wanted[1])
    for name, (found, wanted) in arrays.items():
        expect.true(
            isinstance(found, np.ndarray) and found.dtype == np.float64,
            what=f"{what}: {name} is a float64 array",
            got=found,
            hint="lists-for-arrays" if isinstance(found, list) else None,
        )
        expect.close(found, wanted, what=f"{what}: {name} is exactly as it was", rtol=0, atol=0)


@pytest.mark.task("a6_t1", points=1)
def test_numbers_that_are_not_finite_are_not_saved(student: Student, draw: Draw) -> None:
    student.call("save_artifact", "good.json", drawn_model(draw))
    expect.true(
        student.new("Path", "good.json").call("exists") is True, what="a sound model is saved"
    )
    for number, bad in enumerate((np.nan, np.inf, -np.inf)):
        for place in ("mean", "scale", "layers"):
            model = drawn_model(draw)
            array = model["layers"][0][0] if place == "layers" else model[place]
            array.flat[draw.integer(0, array.size - 1)] = bad
            name = f"bad-{number}-{place}.json"
            expect.raises(
                lambda name=name, model=model: student.call("save_artifact", name, model),
                what="a model with a number that is not finite is refused with a ValueError",
                inputs={"number": bad, "place": place},
                hint="nan-in-the-file",
            )
            expect.true(
                student.new("Path", name).call("exists") is False,
                what="where saving is refused, no file is left behind",
                hint="half-a-file-left",
            )


@pytest.mark.task("a6_t1", points=1)
def test_artifact_that_others_wrote_is_loaded(student: Student, draw: Draw) -> None:
    for hidden in DEPTHS:
        model = drawn_model(draw, hidden)
        model["mean"] = np.round(model["mean"])  # whole numbers are written without a point
        model["scale"][-1] = draw.number(0.1, 0.9)
        text = json.dumps(as_artifact(model), indent=1, sort_keys=True)
        student.write("others.json", re.sub(r"\.0$|\.0(?=,)", "", text, flags=re.M).encode())
        got = student.call("load_artifact", "others.json")
        _expect_model(got, model, "an artifact as in the text is loaded")


def damaged(model: Model) -> dict[str, bytes]:
    """Return damaged files by what was done to them."""
    whole = as_artifact(model)
    files = {
        "cut off in the middle": artifact_bytes(model)[:-40],
        "empty": b"",
        "a list": b"[1, 2]",
        "not UTF-8": artifact_bytes(model).replace(b"version", b"versi\xff"),
    }
    for key in whole:
        files[f"without {key}"] = json.dumps({k: v for k, v in whole.items() if k != key}).encode()

    def changed(change: Any) -> bytes:
        other = copy.deepcopy(whole)
        change(other)
        return json.dumps(other).encode()

    return files | {
        "of format 2": changed(lambda a: a.update(format=2)),
        "with a mean too few": changed(lambda a: a["mean"].pop()),
        "with a scale too many": changed(lambda a: a["scale"].append(1.0)),
        "with a feature too many": changed(lambda a: a["features"].append("rust")),
        "with a row of weights too few": changed(lambda a: a["layers"][0]["weights"].pop()),
        "with a scale of zero": changed(lambda a: a["scale"].__setitem__(-1, 0.0)),
        "with a negative scale": changed(lambda a: a["scale"].__setitem__(0, -2.0)),
        "with NaN for a mean": changed(lambda a: a["mean"].__setitem__(-1, float("nan"))),
        "with Infinity for a bias": changed(
            lambda a: a["layers"][-1]["bias"].__setitem__(0, float("inf"))
        ),
        "with NaN for a weight": changed(
            lambda a: a["layers"][0]["weights"][0].__setitem__(0, float("nan"))
        ),
    }


_HINTS = {
    "of format 2": "format-ignored",
    "with a scale of zero": "promises-not-looked-at",
    "with NaN for a mean": "promises-not-looked-at",
    "with a mean too few": "promises-not-looked-at",
}


@pytest.mark.task("a6_t1", points=2)
def test_damaged_artifact_is_refused(student: Student, draw: Draw) -> None:
    model = drawn_model(draw)
    student.write("whole.json", artifact_bytes(model))
    _expect_model(student.call("load_artifact", "whole.json"), model, "a whole artifact is loaded")
    for damage, content in damaged(model).items():
        student.write("damaged.json", content)
        expect.raises(
            lambda: student.call("load_artifact", "damaged.json"),
            what=f"an artifact that is {damage} is refused with a ValueError"
            if not damage.startswith("with")
            else f"an artifact {damage} is refused with a ValueError",
            types=("ValueError", "JSONDecodeError", "UnicodeDecodeError"),
            inputs={"damage": damage},
            hint=_HINTS.get(damage),
        )
