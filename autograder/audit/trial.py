"""One answer, tried by some of the hidden tests: what is asked, and what was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from autograder.authoring.marked import Marked
from autograder.outcomes import Outcome, worst


@dataclass(frozen=True)
class Trial:
    """What to try.

    Attributes
    ----------
    label
        Names the answer in reports.
    answers
        Task -> text of its answer cell; tasks that are left out keep their stub.
    tests
        Names of the tests to run, by their file.
    terms
        Every test runs once for each, on the hidden inputs of that term.
    example
        Whether a failing test also looks for the example that feedback shows.
    stop_at_failure
        Whether one failure is enough.
    call_cpu_s
        CPU seconds for each call, for answers that may hang; None for the course's own.
    threads
        How many threads numpy may use on either side.
    """

    label: str
    answers: Mapping[str, str]
    tests: Mapping[str, tuple[str, ...]]
    terms: tuple[str, ...] = ("",)
    example: bool = False
    stop_at_failure: bool = False
    call_cpu_s: float | None = None
    threads: int = 1

    def key(self, files: Iterable[str], digests: Mapping[str, str]) -> str:
        """Return a hash of all that decides what these of its files make of the answer.

        Parameters
        ----------
        digests
            Hash of each test file with the modules it uses, and, under the empty name, of
            everything that all trials share.
        """
        asked = {
            "answers": dict(self.answers),
            "terms": self.terms,
            "how": [self.example, self.stop_at_failure, self.call_cpu_s is None, self.threads],
            "files": {name: [digests[name], sorted(self.tests[name])] for name in files},
            "shared": digests[""],
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def by_file(tests: Iterable[Marked]) -> dict[str, tuple[str, ...]]:
    """Return the names of tests by their file, as a trial takes them."""
    found: dict[str, tuple[str, ...]] = {}
    for test in tests:
        found[test.path.name] = (*found.get(test.path.name, ()), test.name)
    return found


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Seen(_Document):
    """One run of one test, or of one of its parametrised cases."""

    file: str
    test: str
    task: str
    term: str
    seed: int
    outcome: Outcome
    hint: str | None = None
    message: str = ""
    staff_note: str = ""
    seconds: float = 0.0
    excess: dict[str, float] = {}
    """Comparison (file and line) -> its largest excess over the tolerance."""
    revealed: tuple[str, ...] = ()
    """Hidden expected values that the message gives away."""


class TrialResult(_Document):
    """What a trial came to."""

    seen: tuple[Seen, ...] = ()
    errors: tuple[str, ...] = ()
    """What pytest could not collect or set up."""

    def by_test(self) -> dict[str, list[Seen]]:
        """Return what was seen, by the tests' names."""
        found: dict[str, list[Seen]] = {}
        for seen in self.seen:
            found.setdefault(seen.test, []).append(seen)
        return found


def decisive(runs: Iterable[Seen]) -> Seen:
    """Return the run that decides for a test: every case must pass."""
    listed = list(runs)
    outcome = worst(run.outcome for run in listed)
    return next(run for run in listed if run.outcome is outcome)
