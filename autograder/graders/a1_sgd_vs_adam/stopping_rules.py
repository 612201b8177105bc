"""When training should stop, and what known mistakes do instead.

The rule is written out once with exchangeable parts; a mistake is the rule with one part
exchanged. tests/assignments/test_a1_oracles.py compares the right one with a second oracle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

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


@dataclass
class Watch:
    """What came of a series of errors.

    Attributes
    ----------
    answers
        For each error whether to stop.
    best
        For each error the number of the best one so far, from 0; None before there is one.
    """

    answers: list[bool] = field(default_factory=list)
    best: list[int | None] = field(default_factory=list)


RIGHT = Rule()
WRONG_COUNTS = {
    "patience-one-too-many": Rule(extra=1),
    "patience-one-too-few": Rule(extra=-1),
    "waiting-not-reset": Rule(starts_afresh=False),
    "compared-with-the-last": Rule(better=lambda error, best, before: error < before),
    "largest-error-sought": Rule(better=lambda error, best, before: error > best, start=-math.inf),
}
"""Hint -> the rule of that mistake, in series without ties."""
WRONG_IMPROVEMENTS = {
    "tie-is-better": Rule(better=lambda error, best, before: error <= best),
    "nan-is-better": Rule(better=lambda error, best, before: not error >= best),
    "first-error-always-best": Rule(
        better=lambda error, best, before: error < best or best == math.inf
    ),
}
"""Hint -> the rule of that mistake, where errors tie or are no numbers."""


def watch(errors: Sequence[float], patience: int, rule: Rule = RIGHT) -> Watch:
    """Return what a rule makes of a series of errors."""
    seen, waited = Watch(), 0
    best, before = rule.start, rule.start
    number: int | None = None
    for k, error in enumerate(errors):
        if rule.better(error, best, before):
            best, number = error, k
            waited = 0 if rule.starts_afresh else waited
        else:
            waited += 1
        before = error
        seen.answers.append(waited >= patience + rule.extra)
        seen.best.append(number)
    return seen


def wrong_answers(
    errors: Sequence[float], patience: int, rules: dict[str, Rule]
) -> dict[str, list[bool]]:
    """Return the answers of known mistakes to the same series, by hint."""
    return {name: watch(errors, patience, rule).answers for name, rule in rules.items()}
