"""How long tests take on the reference, and what follows from it for other answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.audit.trial import TrialResult
from autograder.authoring.marked import Marked

_SLOW_S = 0.5
_SHORTEST_CALL_S = 2.0
_TIMES_THE_REFERENCE = 10.0


@dataclass
class Pace:
    """What the reference needed.

    Attributes
    ----------
    seconds
        By test.
    slowest
        By task, its slowest test.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)

    def measure(self, reference: TrialResult) -> None:
        """Take note of the reference's times."""
        for seen in reference.seen:
            self.seconds[seen.test] = self.seconds.get(seen.test, 0.0) + seen.seconds
            self.slowest[seen.task] = max(self.slowest.get(seen.task, 0.0), seen.seconds)

    def is_slow(self, test: Marked) -> bool:
        """Say whether a test takes so long that not every answer can meet it."""
        return self.seconds.get(test.name, 0.0) > _SLOW_S

    def call_cpu_s(self, *tasks: str) -> float:
        """Return the CPU seconds for calls into answers to these tasks that may hang."""
        slowest = max((self.slowest.get(task, 0.0) for task in tasks), default=0.0)
        return max(_SHORTEST_CALL_S, _TIMES_THE_REFERENCE * slowest)

    def split(self, tests: Iterable[Marked]) -> tuple[list[Marked], list[Marked]]:
        """Return the quick tests and the slow ones."""
        listed = list(tests)
        slow = [test for test in listed if self.is_slow(test)]
        return [test for test in listed if test not in slow], slow
