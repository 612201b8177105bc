"""Runs hidden tests the way grading does, and takes note of more than grading needs."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from autograder.audit.disclosure import revealed
from autograder.audit.trial import Seen, Trial
from autograder.grading.comparisons import Array, Comparison, watch_comparisons
from autograder.grading.draw import Draw
from autograder.grading.judge import Judge, Verdict
from autograder.grading.student import Student
from autograder.grading.suite import OnDevices, Suite, TestRecord
from autograder.outcomes import Outcome


class TestHung(Exception):
    """A hidden test did not come to an end. (Not the student's code: that has deadlines.)"""

    __test__ = False


class WatchedSuite(Suite):
    """A suite that runs each test for several terms, and keeps times and margins.

    Parameters
    ----------
    judges
        One for each term of the trial.
    patience_s
        How long a single test may take. A test that hangs would hang the audit.

    Attributes
    ----------
    seen
        By pytest's name of the case, and term.
    """

    def __init__(
        self,
        trial: Trial,
        student: Student,
        draw: Draw,
        judges: Mapping[str, Judge],
        reference: Path,
        on: OnDevices,
        patience_s: float,
    ) -> None:
        super().__init__(student, draw, next(iter(judges.values())), reference, on)
        self._trial = trial
        self._judges = judges
        self._patience_s = patience_s
        self._numbers: dict[tuple[str, str], tuple[list[Array], list[Array]]] = {}
        self.seen: dict[tuple[str, str], Seen] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out the tests that were not asked for."""
        wanted = self._trial.tests
        items[:] = [
            item
            for item in items
            if getattr(item, "originalname", item.name) in wanted.get(item.path.name, ())
        ]
        super().pytest_collection_modifyitems(items)

    def judge_case(
        self, record: TestRecord, item: pytest.Function, test: Callable[[], None]
    ) -> None:
        """Decide a case for every term, or explain the ones that failed."""
        for term in self._judges:
            if self._trial.stop_at_failure and self.has_failed:
                return
            if self.explaining:
                self._explain(item, term, test)
            else:
                self.seen[item.nodeid, term] = self._decide(record, item, term, test)

    def _has_failed(self, item: pytest.Item) -> bool:
        failed = Outcome.FAILED
        return any(
            node == item.nodeid and seen.outcome is failed for (node, _), seen in self.seen.items()
        )

    @property
    def has_failed(self) -> bool:
        """Whether a test failed so far."""
        return any(seen.outcome is Outcome.FAILED for seen in self.seen.values())

    def _decide(
        self, record: TestRecord, item: pytest.Function, term: str, test: Callable[[], None]
    ) -> Seen:
        excess: dict[str, float] = {}
        wanted, own = self._numbers[item.nodeid, term] = list[Array](), list[Array]()

        def watch(comparison: Comparison) -> None:
            if comparison.want is not None:
                wanted.append(comparison.want)
            if comparison.got is not None:
                own.append(comparison.got)
            if comparison.excess is not None:
                site = comparison.site
                excess[site] = max(comparison.excess, excess.get(site, 0.0))

        started = time.perf_counter()
        with patience(self._patience_s), watch_comparisons(watch):
            verdict = self._judges[term].decide(test, item.name)
        return Seen(
            file=item.path.name,
            test=record.name,
            task=record.task,
            term=term,
            seed=self._judges[term].seed_of(item.name),
            outcome=verdict.outcome,
            hint=verdict.hint,
            message=verdict.message,
            staff_note=verdict.staff_note,
            seconds=time.perf_counter() - started,
            excess=excess,
            revealed=revealed(verdict.message, wanted, own),
        )

    def _explain(self, item: pytest.Function, term: str, test: Callable[[], None]) -> None:
        """Put an example's words in the place of a failure's own."""
        seen = self.seen.get((item.nodeid, term))
        if seen is None or seen.outcome is not Outcome.FAILED:
            return
        failed = Verdict(Outcome.FAILED, seen.message, seen.hint)
        with patience(self._patience_s):
            verdict = self._judges[term].explain(test, item.name, failed)
        told = {
            "message": verdict.message,
            "hint": verdict.hint,
            "revealed": revealed(verdict.message, *self._numbers[item.nodeid, term]),
        }
        self.seen[item.nodeid, term] = seen.model_copy(update=told)


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise TestHung where the code is by then; again each second, should it be swallowed."""

    def give_up(number: int, frame: FrameType | None) -> None:
        raise TestHung(f"the hidden test was still running after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
