"""Grades one submission at a time in this process: grading and saving, one after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autograder.batch.assignment import check_assignment
from autograder.batch.course import Course
from autograder.batch.marking import Marker
from autograder.batch.writer import Writer
from autograder.classic import Outline
from autograder.contract import Contract
from autograder.grading.engine import shared_engine
from autograder.outcomes import SubmissionResult
from autograder.results import write_result


@dataclass(frozen=True)
class Graded:
    """What one submission came to in this run."""

    student: str
    result: SubmissionResult
    seconds: float
    is_new: bool
    """Whether it was graded now; else an earlier run did, and nothing was handed in since."""
    is_stale: bool = False
    """Whether an earlier run graded it by another grader, or with other data."""


class Grader:
    """Grades submissions of one assignment, whatever the journal says; a context manager.

    Raises
    ------
    UserError
        If grading cannot work for anybody.
    """

    def __init__(self, course: Course, slug: str) -> None:
        self._assignment = check_assignment(course, slug)
        self.tier = shared_engine(course.settings, slug).tier
        self._marker = Marker(course, slug, self._assignment.log_path)
        self._writer = Writer(self._assignment)

    @property
    def contract(self) -> Contract | Outline:
        """What the assignment holds."""
        return self._assignment.contract

    @property
    def log_path(self) -> Path:
        """Where nbgrader's and the grader's messages are written."""
        return self._assignment.log_path

    def students(self, wanted: Sequence[str] = ()) -> list[str]:
        """Return whom to grade: those asked for, or everybody who submitted."""
        return self._assignment.students(wanted)

    def grade(self, student: str) -> Graded:
        """Grade and save one submission."""
        start = time.monotonic()
        marked = self._marker.mark(student)
        self._writer.save(marked)
        result = self._assignment.result(marked)
        write_result(self._assignment.course.settings, result)
        return Graded(student, result, time.monotonic() - start, is_new=True)

    def __enter__(self) -> Self:
        self._marker.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._marker.close()
        self._writer.close()
