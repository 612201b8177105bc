"""Says where a mark is not final: in the feedback page and in what is exported.

nbgrader counts a missing score as 0.0. A cell that waits for a person, for a device or for
another attempt would look like a zero to the student, and would be one in the table that goes
to the university.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "provisional"),
)
"""nbgrader's own, and one more."""


def cells_waiting(entry: Any) -> int:
    """Return how many cells of a submission, or of one notebook of it, have no mark yet.

    Parameters
    ----------
    entry
        nbgrader's ``SubmittedAssignment`` or ``SubmittedNotebook``.
    """
    notebooks = getattr(entry, "notebooks", [entry])
    grades = (grade for notebook in notebooks for grade in notebook.grades)
    return sum(grade.auto_score is None and grade.manual_score is None for grade in grades)


class ShowProvisional(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Adds to the heading of a feedback page that marks are missing."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Look one notebook up in the gradebook."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            entry = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            waiting = cells_waiting(entry)
        if waiting:
            names["notebook"] += f", provisional: {_count(waiting)} without a mark, counted as 0"
        return nb, resources


class ExportMarks(CsvExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's table of marks, in which a mark that is not final is left empty.

    Whoever did not submit has 0, as in nbgrader's own.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the table, and warn of what is missing in it."""
        path = Path(self.to or "grades.csv")
        rows = list(self._rows(gradebook))
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
        self.log.info("Exported %d marks to %s", len(rows), path)
        missing = sum("provisional" in row for row in rows)
        if missing:
            self.log.warning(
                "%d of %d marks are not final and were left empty; the column 'provisional' says "
                "how many cells wait. Mark them in formgrader or grade them again, then export "
                "anew.",
                missing,
                len(rows),
            )

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, Any]]:
        for assignment in gradebook.assignments:
            if not self.assignment or assignment.name in map(str, self.assignment):
                for student in gradebook.students:
                    if not self.student or student.id in map(str, self.student):
                        yield self._row(gradebook, assignment, student)

    def _row(self, gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
        row = {
            "assignment": assignment.name,
            "duedate": assignment.duedate,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "max_score": assignment.max_score,
        }
        try:
            submission = gradebook.find_submission(assignment.name, student.id)
        except MissingEntry:
            return row | {"raw_score": 0.0, "late_submission_penalty": 0.0, "score": 0.0}
        penalty = submission.late_submission_penalty
        row |= {"timestamp": submission.timestamp, "late_submission_penalty": penalty}
        waiting = cells_waiting(submission)
        if waiting:
            return row | {"provisional": f"{_count(waiting)} without a mark"}
        score = submission.score
        return row | {"raw_score": score, "score": max(0.0, score - (penalty or 0.0))}


def _count(cells: int) -> str:
    return "1 cell" if cells == 1 else f"{cells} cells"
