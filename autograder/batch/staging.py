"""nbgrader's converter, split in two: grading, which writes nothing that counts, and saving.

A worker converts a submission into a staging folder, with a gradebook in memory that knows the
assignment and no student. Later the coordinator saves the marks and moves the folder to
``autograded/``. So a worker that is killed leaves nothing half done.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import find_all_files, rmtree
from traitlets.utils.importstring import import_item

from autograder.batch.course import Course
from autograder.hooks.converter import AutogradeSubmissions

STAGING = ".autograder/staging"
REHEARSAL = ".autograder/rehearsal"
"""Where what is not to be saved lies, apart from what waits to be."""
_SAVING = (SaveAutoGrades, AssignLatePenalties)


def remove_folder(folder: Path) -> None:
    """Remove a folder with whatever it holds, if it is there."""
    if folder.exists():
        rmtree(str(folder))


def staging_folder(coursedir: CourseDirectory, student: str, staging: str = STAGING) -> Path:
    """Return where a graded submission waits to be saved."""
    return Path(coursedir.format_path(staging, student, coursedir.assignment_id))


def saving_steps(converter: AutogradeSubmissions) -> list[Any]:
    """Return the converter's steps that write the gradebook, in their order."""
    return [step for step in converter.autograde_preprocessors if _is_saving(step)]


class StagedAutograde(AutogradeSubmissions):
    """Grades a submission into the staging folder, and saves nothing.

    Parameters
    ----------
    student
        Whose submission; its folder is named as the student is.
    staging
        Where it is left, in the course directory.

    Attributes
    ----------
    full
        What the machine said when the disk was full, if it was.
    """

    autograde_preprocessors: list[Any]
    notebooks: list[str]

    def __init__(self, course: Course, slug: str, student: str, staging: str = STAGING) -> None:
        coursedir = course.coursedir(assignment_id=slug, student_id=student)
        coursedir.autograded_directory = staging
        self.full: OSError | None = None
        super().__init__(coursedir=coursedir, parent=course.app)
        steps = self.autograde_preprocessors
        self.autograde_preprocessors = [step for step in steps if not _is_saving(step)]
        self.folder = staging_folder(coursedir, student, staging)
        remove_folder(self.folder)

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Bring the files together, as nbgrader does; leave the gradebook's part to the saving."""
        # Nothing is saved by these steps, so to validate after the last of them is enough.
        self.exporter.optimistic_validation = True
        with self._full_disk_noted():
            BaseConverter.init_assignment(self, assignment_id, student_id)
            self._copy_instructors_files(assignment_id)
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            known = {entry.name for entry in gradebook.find_assignment(assignment_id).notebooks}
        self.notebooks = [path for path in self.notebooks if Path(path).stem in known]

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Convert a notebook as nbgrader does."""
        with self._full_disk_noted():
            super().convert_single_notebook(notebook_filename)

    @contextlib.contextmanager
    def _full_disk_noted(self) -> Iterator[None]:
        """Keep an error that nbgrader would take for the submission's."""
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                self.full = error
            raise

    def _copy_instructors_files(self, assignment_id: str) -> None:
        """Put the instructor's files over the student's."""
        coursedir = self.coursedir
        source = coursedir.format_path(coursedir.source_directory, ".", assignment_id)
        kept = {
            os.path.join(source, name)  # noqa: PTH118 (nbgrader's own paths are strings)
            for name in self.exclude_overwriting.get(assignment_id, [])
        }
        for name in find_all_files(source, [*coursedir.ignore, "*.ipynb"]):
            if name in kept:
                continue
            target = self.folder / Path(name).relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            shutil.copy(name, target)


def _is_saving(step: Any) -> bool:
    kind = import_item(step) if isinstance(step, str) else step
    return issubclass(kind, _SAVING)
