"""Grading without saving: to see what would change, and whether marks can be relied on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass

from autograder.batch.assignment import Assignment
from autograder.batch.grade import Graded
from autograder.batch.marked import Marked
from autograder.batch.pool import WorkerLost
from autograder.batch.run import Watcher
from autograder.batch.worker import mark
from autograder.outcomes import Outcome, SubmissionResult, TestResult

_BETWEEN_LOOKS_S = 0.25


@dataclass(frozen=True)
class Change:
    """A task whose mark is not what it was.

    Attributes
    ----------
    before, after
        Points; None where the task was not decided.
    why
        The hidden tests that ended otherwise, in words.
    """

    student: str
    task: str
    before: float | None
    after: float | None
    why: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Points gained; what is undecided counts nothing, as in nbgrader's totals."""
        return (self.after or 0.0) - (self.before or 0.0)


def rehearsed(
    assignment: Assignment, pool: Executor, students: Sequence[str], watcher: Watcher
) -> Iterator[Graded]:
    """Grade each student named, as often as named; a lost worker's is tried once more."""
    waiting = list(students)
    running: dict[Future[str], str] = {}
    while waiting or running:
        # Never the same student twice at once: the two would share a staging folder.
        for student in dict.fromkeys(waiting):
            if student not in running.values():
                waiting.remove(student)
                running[pool.submit(mark, student)] = student
        watcher.tick()
        for future in wait(running, _BETWEEN_LOOKS_S, FIRST_COMPLETED).done:
            student = running.pop(future)
            graded = _graded(assignment, student, _answer(future, pool, student))
            watcher.finished(graded)
            yield graded


def _answer(future: Future[str], pool: Executor, student: str) -> Marked:
    try:
        return Marked.model_validate_json(future.result())
    except WorkerLost:
        return Marked.model_validate_json(pool.submit(mark, student).result())


def _graded(assignment: Assignment, student: str, marked: Marked) -> Graded:
    return Graded(student, assignment.result(marked), marked.seconds, is_new=True)


def changes(before: SubmissionResult | None, after: SubmissionResult) -> list[Change]:
    """Return the tasks whose points differ between two results of a submission."""
    old = {task.task: task for task in before.tasks} if before else {}
    found = []
    for task in after.tasks:
        last = old.get(task.task)
        score = last.score if last else None
        if score != task.score:
            why = _why(last.tests if last else (), task.tests)
            why = why or ((task.reason,) if task.reason else ())
            found.append(Change(after.student, task.task, score, task.score, why))
    return found


def _why(before: Sequence[TestResult], after: Sequence[TestResult]) -> tuple[str, ...]:
    old = {test.name: test.outcome for test in before}
    new = {test.name: test for test in after}
    lines = []
    for name in dict.fromkeys([*old, *new]):
        was, test = old.get(name), new.get(name)
        if test is None:
            lines.append(f"{name}: {was}, and is no longer asked")
        elif was is None:
            lines.append(f"{name}: new, {test.outcome}{_message(test)}")
        elif was is not test.outcome:
            lines.append(f"{name}: {was}, now {test.outcome}{_message(test)}")
    return tuple(lines)


def _message(test: TestResult) -> str:
    first = test.message.partition("\n")[0]
    return f" ({first})" if first and test.outcome is not Outcome.PASSED else ""
