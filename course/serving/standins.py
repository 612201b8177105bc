"""A stand-in for the parts of a service, to go on with until one's own work."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course.arrays import Array
from course.serving.refusal import Refused


class StandInService:
    """Loads, checks and predicts; tasks that ask for one of these refuse it."""

    @staticmethod
    def load(path: str | Path) -> dict[str, Any]:
        """Return the model in an artifact's file, which is taken to be sound."""
        model: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
        for name in ("mean", "scale"):
            model[name] = np.array(model[name])
        layers = model["layers"]
        model["layers"] = [(np.array(one["weights"]), np.array(one["bias"])) for one in layers]
        return model

    @staticmethod
    def predict(model: dict[str, Any], rows: Array) -> Array:
        """Return the probability of each row; PyTorch computes it."""
        import torch

        values = torch.as_tensor((rows - model["mean"]) / model["scale"])
        for number, (weights, bias) in enumerate(model["layers"]):
            values = torch.tanh(values) if number else values
            values = values @ torch.as_tensor(weights) + torch.as_tensor(bias)
        probabilities: Array = torch.sigmoid(values[:, 0]).numpy()
        return probabilities

    @staticmethod
    def rows(body: bytes, features: Sequence[str], most_rows: int = 100) -> Array:
        """Return the rows of a request as an array, or raise Refused."""
        try:
            rows = json.loads(body)["rows"]
        except (ValueError, RecursionError) as error:
            raise Refused(400, "the body is not JSON") from error
        except (TypeError, KeyError) as error:
            raise Refused(422, 'the body must be an object with the list "rows"') from error
        if not isinstance(rows, list) or not rows:
            raise Refused(422, '"rows" must be a list with at least one row')
        if len(rows) > most_rows:
            raise Refused(413, f"at most {most_rows} rows are answered at once")
        for number, row in enumerate(rows):
            if not isinstance(row, dict) or set(row) != set(features):
                raise Refused(422, f"row {number} must have exactly {', '.join(features)}")
            for name, value in row.items():
                if type(value) not in (int, float) or not abs(value) < math.inf:
                    raise Refused(422, f"row {number}: {name} must be a finite number")
                if abs(value) > 1e300:  # a whole number may be too long for a float
                    raise Refused(422, f"row {number}: {name} is too large")
        return np.array([[row[name] for name in features] for row in rows], dtype=np.float64)
