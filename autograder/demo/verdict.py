"""Compares what was seen with what had to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nbgrader.api import Gradebook

from autograder.batch import Course
from autograder.demo.damage import SCRIPT
from autograder.demo.handins import Expected, HandIn
from autograder.outcomes import SubmissionResult
from autograder.reports.findings import findings, max_points, points

Scores = Mapping[str, float | None]


def problems(
    course: Course, slug: str, plan: Sequence[HandIn], results: Sequence[SubmissionResult]
) -> list[str]:
    """Return, in words, everything that is not as it must be; empty if all is well."""
    seen = {result.student: result for result in results}
    marks = _gradebook_marks(course, slug)
    found = [
        f"{handin.student}: {problem}"
        for handin in plan
        for problem in _compare(handin, seen.get(handin.student), marks.get(handin.student, {}))
    ]
    strangers = seen.keys() - {handin.student for handin in plan}
    return [*found, *(f"{name} handed nothing in" for name in strangers), *_leaks(course)]


def _compare(handin: HandIn, result: SubmissionResult | None, marks: Scores) -> Iterator[str]:
    if result is None:
        yield "there is no result"
        return
    reached, told = points(result), " ".join(findings(result))
    if handin.expected is Expected.NOT_GRADED:
        if reached is not None or not told:
            yield f"had to be {handin.expected}, and got {reached}"
    elif reached is None:
        yield f"had to get {handin.expected}, and was not graded: {told}"
    elif (reached >= max_points(result)) is not (handin.expected is Expected.FULL):
        yield f"had to get {handin.expected}, and got {reached:g} of {max_points(result):g}: {told}"
    for words in handin.mentions:
        if words not in told:
            yield f"nothing was said about {words!r}, only: {told or 'nothing'}"
    for task in result.tasks:
        if marks.get(task.task, "no entry") != task.score:
            yield f"{task.task}: the gradebook says {marks.get(task.task)}, not {task.score}"


def _gradebook_marks(course: Course, slug: str) -> dict[str, Scores]:
    """Return the automatic score of each graded cell, by student."""
    coursedir = course.coursedir()
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        return {
            entry.student.id: {
                grade.name: grade.auto_score
                for notebook in entry.notebooks
                for grade in notebook.grades
            }
            for entry in gradebook.assignment_submissions(slug)
        }


def _leaks(course: Course) -> Iterator[str]:
    """Yield what must never leave the staff's side, or run in a reader's browser."""
    secret = course.settings.locate(course.settings.secret_file).read_bytes().strip()
    forbidden = {secret: "the course's secret", SCRIPT.encode(): "a script that would run"}
    for folder in ("submitted", "autograded", "feedback"):
        for path in sorted((course.root / folder).rglob("*")):
            for text, name in forbidden.items():
                as_planted = text == SCRIPT.encode() and folder != "feedback"
                if not as_planted and path.is_file() and text in path.read_bytes():
                    yield f"{name} is in {path.relative_to(course.root)}"
