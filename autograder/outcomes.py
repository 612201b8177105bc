"""What grading can end in, as plain data that is checked whenever it is read.

A :class:`SubmissionResult` is all that the trusted side knows about one graded
notebook. It is a JSON document (``result.model_dump_json()``), so that it can
be kept, compared and sent between machines; nothing in it is code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Outcome(StrEnum):
    """The four endings of a test, of a task, and of a submission.

    ``DEFERRED`` and ``NOT_GRADED`` are never a zero and never a pass: the cell
    waits for another machine or for a person.
    """

    PASSED = "passed"
    FAILED = "failed"
    DEFERRED = "deferred"
    NOT_GRADED = "not graded"

    @property
    def is_settled(self) -> bool:
        """Whether the outcome decides a mark."""
        return self in (Outcome.PASSED, Outcome.FAILED)


class MarksFrom(StrEnum):
    """Where marks were decided, and so what they can be trusted for.

    ``HIDDEN_TESTS`` ran outside the student's process: nothing that a submission does can change
    them. ``TEST_CELLS`` ran inside it, as in plain nbgrader: a submission that sets out to cheat
    can make them pass.
    """

    HIDDEN_TESTS = "hidden tests"
    TEST_CELLS = "test cells"


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TestResult(_Document):
    """One hidden test: a property of the student's code, worth some points."""

    __test__ = False  # not a pytest class, whatever its name

    name: str
    task: str
    points: float = Field(ge=0)
    outcome: Outcome
    message: str = ""
    """Why it did not pass, in words a student can read. Never the test's text."""
    hint: str | None = None
    """Identifier of the misconception the answer looks like, if one was recognised."""
    hint_text: str = ""
    """What to tell the student about that misconception."""
    earned: float | None = Field(default=None, ge=0)
    """Points for a part of the answer, where a test cell gave such; else it is all or nothing."""

    @property
    def score(self) -> float:
        """Points earned so far; an undecided test earns none."""
        if self.earned is not None:
            return self.earned
        return self.points if self.outcome is Outcome.PASSED else 0.0


class TaskResult(_Document):
    """A task: its tests, and what they come to."""

    task: str
    max_points: float = Field(ge=0)
    tests: tuple[TestResult, ...] = ()
    reason: str = ""
    """Why the whole task could not be graded, where that is so."""

    @property
    def outcome(self) -> Outcome:
        """Passed only if every test passed; undecided as soon as one test is."""
        return worst(test.outcome for test in self.tests)

    @property
    def score(self) -> float | None:
        """Points earned, or None while any test is undecided."""
        if not self.outcome.is_settled:
            return None
        return sum(test.score for test in self.tests)


class SubmissionResult(_Document):
    """One graded notebook."""

    student: str
    assignment: str
    notebook: str
    tasks: tuple[TaskResult, ...]
    tier: str
    """How the student's code was confined (see ``autograder.sandbox``)."""
    missing: tuple[str, ...] = ()
    """Layers of the agreed minimum that were missing; the course had consented to that."""
    damaged: str = ""
    """Why the notebook could not be read, where that is so."""
    notes: tuple[str, ...] = ()
    """What a person should know: repaired cells, cells that were stopped."""
    marks_from: MarksFrom = MarksFrom.HIDDEN_TESTS

    @property
    def outcome(self) -> Outcome:
        """The outcome of the worst task."""
        if self.marks_from is MarksFrom.TEST_CELLS and not (self.tasks or self.damaged):
            return Outcome.PASSED  # a person marks all of it
        return worst(task.outcome for task in self.tasks)

    def undecided(self) -> Iterator[tuple[Outcome, str]]:
        """Yield outcome and reason of each task and each test that has no mark."""
        for task in self.tasks:
            if task.reason:
                yield task.outcome, task.reason
            for test in task.tests:
                if not test.outcome.is_settled:
                    yield test.outcome, test.message


_SEVERITY = (Outcome.NOT_GRADED, Outcome.DEFERRED, Outcome.FAILED, Outcome.PASSED)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the outcome that decides for a group; an empty group was not graded."""
    seen = set(outcomes)
    return next((outcome for outcome in _SEVERITY if outcome in seen), Outcome.NOT_GRADED)
