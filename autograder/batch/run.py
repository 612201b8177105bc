"""Grading one student after another, watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from autograder.batch.grade import Graded, Grader
from autograder.batch.interrupt import StopRequest


class Watcher(Protocol):
    """Whoever wants to know how far grading has come."""

    def started(self, student: str) -> None:
        """Take note that a student's submission is being graded now."""

    def finished(self, graded: Graded) -> None:
        """Take note of what it came to."""

    def stopping(self) -> None:
        """Take note that this submission is the last one."""


def run_batch(grader: Grader, students: Sequence[str], watcher: Watcher) -> list[Graded]:
    """Grade the students in turn; return those that were reached.

    After Ctrl-C the submission at hand is finished and the rest is left. Running it again
    goes on from there.
    """
    done: list[Graded] = []
    with StopRequest(watcher.stopping) as stop:
        for student in students:
            watcher.started(student)
            done.append(grader.grade(student))
            watcher.finished(done[-1])
            if stop.made:
                break
    return done
