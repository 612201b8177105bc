"""Looks over a batch of submissions before nbgrader touches the first.

nbgrader copies a submission's files before any of its hooks sees them, follows links
while it copies, and passes over submissions without a notebook, or gives them zero.
"""

from __future__ import annotations

import glob
import logging
import os
import re
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import parse_utc

from autograder.errors import UserError
from autograder.grading.ready import check_ready
from autograder.hooks.files import Survey, UnreadableError, read_regular, survey
from autograder.hooks.save import mark_not_graded
from autograder.settings import Settings, load_settings

log = logging.getLogger(__name__)

STUDENT_ID = re.compile(r"[^*?[<>\"`\\\x00-\x1f\x7f\ud800-\udfff]+")
"""Names that nbgrader neither shows as markup nor takes for a pattern of other names.

Its pages do not escape them, and it looks for a submission's notebooks with ``glob``.
"""
_TIMESTAMP_LIMIT = 200


def course_settings(converter: Autograde) -> Settings:
    """Return the settings of the course that is being graded, if it can be graded at all.

    Whoever runs the converter may have read them already, and put them into the application.

    Raises
    ------
    NbGraderException
        If nobody's submission could be graded: nbgrader ends with the message alone, and the
        marks that are there stay.
    """
    known = getattr(converter.parent, "autograder_settings", None)
    if isinstance(known, Settings):
        return known
    try:
        settings = load_settings(converter.coursedir.root)
        check_ready(settings, converter.coursedir.assignment_id)
    except UserError as error:
        log.error("%s", error)
        raise NbGraderException(str(error)) from error
    return settings


def prepare(converter: Autograde) -> None:
    """Make a batch safe to copy and complete.

    Afterwards ``converter.assignments``, which lists the notebooks of each submission,
    also names those that are missing: the reader then says so in their place.
    """
    expected = _expected_notebooks(converter)
    for folder, student in _submissions(converter):
        if not STUDENT_ID.fullmatch(student):
            log.error("Skipped a submission: %r cannot be a student's id. Rename it.", student)
            converter.assignments.pop(folder, None)
            continue
        found = survey(Path(folder))
        refusal = _refusal(Path(folder), found)
        if refusal:
            log.error("%s: not graded: %s", student, refusal)
            converter.assignments.pop(folder, None)
            for notebook in expected:
                mark_not_graded(converter.coursedir, student, notebook, refusal)
            continue
        _keep_from_copying(converter, folder, found)
        for notebook in expected:
            path = os.path.join(folder, f"{notebook}.ipynb")  # noqa: PTH118 (nbgrader's own form)
            listed = converter.assignments.setdefault(folder, [])
            if path not in listed:
                listed.append(path)


def _expected_notebooks(converter: Autograde) -> list[str]:
    """Return the gradebook's notebooks of the assignment that this run is to grade."""
    coursedir = converter.coursedir
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            notebooks = gradebook.find_assignment(coursedir.assignment_id).notebooks
        except MissingEntry:  # nbgrader itself says that it is not there
            return []
        names = [notebook.name for notebook in notebooks]
    return [name for name in names if fnmatch(name, coursedir.notebook_id)]


def _submissions(converter: Autograde) -> list[tuple[str, str]]:
    """Return the folders of the submissions in this run, each with its student."""
    coursedir = converter.coursedir
    step = coursedir.submitted_directory
    pattern = coursedir.format_path(step, coursedir.student_id, coursedir.assignment_id)
    named = coursedir.format_path(
        step, "(?P<student>.*)", re.escape(coursedir.assignment_id), escape=True
    )
    found = []
    for folder in sorted(glob.glob(pattern)):  # noqa: PTH207 (nbgrader's own keys)
        match = re.match(named, folder)
        if match and Path(folder).is_dir():
            found.append((folder, match["student"]))
    excluded = coursedir.student_id_exclude.split(",")
    return [(folder, student) for folder, student in found if student not in excluded]


def _refusal(folder: Path, found: Survey) -> str:
    """Say why nbgrader cannot handle a submission at all; empty if it can."""
    if "nested" in found.too_much:
        return f"The submission cannot be read: {found.too_much}."
    stamp = folder / "timestamp.txt"
    if not os.path.lexists(stamp):
        return ""
    try:
        text = read_regular(stamp, _TIMESTAMP_LIMIT).decode("utf-8").strip()
        if text:
            parse_utc(text)
    except (UnreadableError, ValueError, OverflowError) as error:
        return f"The time of the submission cannot be read from timestamp.txt: {error}."
    return ""


def _keep_from_copying(converter: Autograde, folder: str, found: Survey) -> None:
    """Have nbgrader ignore what must not be copied.

    ``CourseDirectory.ignore`` takes patterns of names. A whole path is a pattern too,
    which holds for that one file: joining a folder and a whole path gives the path.
    """
    odd = [""] if found.too_much else [*found.odd, *_in_the_way(converter, folder, found)]
    paths = (os.path.join(folder, name) if name else folder for name in odd)  # noqa: PTH118
    patterns = [*converter.coursedir.ignore, *map(glob.escape, paths)]
    converter.coursedir.ignore = list(dict.fromkeys(patterns))


def _in_the_way(converter: Autograde, folder: str, found: Survey) -> set[str]:
    """Return what lies where nbgrader will put a file of the instructor's.

    A folder of that name, or a file where the instructor has a folder, makes it fail.
    """
    coursedir = converter.coursedir
    source = Path(coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id))
    clashes = set()
    for path in source.rglob("*"):
        name = str(path.relative_to(source))
        theirs = Path(folder, name)
        if theirs.exists() and theirs.is_dir() != path.is_dir():
            clashes.add(name)
    return clashes
