"""What an exponentially weighted average should give, twice over, and what known mistakes give.

Expected values come from the weights that every past value has in the sum. The mistakes are
written as the recursion with one part exchanged. tests/assignments/test_a1_oracles.py compares
the right recursion with the sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Rule:
    """The recursion, put together from parts; without arguments the right one.

    Attributes
    ----------
    mix
        (old average, new value, beta, number of the value from 1) -> new average.
    correction
        (beta, number of the value from 1, how many there are) -> what a corrected average is
        divided by.
    starts_at_first
        Whether the average before the first value is the first value, not zero.
    keeps_corrected
        Whether the corrected average is carried on to the next value.
    late
        Whether the average before a value is reported for the one after it.
    """

    mix: Callable[[Array, Array, float, int], Array] = lambda old, new, beta, k: (
        beta * old + (1.0 - beta) * new
    )
    correction: Callable[[float, int, int], float] = lambda beta, k, n: 1.0 - beta**k
    starts_at_first: bool = False
    keeps_corrected: bool = False
    late: bool = False


RIGHT = Rule()
WRONG_AVERAGES = {
    "average-shares-swapped": Rule(mix=lambda old, new, beta, k: (1.0 - beta) * old + beta * new),
    "average-news-whole": Rule(mix=lambda old, new, beta, k: beta * old + new),
    "average-starts-at-first": Rule(starts_at_first=True),
    "average-remembers-all": Rule(mix=lambda old, new, beta, k: old + (new - old) / k),
    "average-one-late": Rule(late=True),
}
"""Hint -> the rule of that mistake, without correction."""
WRONG_CORRECTIONS = {
    "average-not-corrected": Rule(correction=lambda beta, k, n: 1.0),
    "average-count-ahead": Rule(correction=lambda beta, k, n: 1.0 - beta ** (k + 1)),
    "average-count-from-zero": Rule(correction=lambda beta, k, n: 1.0 - beta ** (k - 1)),
    "average-power-missing": Rule(correction=lambda beta, k, n: 1.0 - beta),
    "average-product-for-power": Rule(correction=lambda beta, k, n: 1.0 - beta * k),
    "average-corrected-by-last": Rule(correction=lambda beta, k, n: 1.0 - beta**n),
    "average-corrected-kept": Rule(keeps_corrected=True),
}
"""Hint -> the rule of that mistake, with correction."""


def average(values: Array, beta: float, *, correct: bool, rule: Rule = RIGHT) -> Array:
    """Return the running averages of ``values``, shape (n, ...), by the recursion."""
    a = np.zeros(values.shape[1:]) + (values[0] if rule.starts_at_first else 0.0)
    found = []
    with np.errstate(all="ignore"):
        for k, value in enumerate(values, start=1):
            old, a = a, rule.mix(a, value, beta, k)
            reported = old if rule.late else a
            if correct:
                reported = reported / np.float64(rule.correction(beta, k, len(values)))
                a = reported if rule.keeps_corrected else a
            found.append(reported)
    return np.array(found)


def weighted_sums(values: Array, beta: float, *, correct: bool) -> Array:
    """Return the same for the right rule, with no recursion.

    Value j weighs (1 - beta) beta**(k - j) in average k; corrected, the weights of each average
    are scaled so that they add up to 1.
    """
    k = np.arange(len(values))
    age = k[:, None] - k
    weights = np.where(age >= 0, (1.0 - beta) * np.power(beta, np.abs(age)), 0.0)
    if correct:
        weights = weights / weights.sum(axis=1, keepdims=True)
    sums: Array = np.tensordot(weights, values, axes=1)
    return sums


def wrong_averages(
    values: Array, beta: float, rules: dict[str, Rule], *, correct: bool
) -> dict[str, Callable[[], Array]]:
    """Return for each known mistake a function that gives its averages."""
    return {
        name: lambda rule=rule: average(values, beta, correct=correct, rule=rule)
        for name, rule in rules.items()
    }
