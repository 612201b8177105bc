"""Counts, scores and costs of alarms, worked out one row after the other."""

from __future__ import annotations

import math

import numpy as np

from .plain import Array


def counted(truth: Array, predicted: Array, classes: int) -> Array:
    """Count pairs, one after the other."""
    matrix = np.zeros((classes, classes))
    for true, called in zip(truth, predicted, strict=True):
        matrix[true, called] += 1
    return matrix


def right_scores(truth: Array, alarm: Array) -> tuple[float, float, float]:
    """Return precision, recall and F1 from their counts, F1 as 2 TP / (2 TP + FP + FN)."""
    hits = int(np.sum((truth == 1) & (alarm == 1)))
    false_alarms = int(np.sum((truth == 0) & (alarm == 1)))
    misses = int(np.sum((truth == 1) & (alarm == 0)))

    def over(above: int, below: int) -> float:
        return above / below if below else 0.0

    return (
        over(hits, hits + false_alarms),
        over(hits, hits + misses),
        over(2 * hits, 2 * hits + false_alarms + misses),
    )


def costs(truth: Array, score: Array, prices: tuple[float, float]) -> dict[float, float]:
    """Return the cost of every threshold, from infinity down."""
    thresholds = [math.inf, *sorted({float(s) for s in score}, reverse=True)]
    table = {}
    for threshold in thresholds:
        false_alarms = sum(s >= threshold and not t for s, t in zip(score, truth, strict=True))
        misses = sum(s < threshold and bool(t) for s, t in zip(score, truth, strict=True))
        table[threshold] = prices[0] * false_alarms + prices[1] * misses
    return table


def above_for_from(
    truth: Array, score: Array, prices: tuple[float, float], pair: list[float]
) -> str | None:
    """Recognise a threshold that was costed as if scores equal to it gave no alarm."""
    strict = {
        threshold: prices[0] * float(np.sum((score > threshold) & (truth == 0)))
        + prices[1] * float(np.sum((score <= threshold) & (truth == 1)))
        for threshold in {math.inf, *map(float, score)}
    }
    near = [cost for threshold, cost in strict.items() if np.isclose(threshold, pair[0])]
    return "above-for-from" if near and np.isclose(near[0], pair[1]) else None
