"""Runs many trials: warm, several at once, and those of an earlier audit not at all."""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.util
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Self

from threadpoolctl import threadpool_limits

from autograder.audit.cache import Cache
from autograder.audit.laboratory import Laboratory, Subject
from autograder.audit.trial import Trial, TrialResult
from autograder.errors import UserError
from autograder.sandbox import SandboxLost

_PR_SET_PDEATHSIG = 1
Done = Callable[[], None]

_laboratory: Laboratory | None = None
"""Each worker process keeps its own, with its warm parent."""


@dataclass
class Counts:
    """How many trials were asked for, and how many of them an earlier audit had run."""

    trials: int = 0
    cached: int = 0


class TrialPool:
    """Worker processes that try answers; use it as a context manager.

    Parameters
    ----------
    jobs
        How many workers, each with a warm parent of its own.
    digests
        See :meth:`Trial.key`.
    """

    def __init__(
        self, subject: Subject, jobs: int, cache: Cache, digests: Mapping[str, str]
    ) -> None:
        self._cache = cache
        self._digests = digests
        self._pool = ProcessPoolExecutor(
            jobs,
            # A fresh interpreter: a fork of one that has run torch or pytest is not.
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_open,
            initargs=(subject,),
        )
        self.counts = Counts()

    def run(self, trials: Sequence[Trial], done: Done) -> list[TrialResult]:
        """Return what the trials came to, in their order; ``done`` is called after each.

        Raises
        ------
        UserError
            If a worker process died, which no answer can bring about.
        """
        results: list[TrialResult | None] = [None] * len(trials)
        waiting: dict[Future[TrialResult], int] = {}
        for index, trial in enumerate(trials):
            known, missing = self._look_up(trial)
            if missing:
                waiting[self._pool.submit(_run, trial, missing)] = index
                results[index] = known
            else:
                results[index] = known
                done()
        for future in as_completed(waiting):
            index = waiting[future]
            self._keep(trials[index], _outcome(future, trials[index]), results, index)
            done()
        return [result for result in results if result is not None]

    def _look_up(self, trial: Trial) -> tuple[TrialResult, tuple[str, ...]]:
        """Return what is known of a trial, and the files that must still be run."""
        self.counts.trials += 1
        found: list[TrialResult] = []
        missing: list[str] = []
        for files in _units(trial):
            kept = self._cache.get(trial.key(files, self._digests))
            if kept is None:
                missing += files
            else:
                found.append(kept)
        if not missing:
            self.counts.cached += 1
        return _joined(found), tuple(missing)

    def _keep(
        self, trial: Trial, fresh: TrialResult, results: list[TrialResult | None], index: int
    ) -> None:
        known = results[index] or TrialResult()
        results[index] = _joined([known, fresh])
        if fresh.errors:  # pytest does not say which file they concern
            return
        for files in _units(trial):
            part = [seen for seen in fresh.seen if seen.file in files]
            if part:
                self._cache.put(trial.key(files, self._digests), TrialResult(seen=tuple(part)))

    def close(self) -> None:
        """End the workers and their warm parents."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _units(trial: Trial) -> list[tuple[str, ...]]:
    """Return the groups of files whose results are kept together."""
    if trial.stop_at_failure:  # what runs depends on the files before
        return [tuple(trial.tests)]
    return [(name,) for name in trial.tests]


def _joined(parts: Iterable[TrialResult]) -> TrialResult:
    listed = list(parts)
    return TrialResult(
        seen=tuple(seen for part in listed for seen in part.seen),
        errors=tuple(error for part in listed for error in part.errors),
    )


def _outcome(future: Future[TrialResult], trial: Trial) -> TrialResult:
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise UserError(
            f"A process of the audit died while {trial.label} was tried.",
            hint="Was it killed for want of memory? Try with --jobs 1.",
        ) from error
    except SandboxLost as lost:
        raise UserError(
            f"The sandbox was lost twice while {trial.label} was tried: {lost}"
        ) from lost


def _open(subject: Subject) -> None:
    """Prepare a worker."""
    global _laboratory
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that coordinates
    _laboratory = Laboratory(subject)
    # Workers leave without Python's ordinary exit handlers.
    multiprocessing.util.Finalize(None, _laboratory.close, exitpriority=1)


def _run(trial: Trial, files: tuple[str, ...]) -> TrialResult:
    assert _laboratory is not None
    threadpool_limits(trial.threads)
    return _laboratory.run(replace(trial, tests={name: trial.tests[name] for name in files}))
