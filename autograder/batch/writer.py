"""The one writer: takes what was graded into the gradebook and into ``autograded/``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, InvalidEntry
from sqlalchemy.exc import OperationalError

from autograder.batch.assignment import Assignment
from autograder.batch.digests import file_digest
from autograder.batch.gradebook import open_gradebook, shared
from autograder.batch.marked import Marked
from autograder.batch.staging import remove_folder, saving_steps, staging_folder
from autograder.hooks.converter import AutogradeSubmissions
from autograder.hooks.save import mark_not_graded

_REPLACED = ".replaced"


class StagingLost(Exception):
    """The graded notebooks are no longer where they were left: grade the submission again."""


class Writer:
    """Saves submissions of one assignment, each in one transaction."""

    def __init__(self, assignment: Assignment) -> None:
        course, slug, notebooks = assignment.course, assignment.slug, assignment.notebooks
        self._is_classic = assignment.is_classic
        outline = assignment.contract if assignment.is_classic else None
        self._course = course
        self._slug = slug
        self._notebooks = notebooks
        self._coursedir = course.coursedir(assignment_id=slug)
        self._engine = open_gradebook(self._coursedir.db_url)
        self._converter = AutogradeSubmissions(coursedir=self._coursedir, parent=course.app)
        exporter = NotebookExporter(parent=self._converter, config=self._converter.config)
        exporter.settings = course.settings  # what the steps look for in their parent
        exporter.results, exporter.outline = [], outline
        exporter._preprocessors = []
        for step in saving_steps(self._converter):
            exporter.register_preprocessor(step)
        self._steps = list(exporter._preprocessors)

    def save(self, marked: Marked) -> None:
        """Save one submission: all of it, or nothing and an exception.

        Saving it again changes nothing, so that whoever was interrupted can begin anew.

        Raises
        ------
        OSError, sqlalchemy.exc.OperationalError
            If the disk is full, or the gradebook locked.
        StagingLost
            If the graded notebooks are gone.
        """
        try:
            self._save(marked)
        except InvalidEntry as error:  # nbgrader's word for whatever the database says
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def _save(self, marked: Marked) -> None:
        if marked.is_empty:
            return
        if marked.refused:
            with shared(self._engine):
                for name in self._notebooks:
                    mark_not_graded(self._coursedir, marked.student, name, marked.refused)
            return
        results = {result.notebook: result for result in marked.results}
        with self._moved(marked) as folder, shared(self._engine):
            self._enter(marked.student)
            for name in marked.notebooks:
                self._save_notebook(marked.student, folder / f"{name}.ipynb", results.get(name))
            if self._is_classic:
                for name in set(self._notebooks) - marked.notebooks.keys():
                    self._save_missing(marked.student, name)

    def _enter(self, student: str) -> None:
        """Enter the submission and its time, as nbgrader does."""
        coursedir = self._coursedir
        folder = coursedir.format_path(coursedir.submitted_directory, student, self._slug)
        stamp = coursedir.get_existing_timestamp(folder)
        more = {"timestamp": stamp} if stamp else {}
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            if self._converter.create_student:
                gradebook.update_or_create_student(student)
            else:
                gradebook.find_student(student)
            gradebook.update_or_create_submission(self._slug, student, **more)

    def _save_missing(self, student: str, notebook: str) -> None:
        """Give zero for a notebook that was not handed in beside others, as nbgrader does."""
        coursedir = self._coursedir
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            entry = gradebook.find_submission_notebook(notebook, self._slug, student)
            for grade in entry.grades:
                grade.auto_score, grade.needs_manual_grade = 0, False

    def _save_notebook(self, student: str, path: Path, result: Any) -> None:
        nb = nbformat.read(path, as_version=4)
        names = {"student": student, "assignment": self._slug, "notebook": path.stem}
        resources: dict[str, Any] = {
            "nbgrader": {**names, "db_url": self._coursedir.db_url},
            "metadata": {"name": path.stem, "path": str(path.parent)},
            "unique_key": path.stem,
            "autograder": result,
        }
        for step in self._steps:
            nb, resources = step(nb, resources)

    @contextlib.contextmanager
    def _moved(self, marked: Marked) -> Iterator[Path]:
        """Put the staged folder in the place of the last one; put it back if the saving fails."""
        coursedir, student = self._coursedir, marked.student
        staged = staging_folder(coursedir, student)
        final = Path(coursedir.format_path(coursedir.autograded_directory, student, self._slug))
        old = staged.with_name(staged.name + _REPLACED)
        is_staged = staged.exists()  # else an earlier attempt was killed after it had moved it
        if is_staged:
            remove_folder(old)
            final.parent.mkdir(parents=True, exist_ok=True)
            if final.exists():
                final.rename(old)
            staged.rename(final)

        def put_back() -> None:
            final.rename(staged)
            if old.exists():
                old.rename(final)

        try:
            _demand_same(final, marked)
        except StagingLost:
            if is_staged:
                put_back()
            raise
        try:
            yield final
        except BaseException:
            put_back()
            raise
        remove_folder(old)

    def close(self) -> None:
        """Let the gradebook go."""
        self._engine.dispose()


def _demand_same(folder: Path, marked: Marked) -> None:
    for name, digest in marked.notebooks.items():
        try:
            found = file_digest(folder / f"{name}.ipynb")
        except FileNotFoundError:
            found = ""
        if found != digest:
            raise StagingLost(f"{folder} does not hold the notebook {name} that was graded.")
