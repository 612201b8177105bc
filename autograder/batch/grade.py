"""Grades one submission at a time, with nbgrader's own converter."""

from __future__ import annotations

import glob
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Self

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from autograder.batch.course import Course
from autograder.batch.log import Log
from autograder.batch.visible import visible
from autograder.contract import Contract, Kind, check_slug, load_contract
from autograder.errors import UserError
from autograder.grading.engine import shared_engine
from autograder.grading.hints import load_hints
from autograder.grading.seeds import read_secret
from autograder.hooks.converter import AutogradeSubmissions
from autograder.outcomes import SubmissionResult, TaskResult
from autograder.results import read_result, write_result

log = logging.getLogger(__name__)

_NOT_RUN = "not run"
_LONGEST_REASON = 300


@dataclass(frozen=True)
class Graded:
    """What one submission came to in this run."""

    student: str
    result: SubmissionResult
    seconds: float
    is_new: bool
    """Whether it was graded now; else an earlier run did, and nothing was handed in since."""


@dataclass(frozen=True)
class _Attempt:
    """One run of nbgrader's converter on one student."""

    results: tuple[SubmissionResult, ...] = ()
    passed_over: bool = False


class Grader:
    """Grades the submissions of one assignment; use it as a context manager.

    Parameters
    ----------
    slug
        The assignment.
    force
        Grade what is already graded again.

    Raises
    ------
    UserError
        If grading cannot work for anybody: a broken contract, a missing secret, an assignment
        that the gradebook does not know, a confinement that this machine does not give.
    """

    def __init__(self, course: Course, slug: str, *, force: bool = False) -> None:
        self._course = course
        self._slug = slug
        self._force = force
        settings = course.settings
        check_slug(slug)
        self.contract: Contract = load_contract(settings.locate(settings.assignments_dir) / slug)
        load_hints(settings.locate(settings.graders_dir) / slug)
        read_secret(settings)
        _demand_known(course, slug)
        self.tier = shared_engine(settings).tier
        logs = course.root / ".autograder" / "logs"
        self._log = Log(logs / f"{slug}.log", course.app.log, logging.getLogger("autograder"))

    @property
    def log_path(self) -> Path:
        """Where nbgrader's and the grader's messages are written."""
        return self._log.path

    def students(self, wanted: Sequence[str] = ()) -> list[str]:
        """Return whom to grade: those asked for, or everybody who submitted.

        Raises
        ------
        UserError
            If one who is asked for has submitted nothing, or nobody has.
        """
        submitted = self._course.submitted_students(self._slug)
        if not submitted:
            raise UserError(
                f"There is no submission of {self._slug} in {self._course.root}.",
                hint=f"Collect them first: nbgrader collect {self._slug}",
            )
        for student in wanted:
            if student not in submitted:
                near = get_close_matches(student, submitted)
                raise UserError(
                    f"{visible(student)} has submitted nothing for {self._slug}.",
                    hint=f"Did you mean {visible(' or '.join(near))}?" if near else "",
                )
        return list(dict.fromkeys(wanted)) or submitted

    def grade(self, student: str) -> Graded:
        """Grade one submission; whatever goes wrong with it becomes its result."""
        start = time.monotonic()
        self._log.errors.clear()
        attempt = self._convert(student, force=self._force)
        kept = None
        if attempt.passed_over:
            kept = read_result(self._course.settings, self._slug, student)
            if kept is None:  # graded before results were kept: only grading again tells
                attempt = self._convert(student, force=True)
        result = kept or self._result(student, attempt)
        return Graded(student, result, time.monotonic() - start, is_new=kept is None)

    def _convert(self, student: str, *, force: bool) -> _Attempt:
        if glob.escape(student) != student:
            # nbgrader takes the folder's name for a pattern, and would grade a classmate's files.
            log.error("%s: not graded: no student's id holds any of the characters * ? [", student)
            return _Attempt()
        coursedir = self._course.coursedir(assignment_id=self._slug, student_id=student)
        converter = AutogradeSubmissions(coursedir=coursedir, parent=self._course.app)
        converter.force = force
        try:
            converter.start()
        except NbGraderException:  # it has told the log why
            return _Attempt()
        except Exception:
            log.exception("%s: nbgrader failed", student)
            return _Attempt()
        results = tuple(converter.exporter.results)
        # Without a result, a submission that is still listed was found graded already; one
        # that the hooks refused is not listed any more.
        return _Attempt(results=results, passed_over=bool(converter.assignments) and not results)

    def _result(self, student: str, attempt: _Attempt) -> SubmissionResult:
        """Return what the hooks made of the submission, or else why they did not."""
        made = (item for item in attempt.results if item.notebook == self.contract.notebook)
        result = next(made, None)
        if result is None:  # the hooks keep what they made
            result = self._ungraded(student)
            write_result(self._course.settings, result)
        return result

    def _ungraded(self, student: str) -> SubmissionResult:
        errors = self._log.errors or ["nbgrader gave no result, and no reason"]
        reason = visible(errors[0].removeprefix(f"{student}: not graded: "), _LONGEST_REASON)
        return SubmissionResult(
            student=visible(student),
            assignment=self._slug,
            notebook=self.contract.notebook,
            tasks=tuple(
                TaskResult(task=task.id, max_points=task.points, reason=reason)
                for task in self.contract.tasks
                if task.kind is Kind.AUTO
            ),
            tier=_NOT_RUN,
            damaged=reason,
        )

    def __enter__(self) -> Self:
        self._log.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._log.__exit__(*_)


def _demand_known(course: Course, slug: str) -> None:
    coursedir = course.coursedir()
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            gradebook.find_assignment(slug)
        except MissingEntry as error:
            raise UserError(
                f"The gradebook of {course.root} does not know the assignment {slug}.",
                hint=f"Make its release first: nbgrader generate_assignment {slug}",
            ) from error
