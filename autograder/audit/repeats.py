"""The same answers again and again: other hidden inputs, other thread counts, a busy machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from autograder.audit.findings import error
from autograder.audit.pace import Pace
from autograder.audit.report import Finding, Flip, Repeats, Stage
from autograder.audit.trial import Trial, TrialResult, by_file
from autograder.authoring import Solutions, Variant
from autograder.authoring.marked import Marked
from autograder.outcomes import Outcome

_TERMS_AT_ONCE = 10
"""Runs of the tests in one process of the answer."""
_TERMS_FOR_WRONG = 3
_SLOW_SHARE = 20
_FEWEST_SLOW = 5

# Burns a processor until whoever started it is gone.
_BURN = "import os, sys\nwhile os.getppid() == int(sys.argv[1]): sum(range(100_000))"


@dataclass(frozen=True)
class Conditions:
    """What surrounds a run.

    Attributes
    ----------
    share
        Of all runs, how many meet these conditions.
    threads
        Of numpy, on both sides.
    busy
        Whether every processor has something else to do as well.
    """

    share: float
    threads: int
    busy: bool

    @property
    def name(self) -> str:
        """What a report says."""
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{threads}, {'busy' if self.busy else 'quiet'} machine"


CONDITIONS = (
    Conditions(0.7, threads=1, busy=False),
    Conditions(0.2, threads=4, busy=False),
    Conditions(0.1, threads=4, busy=True),
)


def repeat_trials(
    solutions: Solutions, tests: Sequence[Marked], runs: int, conditions: Conditions
) -> list[Trial]:
    """Return trials of the right answers, in turn, each time for another term.

    Parameters
    ----------
    runs
        Of the whole audit; these conditions take their share.
    """
    right = (solutions.reference, *solutions.right)
    count = round(runs * conditions.share)
    terms: dict[int, list[str]] = {}
    for number in range(count):
        place = number % len(right)
        busy = "-busy" if conditions.busy else ""
        terms.setdefault(place, []).append(f"audit-{conditions.threads}{busy}-{number}")
    return [
        Trial(
            label=right[place].name,
            answers={**solutions.reference.answers, **right[place].answers},
            tests=by_file(tests),
            terms=tuple(names[start : start + _TERMS_AT_ONCE]),
            threads=conditions.threads,
        )
        for place, names in terms.items()
        for start in range(0, len(names), _TERMS_AT_ONCE)
    ]


def wrong_trials(
    wrong: Iterable[Variant], solutions: Solutions, tests: Sequence[Marked], pace: Pace
) -> list[Trial]:
    """Return trials of wrong answers for other terms, by the tests they must fail."""
    trials = []
    for variant in wrong:
        fails = variant.expectation.fails if variant.expectation is not None else ()
        asked = [test for test in tests if test.name in fails]
        if asked:
            trials.append(
                Trial(
                    label=variant.name,
                    answers={**solutions.reference.answers, **variant.answers},
                    tests=by_file(asked),
                    terms=tuple(f"audit-{number}" for number in range(_TERMS_FOR_WRONG)),
                    call_cpu_s=pace.call_cpu_s(*variant.answers),
                )
            )
    return trials


def slow_runs(runs: int) -> int:
    """Return how often slow tests are repeated where the others are repeated ``runs`` times."""
    return max(min(runs, _FEWEST_SLOW), runs // _SLOW_SHARE)


def summarise(
    right: Sequence[tuple[Conditions, Trial, TrialResult]],
    wrong: Sequence[tuple[Trial, TrialResult]],
    slow: Sequence[Marked],
) -> Repeats:
    """Return how often right answers were judged, and each judgement that was another."""
    flips: list[Flip] = []
    for conditions, trial, result in right:
        flips += _flips(trial, result, conditions.name, unwanted=Outcome.FAILED)
    for trial, result in wrong:
        flips += _flips(trial, result, "1 thread, quiet machine", unwanted=Outcome.PASSED)
    by_conditions: Counter[str] = Counter()
    runs_of_slow = 0
    slow_names = {test.name for test in slow}
    for conditions, trial, _ in right:
        if slow_names.intersection(name for names in trial.tests.values() for name in names):
            runs_of_slow += len(trial.terms)
        else:
            by_conditions[conditions.name] += len(trial.terms)
    return Repeats(
        runs=by_conditions.total(),
        slow_tests=tuple(sorted(slow_names)),
        slow_runs=runs_of_slow,
        verdicts=sum(len(result.seen) for _, _, result in right),
        by_conditions=dict(by_conditions),
        flips=tuple(flips),
    )


def repeat_findings(repeats: Repeats) -> Iterator[Finding]:
    """Yield a finding for each test that flipped, with one seed that shows it."""
    first: dict[tuple[str, str], Flip] = {}
    for flip in repeats.flips:
        first.setdefault((flip.variant, flip.test), flip)
    for (variant, test), flip in first.items():
        count = sum((other.variant, other.test) == (variant, test) for other in repeats.flips)
        yield error(
            Stage.REPEATS,
            test,
            f"Its verdict on {variant} is not always the same ({count} times another): seed "
            f"{flip.seed}, {flip.conditions}: {flip.message or 'passed'}",
            f"See it again with AUTOGRADER_TERM={flip.term}.",
        )


def _flips(
    trial: Trial, result: TrialResult, conditions: str, *, unwanted: Outcome
) -> Iterator[Flip]:
    """Yield what went the other way; a parametrised test of a wrong answer needs one failure."""
    cases: dict[tuple[str, str], list[Outcome]] = {}
    for seen in result.seen:
        cases.setdefault((seen.test, seen.term), []).append(seen.outcome)
    for seen in result.seen:
        outcomes = cases.pop((seen.test, seen.term), [])
        passed = all(outcome is Outcome.PASSED for outcome in outcomes)
        went_wrong = passed if unwanted is Outcome.PASSED else unwanted in outcomes
        if outcomes and went_wrong:
            worst = next(
                run
                for run in result.seen
                if (run.test, run.term, run.outcome) == (seen.test, seen.term, unwanted)
            )
            yield Flip(
                variant=trial.label,
                test=seen.test,
                term=seen.term,
                seed=worst.seed,
                conditions=conditions,
                message=worst.message,
            )


@contextmanager
def load(conditions: Conditions) -> Iterator[None]:
    """Keep every processor busy meanwhile, if the conditions say so."""
    count = os.cpu_count() or 1
    burners = [
        subprocess.Popen([sys.executable, "-S", "-c", _BURN, str(os.getpid())])
        for _ in range(count if conditions.busy else 0)
    ]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
        for burner in burners:
            burner.wait()
