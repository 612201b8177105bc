"""Which assignments are classic: decided by the instructor's files, never by a submission."""

from __future__ import annotations

import re

from nbgrader.api import Gradebook, MissingEntry, Notebook
from nbgrader.coursedir import CourseDirectory

from autograder.settings import Settings

_BUILT_CHECK = re.compile(r'check\("\w+"\)')
"""All that stands in the check cell of a notebook built by ``autograder build``."""


def is_classic(settings: Settings, coursedir: CourseDirectory) -> bool:
    """Whether the tests of the coursedir's assignment stand in its notebooks.

    It is so if the gradebook knows the assignment and nothing says that it has hidden tests
    elsewhere: no folder with a contract, none with tests, and no check cell of a built notebook.
    So a folder that was mislaid cannot turn visible checks into marks.
    """
    slug = coursedir.assignment_id
    folders = (settings.locate(settings.assignments_dir), settings.locate(settings.graders_dir))
    if any((folder / slug).exists() for folder in folders):
        return False
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebooks = gradebook.find_assignment(slug).notebooks
        except MissingEntry:
            return False
        return not any(map(_is_built, notebooks))


def _is_built(notebook: Notebook) -> bool:
    graded = {cell.name for cell in notebook.grade_cells}
    return any(
        cell.name in graded and _BUILT_CHECK.fullmatch(cell.source.strip())
        for cell in notebook.source_cells
    )
