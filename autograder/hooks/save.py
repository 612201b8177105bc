"""Writes what grading came to into nbgrader's gradebook."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedNotebook, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import compute_checksum, determine_grade, is_solution

from autograder.classic import merge
from autograder.hooks.classic import save_classic
from autograder.hooks.record import Record
from autograder.hooks.report import as_comment, plain
from autograder.outcomes import MarksFrom, SubmissionResult
from autograder.results import write_result

ANSWER_SUFFIX = "_answer"
"""The answer cell of the task ``a1_t3`` is ``a1_t3_answer``; comments stand there."""
_PUT_BACK = "This answer was deleted from the notebook; a person decides what it is worth."


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no types
    """A ``SaveAutoGrades`` whose marks come from the hidden tests, never from outputs.

    It goes through the gradebook's entries rather than the notebook's cells, so that a
    cell that is not there is graded too.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Save the scores and comments of one notebook at once, and keep its result."""
        names, result = resources["nbgrader"], resources["autograder"]
        is_classic = result.marks_from is MarksFrom.TEST_CELLS
        with Gradebook(names["db_url"]) as gradebook:
            entry = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            if is_classic and not result.damaged:
                save_classic(nb, result, entry)
            else:
                _Saving(nb, result).save(entry)
            gradebook.db.commit()
        write_result(self.parent.settings, self._of_submission(result) if is_classic else result)
        return nb, resources

    def _of_submission(self, result: SubmissionResult) -> SubmissionResult:
        """Return the result of the whole submission so far, of which this is one notebook's."""
        student = result.student
        earlier = [item for item in self.parent.results if item.student == student]
        return merge([*earlier, result], self.parent.outline)


class _Saving:
    """The saving of one notebook's result."""

    def __init__(self, nb: NotebookNode, result: SubmissionResult) -> None:
        self._result = result
        self._tasks = {task.task: task for task in result.tasks}
        self._record = Record(nb)
        self._commented: set[str] = set()
        ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in nb["cells"]]
        self._cells = {name: cell for name, cell in zip(ids, nb["cells"], strict=True) if name}

    def save(self, entry: SubmittedNotebook) -> None:
        """Fill in one submitted notebook of the gradebook."""
        for grade in entry.grades:
            if not isinstance(grade.cell, TaskCell):  # a person's alone, as in nbgrader
                grade.auto_score = self._score(grade.name)
                _ask_for_a_person(grade)
        places = {name: place for place, name in enumerate(self._cells)}
        comments = sorted(entry.comments, key=lambda item: places.get(item.name, len(places)))
        self._commented = {comment.name for comment in comments} | self._tasks.keys()
        for comment in comments:
            comment.auto_comment = self._comment(comment.name, first=comment is comments[0])

    def _score(self, name: str) -> float | None:
        if name in self._tasks:
            return self._tasks[name].score
        cell = self._cells.get(name)
        if cell is None or not is_solution(cell) or self._is_unseen(name):
            return None
        score: float | None = determine_grade(cell)[0]
        return score

    def _comment(self, name: str, *, first: bool) -> str | None:
        """Return what is told at one answer; general notes go to the first of them."""
        task = self._tasks.get(name.removesuffix(ANSWER_SUFFIX))
        notes = [*(self._general_notes() if first else []), *self._record.notes_on(name)]
        if task is not None:
            return as_comment(task, [*notes, *self._record.notes_on(task.task)])
        if self._record.damaged:
            notes.insert(0, f"Not graded: {self._record.damaged}")
        elif name in self._record.restored:
            notes.insert(0, _PUT_BACK)
        elif self._is_untouched(name):
            notes.insert(0, "No response.")
        return "\n\n".join(map(plain, notes)) or None

    def _general_notes(self) -> list[str]:
        """Return the notes that no cell with a comment of its own takes."""
        taken = {note for name in self._commented for note in self._record.notes_on(name)}
        return [note for note in self._result.notes if note not in taken]

    def _is_unseen(self, name: str) -> bool:
        """Whether the cell's text is the placeholder through no choice of the student's."""
        return bool(self._record.damaged) or name in self._record.restored

    def _is_untouched(self, name: str) -> bool:
        cell = self._cells.get(name)
        if cell is None or not is_solution(cell):
            return False
        return bool(cell["metadata"]["nbgrader"].get("checksum") == compute_checksum(cell))


def mark_not_graded(coursedir: CourseDirectory, student: str, notebook: str, reason: str) -> None:
    """Record that a notebook waits for a person, where no notebook can be converted.

    Parameters
    ----------
    coursedir
        The course, with the assignment that is being graded.
    reason
        What the comments say, for the student.
    """
    assignment = coursedir.assignment_id
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(assignment, student)
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
        for grade in entry.grades:
            grade.auto_score = None
            _ask_for_a_person(grade)
        for comment in entry.comments:
            comment.auto_comment = plain(f"Not graded: {reason}")
        gradebook.db.commit()


def _ask_for_a_person(grade: Grade) -> None:
    """Follow nbgrader: no automatic mark, or one that a person had overruled, needs a look."""
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
