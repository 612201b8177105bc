"""An assignment that is about to be graded: checked once, before the first submission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.batch.course import Course
from autograder.batch.marked import Marked
from autograder.batch.visible import visible
from autograder.classic import Outline, is_classic, merge, read_outline
from autograder.contract import Contract, Kind, check_slug
from autograder.errors import UserError
from autograder.grading.ready import check_ready
from autograder.hooks.classic import check_classic
from autograder.outcomes import MarksFrom, SubmissionResult, TaskResult
from autograder.results import file_stem

_NOT_RUN = "not run"
_NO_RESULT = "nbgrader converted the notebook, and the hidden tests were not run"


@dataclass(frozen=True)
class Assignment:
    """What is to be graded, and whose.

    Attributes
    ----------
    contract
        What it holds; an outline, if its tests stand in its notebooks.
    notebooks
        Names of the assignment's notebooks in the gradebook.
    """

    course: Course
    slug: str
    contract: Contract | Outline
    notebooks: tuple[str, ...]

    @property
    def log_path(self) -> Path:
        """Where nbgrader's and the grader's messages are written."""
        return self.course.root / ".autograder" / "logs" / f"{file_stem(self.slug)}.log"

    def students(self, wanted: Sequence[str] = ()) -> list[str]:
        """Return whom to grade: those asked for, or everybody who submitted.

        Raises
        ------
        UserError
            If one who is asked for has submitted nothing, or nobody has.
        """
        submitted = self.course.submitted_students(self.slug)
        if not submitted:
            raise UserError(
                f"There is no submission of {self.slug} in {self.course.root}.",
                hint=f"Collect them first: nbgrader collect {self.slug}",
            )
        for student in wanted:
            if student not in submitted:
                near = get_close_matches(student, submitted)
                raise UserError(
                    f"{visible(student)} has submitted nothing for {self.slug}.",
                    hint=f"Did you mean {visible(' or '.join(near))}?" if near else "",
                )
        return list(dict.fromkeys(wanted)) or submitted

    def folder(self, student: str) -> Path:
        """Return where a student's submission lies."""
        return self.course.submission(self.slug, student)

    def result(self, marked: Marked) -> SubmissionResult:
        """Return what a submission came to, or why it came to nothing."""
        made = list(marked.results)
        if isinstance(self.contract, Contract):
            made = [item for item in made if item.notebook == self.contract.notebook][:1]
        if not made:
            return self.ungraded(marked.student, marked.refused or _NO_RESULT)
        return made[0] if isinstance(self.contract, Contract) else merge(made, self.contract)

    def ungraded(self, student: str, reason: str) -> SubmissionResult:
        """Return a result in which every task waits for a person or another run."""
        return SubmissionResult(
            student=visible(student),
            assignment=self.slug,
            notebook=", ".join(self.notebooks),
            tasks=tuple(
                TaskResult(task=task.id, max_points=task.points, reason=reason)
                for task in self.contract.tasks
                if task.kind is Kind.AUTO
            ),
            tier=_NOT_RUN,
            damaged=reason,
            marks_from=MarksFrom.TEST_CELLS if self.is_classic else MarksFrom.HIDDEN_TESTS,
        )

    @property
    def is_classic(self) -> bool:
        """Whether the tests stand in the notebooks, as in plain nbgrader."""
        return isinstance(self.contract, Outline)


def check_assignment(course: Course, slug: str) -> Assignment:
    """Check everything that grading needs, whoever submitted.

    Raises
    ------
    UserError
        If grading cannot work for anybody; also if the gradebook does not know the assignment.
    """
    coursedir = course.coursedir(assignment_id=slug)
    if is_classic(course.settings, coursedir):
        check_classic(course.settings, coursedir)
        return Assignment(course, slug, outline := read_outline(coursedir), outline.notebooks)
    check_slug(slug)
    contract = check_ready(course.settings, slug)
    return Assignment(course, slug, contract, _notebooks(course, slug))


def _notebooks(course: Course, slug: str) -> tuple[str, ...]:
    coursedir = course.coursedir()
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            return tuple(entry.name for entry in gradebook.find_assignment(slug).notebooks)
        except MissingEntry as error:
            raise UserError(
                f"The gradebook of {course.root} does not know the assignment {slug}.",
                hint=f"Make its release first: nbgrader generate_assignment {slug}",
            ) from error
