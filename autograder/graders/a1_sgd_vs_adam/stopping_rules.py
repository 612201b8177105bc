"""When training should stop, and what known mistakes do instead.

The rule is written out once with exchangeable parts; a mistake is the rule with one part exchanged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Better = Callable[[float, float, float], bool]
"""(error, best so far, the one before) -> whether the error counts as better."""


@dataclass(frozen=True)
class Rule:
    """Early stopping, put together from parts; without arguments the right one.

    Attributes
    ----------
    better
        When an error counts as an improvement.
    extra
        How many more errors than the patience are waited for.
    starts_afresh
        Whether an improvement sets the waiting back to zero.
    start
        What the first error is compared with.
    """

    better: Better = lambda error, best, before: error < best
    extra: int = 0
    starts_afresh: bool = True
    start: float = math.inf


RIGHT = Rule()
WRONG = {
    "patience-one-too-many": Rule(extra=1),
    "patience-one-too-few": Rule(extra=-1),
    "waiting-not-reset": Rule(starts_afresh=False),
    "compared-with-the-last": Rule(better=lambda error, best, before: error < before),
    "largest-error-sought": Rule(better=lambda error, best, before: error > best, start=-math.inf),
}
"""Hint -> the rule of that mistake."""


def until_stop(errors: Sequence[float], patience: int, rule: Rule = RIGHT) -> int | None:
    """Return how many errors a rule sees until it says stop; None if it never does."""
    best = before = rule.start
    waited = 0
    for count, error in enumerate(errors, start=1):
        if rule.better(error, best, before):
            best = error
            waited = 0 if rule.starts_afresh else waited
        else:
            waited += 1
        before = error
        if waited >= patience + rule.extra:
            return count
    return None
