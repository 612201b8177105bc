"""Which submissions are to be graded, and which stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autograder.batch.assignment import Assignment
from autograder.batch.digests import Basis, submission_digest
from autograder.batch.grade import Graded
from autograder.batch.journal import Entry, State
from autograder.batch.marked import Marked
from autograder.grading.run import LOST, LOST_WHILE_SHOWING
from autograder.hooks.exporter import OUR_FAULT
from autograder.hooks.grade import GRADER_FAILED
from autograder.kernels import STOPPED
from autograder.outcomes import MarksFrom, Outcome, SubmissionResult
from autograder.results import read_result


class Only(StrEnum):
    """Which submissions to look at."""

    NEW = "new"
    """Never graded, handed in again since, or interrupted."""
    DEFERRED = "deferred"
    """Waiting for a device that was not there."""
    FAILED = "failed"
    """Those that could not be graded: lost, damaged, or met by an error of the grader's."""


@dataclass
class Plan:
    """What a run is to do.

    Attributes
    ----------
    to_grade
        Student to digest of the submission, in order.
    unsaved
        What an earlier run graded and could not save, with the digests.
    kept
        What an earlier run graded and saved, and has not changed.
    """

    to_grade: dict[str, str] = field(default_factory=dict)
    unsaved: list[tuple[Marked, str]] = field(default_factory=list)
    kept: list[Graded] = field(default_factory=list)

    @property
    def students(self) -> list[str]:
        """Everybody in the plan."""
        unsaved = [marked.student for marked, _ in self.unsaved]
        return [*(item.student for item in self.kept), *unsaved, *self.to_grade]

    def __len__(self) -> int:
        return len(self.to_grade) + len(self.unsaved) + len(self.kept)


def make_plan(
    assignment: Assignment,
    students: Sequence[str],
    entries: dict[str, Entry],
    basis: Basis,
    *,
    only: Only | None = None,
    rerun: bool = False,
) -> Plan:
    """Sort the students by what has to be done for each.

    Parameters
    ----------
    only
        Leave out everybody else, but for what a run left unfinished: marks that are not saved, and
        submissions that it was grading when it ended.
    rerun
        Grade again what is graded already.
    """
    plan = Plan()
    for student in students:
        entry = entries.get(student)
        digest = submission_digest(assignment.folder(student))
        is_new = entry is None or entry.submission != digest or _was_interrupted(entry)
        kept = None if is_new else read_result(assignment.course.settings, assignment.slug, student)
        marked = entry.marked if entry is not None and not (is_new or rerun) else None
        is_unfinished = marked is not None or _was_interrupted(entry)
        if only is not None and not is_unfinished and only is not _group(entry, is_new):
            continue
        if marked is not None:
            plan.unsaved.append((marked, digest))
            continue
        if entry is None or kept is None or rerun or only is not None or _is_ours(entry, kept):
            plan.to_grade[student] = digest
        else:
            is_stale = (entry.basis.grader, entry.basis.data) != (basis.grader, basis.data)
            plan.kept.append(Graded(student, kept, 0.0, is_new=False, is_stale=is_stale))
    return plan


def _was_interrupted(entry: Entry | None) -> bool:
    return entry is not None and entry.state is State.STARTED


def _group(entry: Entry | None, is_new: bool) -> Only | None:
    if entry is None or is_new:
        return Only.NEW
    groups = {Outcome.DEFERRED: Only.DEFERRED, Outcome.NOT_GRADED: Only.FAILED}
    return groups.get(entry.outcome) if entry.outcome else None


def _is_ours(entry: Entry, result: SubmissionResult) -> bool:
    """Whether something is missing in a submission's result through a fault that is not its own."""
    if entry.state is State.QUARANTINED or LOST_WHILE_SHOWING in result.notes:
        return True
    if result.marks_from is MarksFrom.TEST_CELLS:  # else a cell waits for a person, not for us
        return any(task.reason in (LOST, GRADER_FAILED) for task in result.tasks)
    if result.outcome is not Outcome.NOT_GRADED or result.damaged not in ("", OUR_FAULT):
        return False
    reasons = [why for outcome, why in result.undecided() if outcome is Outcome.NOT_GRADED]
    # One that took all its time would take it again, and hold up every run from now on.
    return not reasons or any(not why.startswith(STOPPED) for why in reasons)
