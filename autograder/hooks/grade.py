"""Runs a notebook and its hidden tests in place of nbgrader's ``Execute``."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.classic import KernelRefused
from autograder.grading import Submission, grade_notebook
from autograder.hooks.classic import grade_classic, undecided
from autograder.hooks.files import UnreadableError, printable, read_regular, survey
from autograder.hooks.outputs import clean_notebook
from autograder.hooks.record import Record
from autograder.hooks.report import show
from autograder.outcomes import MarksFrom, SubmissionResult, TaskResult
from autograder.settings import Settings

log = logging.getLogger(__name__)

GRADER_FAILED = (
    "The grader could not run. That is not your fault, and costs no points: "
    "the notebook waits to be graded again."
)
NO_TESTS = "The grader has no tests for this task; a person will look at it."
_NOT_RUN = "not run"
_FILES_LIMIT_BYTES = 48 << 20
"""All files together, so that they fit into one message to the sandbox."""


class GradeSubmission(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Grades the notebook, and leaves the result in ``resources["autograder"]``.

    Being no ``Execute``, it also runs under ``nbgrader autograde --no-execute``: marks
    never come from outputs that a student stored.

    A classic notebook's marks follow once its outputs have been through nbgrader's other steps
    (see :mod:`autograder.hooks.classic`).
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run and grade one notebook; a failure of ours leaves its tasks ungraded."""
        names = resources["nbgrader"]
        record = Record(nb)
        is_classic = self.parent.is_classic
        if record.damaged:
            result = _ungraded(nb, names, record.damaged, is_classic, damaged=record.damaged)
        else:
            try:
                run = self._run_classic if is_classic else self._run_hidden_tests
                result = run(nb, resources, record)
            except KernelRefused:
                raise
            except Exception:
                log.exception("%s: %s: the grader failed", names["student"], names["notebook"])
                result = _ungraded(nb, names, GRADER_FAILED, is_classic)
        result = result.model_copy(update={"notes": (*record.notes, *result.notes)})
        resources["autograder"] = result
        if not is_classic:
            clean_notebook(nb)
            show(result, nb)
        return nb, resources

    def _run_classic(
        self, nb: NotebookNode, resources: dict[str, Any], record: Record
    ) -> SubmissionResult:
        files = _files(Path(resources["metadata"]["path"]), record)
        execute = Execute(parent=self.parent)
        return grade_classic(nb, resources, self.parent.settings, execute, files)

    def _run_hidden_tests(
        self, nb: NotebookNode, resources: dict[str, Any], record: Record
    ) -> SubmissionResult:
        result = _grade(nb, resources, self.parent.settings, record)
        return result.model_copy(update={"tasks": (*result.tasks, *_left_over(nb, result))})


def _grade(
    nb: NotebookNode, resources: dict[str, Any], settings: Settings, record: Record
) -> SubmissionResult:
    names = resources["nbgrader"]
    files = _files(Path(resources["metadata"]["path"]), record)
    submission = Submission(names["student"], names["assignment"], names["notebook"], files)
    return grade_notebook(nb, submission, settings)


def _files(folder: Path, record: Record) -> dict[str, bytes]:
    """Read what lies beside the notebook, the instructor's files among it."""
    files: dict[str, bytes] = {}
    left = _FILES_LIMIT_BYTES
    for name in survey(folder).regular:
        if name.endswith(".ipynb"):
            continue
        try:
            files[name] = read_regular(folder / name, left)
        except UnreadableError as error:
            record.note(f"The file {printable(name)} was not used: {error}.")
        else:
            left -= len(files[name])
    return files


def _left_over(nb: NotebookNode, result: SubmissionResult) -> list[TaskResult]:
    """Return the tasks of the notebook that the grader did not know of, as not graded."""
    graded = {task.task for task in result.tasks}
    return [task for task in _tasks(nb, NO_TESTS) if task.task not in graded]


def _ungraded(
    nb: NotebookNode, names: dict[str, str], reason: str, is_classic: bool, *, damaged: str = ""
) -> SubmissionResult:
    """Return a result in which every task with tests waits for a person."""
    tasks = undecided(nb, reason) if is_classic else tuple(_tasks(nb, reason))
    return SubmissionResult(
        student=names["student"],
        assignment=names["assignment"],
        notebook=names["notebook"],
        tasks=tasks,
        tier=_NOT_RUN,
        damaged=damaged,
        marks_from=MarksFrom.TEST_CELLS if is_classic else MarksFrom.HIDDEN_TESTS,
    )


def _tasks(nb: NotebookNode, reason: str) -> list[TaskResult]:
    """Return every task of the notebook that has tests, as not graded."""
    return [
        TaskResult(
            task=cell["metadata"]["nbgrader"]["grade_id"],
            max_points=cell["metadata"]["nbgrader"]["points"],
            reason=reason,
        )
        for cell in nb["cells"]
        if is_grade(cell) and not is_solution(cell)
    ]
