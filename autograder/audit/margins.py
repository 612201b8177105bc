"""How far from its tolerance right and wrong answers lie, for each comparison of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.audit.findings import warning
from autograder.audit.report import Finding, Margin, Stage
from autograder.audit.trial import TrialResult
from autograder.outcomes import Outcome

NARROW = 3.0
"""Nearer to the border than this factor, another machine's rounding could change a mark."""


@dataclass
class _Site:
    right: tuple[float, str] = (-math.inf, "")
    wrong: tuple[float, str] = (math.inf, "")
    tests: set[str] = field(default_factory=set)


def margins(
    right: Iterable[tuple[str, TrialResult]], wrong: Iterable[tuple[str, TrialResult]]
) -> list[Margin]:
    """Return for each comparison the worst right answer and the best wrong one.

    Parameters
    ----------
    right, wrong
        Labels and results of answers known to be right, and of wrong ones and mutants.
    """
    sites: dict[tuple[str, str], _Site] = {}
    for label, result in right:
        for test, site, excess, _ in _comparisons(result):
            entry = sites.setdefault((test, site), _Site())
            entry.right = max(entry.right, (excess, label))
    for label, result in wrong:
        for test, site, excess, outcome in _comparisons(result):
            if outcome is Outcome.FAILED and excess > 1.0:
                entry = sites.setdefault((test, site), _Site())
                entry.wrong = min(entry.wrong, (excess, label))
    return [_margin(test, site, entry) for (test, site), entry in sorted(sites.items())]


def margin_findings(found: Sequence[Margin]) -> Iterator[Finding]:
    """Yield the comparisons whose tolerance is near to a right or to a wrong answer."""
    for margin in found:
        if margin.worst_right is not None and margin.worst_right > 1.0 / NARROW:
            yield warning(
                Stage.MARGINS,
                f"{margin.site} ({margin.test})",
                f"The right answer {margin.worst_right_variant} uses "
                f"{100 * margin.worst_right:.0f} % of the tolerance.",
                "Another machine's rounding may take the rest: widen it, if wrong answers allow.",
            )
        if margin.best_wrong is not None and margin.best_wrong < NARROW:
            yield warning(
                Stage.MARGINS,
                f"{margin.site} ({margin.test})",
                f"The wrong answer {margin.best_wrong_variant} is off by only "
                f"{margin.best_wrong:.2g} tolerances.",
                "Choose inputs on which the mistake shows more, or a narrower tolerance.",
            )


def _comparisons(result: TrialResult) -> Iterator[tuple[str, str, float, Outcome]]:
    for seen in result.seen:
        for site, excess in seen.excess.items():
            yield seen.test, site, excess, seen.outcome


def _margin(test: str, site: str, entry: _Site) -> Margin:
    (right, right_label), (wrong, wrong_label) = entry.right, entry.wrong
    return Margin(
        test=test,
        site=site,
        worst_right=right if right_label else None,
        worst_right_variant=right_label,
        best_wrong=wrong if wrong_label else None,
        best_wrong_variant=wrong_label,
    )
