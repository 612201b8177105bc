"""Classic assignments in nbgrader's pipeline: the tests are cells of the notebook.

They run in place of nbgrader's ``Execute``, confined; what follows is nbgrader's own order, so
that outputs which a course ignores or cuts are ignored or cut before marks are read from them.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedNotebook, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task

from autograder.classic import (
    KernelRefused,
    find_kernel,
    keep_made,
    read_marks,
    run_cells,
    try_kernel,
)
from autograder.classic.marks import deciding_cells
from autograder.errors import UserError
from autograder.grading import Submission
from autograder.grading.engine import shared_engine
from autograder.hooks.outputs import clean_notebook
from autograder.outcomes import MarksFrom, SubmissionResult, TaskResult
from autograder.settings import Settings

NOT_EXECUTED = (
    "The notebook was not run (--no-execute), and the outputs in it are the student's own; a "
    "person decides."
)
_NOT_RUN = "not run"


def grade_classic(
    nb: NotebookNode,
    resources: dict[str, Any],
    settings: Settings,
    execute: Execute,
    files: dict[str, bytes],
) -> SubmissionResult:
    """Run a notebook; return its result, without marks unless these cannot be read from outputs.

    Parameters
    ----------
    execute
        nbgrader's own step, for what the course configured of it.
    files
        What lies beside the notebook.

    Raises
    ------
    KernelRefused
        If the kernel of the instructor's notebook is not installed, or names none and the
        submission another than Python.
    """
    names = resources["nbgrader"]
    if not execute.enabled:
        return _result(names, tasks=undecided(nb, NOT_EXECUTED))
    kernel = _chosen_kernel(names, nb)
    submission = Submission(names["student"], names["assignment"], names["notebook"], files)
    ran = run_cells(nb, submission, settings, kernel, _timeout_s(execute))
    dropped = keep_made(Path(resources["metadata"]["path"]), ran.made)
    notes = [f"{dropped} of the files that the notebook made were not kept."] if dropped else []
    return _result(
        names,
        tasks=undecided(nb, ran.reason) if ran.reason else (),
        tier=ran.tier,
        missing=ran.missing,
        notes=(*ran.notes, *notes),
    )


def check_classic(settings: Settings, coursedir: CourseDirectory) -> None:
    """Check everything that grading a classic assignment needs, whoever submitted.

    Raises
    ------
    UserError
        If the kernel of a notebook of the instructor's does not run here, confined, or this
        machine gives less confinement than agreed.
    """
    shared_engine(settings, coursedir.assignment_id)
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for notebook in gradebook.find_assignment(coursedir.assignment_id).notebooks:
            try:
                _check_kernel(notebook.kernelspec or "{}", settings)
            except KernelRefused as refused:
                raise UserError(
                    f"{coursedir.assignment_id} cannot be graded: {notebook.name}: {refused}.",
                    hint="Install the kernel where submissions can read it (this environment, or "
                    "below /usr), or set the notebook's kernel to one that is installed and "
                    "generate the assignment again.",
                ) from refused


@functools.cache  # nbgrader asks more than once a run, and a kernel takes seconds to start
def _check_kernel(kernelspec: str, settings: Settings) -> None:
    kernel = find_kernel(json.loads(kernelspec))
    if kernel is not None:
        try_kernel(kernel, settings)


def _chosen_kernel(names: dict[str, Any], nb: NotebookNode) -> dict[str, Any] | None:
    """Find the kernel that the instructor's notebook asks for.

    Where that names none, nbgrader would start the submission's: here it may be Python alone.
    """
    with Gradebook(names["db_url"]) as gradebook:
        notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
        spec = json.loads(notebook.kernelspec or "{}")
    if spec:
        return find_kernel(spec)
    if find_kernel(nb["metadata"].get("kernelspec")) is not None:
        raise KernelRefused("the submission asks for a kernel that the instructor's does not name")
    return None


def undecided(nb: NotebookNode, reason: str) -> tuple[TaskResult, ...]:
    """Return every test cell as not graded."""
    cells = [cell["metadata"]["nbgrader"] for cell in deciding_cells(nb)]
    return tuple(
        TaskResult(task=cell["grade_id"], max_points=cell["points"], reason=reason)
        for cell in cells
    )


class ReadMarks(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Reads a classic notebook's marks from its outputs, then makes these safe to show."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Complete the result of one notebook; hidden tests have done so already."""
        result: SubmissionResult = resources["autograder"]
        if result.marks_from is MarksFrom.TEST_CELLS:
            if not (result.tasks or result.damaged):
                resources["autograder"] = result.model_copy(update={"tasks": read_marks(nb)})
            clean_notebook(nb)
        return nb, resources


def save_classic(nb: NotebookNode, result: SubmissionResult, entry: SubmittedNotebook) -> None:
    """Fill in one submitted notebook of the gradebook, as nbgrader's ``SaveAutoGrades`` does.

    A cell that was deleted has no mark and waits for a person, also where an earlier hand-in of
    the same student had one.
    """
    scores = {task.task: task.score for task in result.tasks}
    cells = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in nb["cells"]
        if is_grade(cell) or is_solution(cell) or is_task(cell)
    }
    for grade in entry.grades:
        cell = cells.get(grade.name)
        if isinstance(grade.cell, TaskCell):
            continue  # a person's alone
        if cell is None or grade.name in scores:
            _save_grade(grade, scores.get(grade.name))
        else:
            _save_grade(grade, _unanswered(cell))
    for comment in entry.comments:
        cell = cells.get(comment.name)
        if cell is not None:
            is_same = cell["metadata"]["nbgrader"].get("checksum") == compute_checksum(cell)
            comment.auto_comment = "No response." if is_same and not is_task(cell) else None


def _save_grade(grade: Grade, score: float | None) -> None:
    grade.auto_score = score
    grade.needs_manual_grade = grade.manual_score is not None or score is None


def _unanswered(cell: NotebookNode) -> float | None:
    """Return 0 for an answer that is as it was released; a person marks any other."""
    score: float | None = determine_grade(cell)[0] if is_solution(cell) else None
    return score


def _timeout_s(execute: Execute) -> float | None:
    """Return the time for each cell where the course sets one; nbgrader's default is no wish."""
    is_set = "timeout" in execute.config.get("Execute", {})
    return float(execute.timeout) if is_set and (execute.timeout or 0) > 0 else None


def _result(names: dict[str, str], *, tier: str = _NOT_RUN, **more: Any) -> SubmissionResult:
    return SubmissionResult(
        student=names["student"],
        assignment=names["assignment"],
        notebook=names["notebook"],
        tier=tier,
        marks_from=MarksFrom.TEST_CELLS,
        **more,
    )
