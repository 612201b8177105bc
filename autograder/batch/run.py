"""Grading a class: several submissions at once, one writer, and a journal that survives."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from autograder.batch.assignment import Assignment
from autograder.batch.digests import Basis
from autograder.batch.grade import Graded
from autograder.batch.interrupt import StopRequest
from autograder.batch.journal import Journal
from autograder.batch.marked import Marked
from autograder.batch.plan import Plan
from autograder.batch.pool import PoolBroken, WorkerLost
from autograder.batch.visible import visible
from autograder.batch.worker import mark
from autograder.batch.writer import StagingLost, Writer
from autograder.errors import UserError
from autograder.hooks.preflight import STUDENT_ID
from autograder.results import write_result

log = logging.getLogger(__name__)

_ATTEMPTS = 2
_AHEAD = 2
"""Submissions given to each worker before it asks, so that none waits for the writer."""
_BETWEEN_LOOKS_S = 0.25
LOCKED = "the gradebook is locked by another program"
NO_ID = "This can be no student's id: it holds one of * ? [ < > \" ` \\. Rename the folder."
NOT_SAVED = "Its marks could not be saved; the log says more."
_LONGEST_REASON = 300
LOST = "The grader was lost twice while it graded this. That is not your fault; it is tried again."


class Watcher(Protocol):
    """Whoever wants to know how far grading has come."""

    def started(self, student: str) -> None:
        """Take note that a student's submission is being graded now."""

    def finished(self, graded: Graded) -> None:
        """Take note of what it came to."""

    def stopping(self) -> None:
        """Take note that no further submission is begun."""

    def tick(self) -> None:
        """Take note that time passes."""


@dataclass
class Batch:
    """What came of a run.

    Attributes
    ----------
    chosen
        Whom the run was to look at.
    unsaved
        Students whose marks are in the journal and not yet in the gradebook, with the reason.
    """

    chosen: list[str] = field(default_factory=list)
    graded: dict[str, Graded] = field(default_factory=dict)
    unsaved: dict[str, str] = field(default_factory=dict)


class Coordinator:
    """Hands submissions to workers, and is the only one who writes.

    Parameters
    ----------
    pool
        Where submissions are graded: anything with the interface of an ``Executor`` whose
        workers were set up by ``autograder.batch.worker``.
    """

    def __init__(
        self,
        assignment: Assignment,
        pool: Executor,
        workers: int,
        journal: Journal,
        writer: Writer,
        basis: Basis,
        watcher: Watcher,
    ) -> None:
        self._assignment = assignment
        self._pool = pool
        self._window = workers * _AHEAD
        self._journal = journal
        self._writer = writer
        self._basis = basis
        self._watcher = watcher
        self._attempts: Counter[str] = Counter()
        self._running: dict[Future[str], tuple[str, str]] = {}
        self._announced: set[str] = set()
        self._batch = Batch()

    def run(self, plan: Plan) -> Batch:
        """Grade what the plan says; after Ctrl-C finish what is in hand."""
        self._batch.chosen = plan.students
        for graded in plan.kept:
            self._finish(graded)
        waiting: deque[tuple[str, str]] = deque()
        for student, digest in plan.to_grade.items():
            if STUDENT_ID.fullmatch(student):
                waiting.append((student, digest))
            else:  # neither the journal nor the gradebook is to hold such a name
                nobody = self._assignment.ungraded(student, NO_ID)
                self._finish(Graded(student, nobody, 0.0, is_new=True))
        for marked, digest in plan.unsaved:
            if not self._save(marked):
                waiting.append((marked.student, digest))
        with StopRequest(self._watcher.stopping) as stop:
            while self._running or (waiting and not stop.made):
                while waiting and not stop.made and len(self._running) < self._window:
                    self._begin(*waiting.popleft())
                for future in self._completed():
                    if again := self._settle(future, *self._running.pop(future)):
                        waiting.appendleft(again)
        self._save_again()
        return self._batch

    def _begin(self, student: str, digest: str) -> None:
        self._journal.start(self._assignment.slug, student, digest, self._basis)
        self._running[self._pool.submit(mark, student)] = (student, digest)

    def _completed(self) -> set[Future[str]]:
        for future, (student, _) in self._running.items():
            if future.running() and student not in self._announced:
                self._announced.add(student)
                self._watcher.started(student)
        self._watcher.tick()
        return wait(self._running, _BETWEEN_LOOKS_S, FIRST_COMPLETED).done

    def _settle(self, future: Future[str], student: str, digest: str) -> tuple[str, str] | None:
        """Take a submission's result; return it if it is to be tried again."""
        self._attempts[student] += 1
        self._announced.discard(student)
        is_last = self._attempts[student] >= _ATTEMPTS
        try:
            marked = Marked.model_validate_json(future.result())
        except WorkerLost as lost:
            marked = self._ungraded(student, str(lost))
        if marked.is_ours and not is_last:
            return student, digest
        self._journal.graded(marked)
        if self._save(marked):
            return None
        if not is_last:
            return student, digest
        self._save(self._ungraded(student, "its files vanished"))
        return None

    def _ungraded(self, student: str, why: str) -> Marked:
        slug = self._assignment.slug
        return Marked(student=student, assignment=slug, refused=f"{LOST} ({why})", is_ours=True)

    def _save(self, marked: Marked) -> bool:
        """Save one submission; return False if it has to be graded again."""
        slug, student = self._assignment.slug, marked.student
        result = self._assignment.result(marked)
        if self._batch.unsaved and student not in self._batch.unsaved:
            self._batch.unsaved[student] = LOCKED  # not each of them shall wait for the lock
            return True
        try:
            self._writer.save(marked)
            write_result(self._assignment.course.settings, result)
        except StagingLost:
            return False
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            self._batch.unsaved[student] = LOCKED
            return True
        except OSError:  # the disk is full: that holds for everybody
            raise
        except Exception as error:  # of the gradebook, or of a step of the course's own
            log.exception("%s: the marks could not be saved", student)
            self._set_aside(marked, f"{NOT_SAVED} ({type(error).__name__}: {error})")
            return True
        if marked.is_ours:
            self._journal.quarantine(slug, student, marked.refused)
        else:
            self._journal.saved(slug, student, result.outcome)
        self._batch.unsaved.pop(student, None)
        self._finish(Graded(student, result, marked.seconds, is_new=True))
        return True

    def _set_aside(self, marked: Marked, reason: str) -> None:
        """Keep one submission that cannot be saved from stopping all others."""
        reason = visible(reason, _LONGEST_REASON)
        result = self._assignment.ungraded(marked.student, reason)
        write_result(self._assignment.course.settings, result)
        self._journal.quarantine(self._assignment.slug, marked.student, reason)
        self._batch.unsaved.pop(marked.student, None)
        self._finish(Graded(marked.student, result, marked.seconds, is_new=True))

    def _save_again(self) -> None:
        """Try once more what could not be saved; it stays in the journal if it cannot now."""
        entries = self._journal.entries(self._assignment.slug) if self._batch.unsaved else {}
        for student in list(self._batch.unsaved):
            if (marked := entries[student].marked) is not None:
                self._save(marked)
            if student in self._batch.unsaved:
                return

    def _finish(self, graded: Graded) -> None:
        self._batch.graded[graded.student] = graded
        self._watcher.finished(graded)


@contextlib.contextmanager
def trouble_explained(assignment: Assignment) -> Iterator[None]:
    """Turn a full disk or a gradebook that cannot be written into a sentence.

    Raises
    ------
    UserError
        In place of the exception; what was graded until then is kept.
    """
    try:
        yield
    except (OSError, OperationalError, sqlite3.OperationalError, PoolBroken) as error:
        reason = error.orig if isinstance(error, OperationalError) else error
        raise UserError(
            f"Grading {assignment.slug} stopped: {reason}.",
            hint="What was graded until now is kept. Put the cause right (a full disk?), and "
            "run the same command again: it goes on from there.",
        ) from error


def conditions(basis: Basis, tier: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is fixed for every submission of a run, for the record."""
    return {
        "basis": basis.model_dump(),
        "tier": tier,
        "threads": 1,
        "hash_seed": 0,
        "torch_deterministic": True,
        "settings": dict(settings),
    }
