"""Models that nobody has seen: their artifacts, their requests, and what they predict."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from autograder.grading import Draw

Array = np.ndarray[Any, Any]
Model = dict[str, Any]

_WORDS = ("flow", "torque", "noise", "humidity", "current", "speed", "tilt", "load")


def drawn_model(draw: Draw, hidden: tuple[int, ...] = (3,), version: str = "") -> Model:
    """Draw a model with 2 to 5 features and tanh layers of these sizes.

    Means and scales are far from 0 and 1, so that nobody gets by without them.
    """
    names = [str(name) for name in draw.rng.permutation(_WORDS)[: draw.integer(2, 5)]]
    sizes = [len(names), *hidden, 1]
    layers = [
        (draw.array(n_in, n_out, low=-1.5, high=1.5), draw.array(n_out))
        for n_in, n_out in pairwise(sizes)
    ]
    return {
        "version": version or f"v{draw.integer(1, 999)}",
        "features": names,
        "mean": draw.array(len(names), low=20.0, high=90.0),
        "scale": draw.array(len(names), low=3.0, high=9.0),
        "layers": layers,
    }


def drawn_rows(draw: Draw, model: Model, count: int) -> Array:
    """Draw readings as they come from the field, shape (count, features), to four decimals."""
    z = draw.array(count, len(model["features"]), low=-2.0, high=2.0)
    return np.round(model["mean"] + z * model["scale"], 4)


def probabilities(model: Model, rows: Array) -> Array:
    """Return what the model predicts, by torch in float64."""
    values = (torch.tensor(np.array(rows)) - torch.tensor(model["mean"])) / torch.tensor(
        model["scale"]
    )
    *inner, (weights, bias) = model["layers"]
    for w, b in inner:
        values = torch.tanh(values @ torch.tensor(w) + torch.tensor(b))
    result: Array = torch.sigmoid(values @ torch.tensor(weights) + torch.tensor(bias))[:, 0].numpy()
    return result


def as_artifact(model: Model) -> dict[str, Any]:
    """Return what the file of a model holds."""
    layers = [
        {"weights": weights.tolist(), "bias": bias.tolist()} for weights, bias in model["layers"]
    ]
    arrays = {name: model[name].tolist() for name in ("mean", "scale")}
    told = {name: model[name] for name in ("version", "features")}
    return {"format": 1, **told, **arrays, "layers": layers}


def artifact_bytes(model: Model) -> bytes:
    """Return a model's file."""
    return json.dumps(as_artifact(model)).encode()


def as_rows(model: Model, rows: Array, draw: Draw | None = None) -> list[dict[str, float]]:
    """Return rows as a request names them; with ``draw`` each row has its keys in any order."""
    named = [dict(zip(model["features"], row.tolist(), strict=True)) for row in rows]
    if draw is None:
        return named
    return [{str(key): row[key] for key in draw.rng.permutation(list(row))} for row in named]
