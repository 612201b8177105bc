"""A course directory as nbgrader sees it: its configuration, read as nbgrader reads it."""

from __future__ import annotations

import glob
import logging
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import UserError
from autograder.hooks.preflight import check_steps
from autograder.settings import Settings, load_settings

CONFIG_FILE = "nbgrader_config.py"
_OUR_READER = "autograder.hooks.exporter.SubmissionExporter"


class _CourseApp(NbGrader):  # type: ignore[misc]  # nbgrader has no types
    """Loads nbgrader's configuration without running a command."""

    name = "autograder"
    autograder_settings: Settings
    load_cwd_config = False  # the course's own file counts, wherever the command is run
    raise_config_file_errors = True

    def init_syspath(self) -> None:
        """Leave ``sys.path`` alone; :func:`open_course` adds the course directory."""

    def _configure_logging(self) -> None:
        """Say nothing on the terminal; :class:`~autograder.batch.log.Log` listens."""
        self.log.setLevel(logging.INFO)
        if not self.log.handlers:
            self.log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Course:
    """An nbgrader course directory that grades with the autograder.

    Attributes
    ----------
    app
        nbgrader's application object: the parent of every converter, and its configuration.
    """

    root: Path
    app: Any
    settings: Settings
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Settings that took the place of the course's own, for other processes to open it alike."""

    def coursedir(self, **traits: str) -> CourseDirectory:
        """Return a fresh ``CourseDirectory``, with traits such as ``assignment_id`` set."""
        return CourseDirectory(parent=self.app, **traits)

    def submission(self, slug: str, student: str) -> Path:
        """Return where a student's submission lies."""
        coursedir = self.coursedir()
        return Path(coursedir.format_path(coursedir.submitted_directory, student, slug))

    def submitted_students(self, slug: str) -> list[str]:
        """Return the ids of all students with a directory for this assignment, sorted.

        What the directory holds does not matter: one without a notebook counts too.
        """
        coursedir = self.coursedir()
        step = coursedir.submitted_directory
        named = coursedir.format_path(step, "(?P<student>.*)", re.escape(slug), escape=True)
        pattern = coursedir.format_path(step, "*", glob.escape(slug))
        students = set()
        for folder in glob.glob(pattern):  # noqa: PTH207 (nbgrader's own paths are strings)
            match = re.fullmatch(named, folder)
            if match and Path(folder).is_dir():
                students.add(match["student"])
        excluded = coursedir.student_id_exclude.split(",")
        return sorted(students.difference(excluded))


def open_course(course_dir: Path | str, **overrides: Any) -> Course:
    """Read a course directory's configuration and settings.

    Parameters
    ----------
    overrides
        Settings that take the place of the course's own.

    Raises
    ------
    UserError
        If it is no course directory, its configuration cannot be read, or it grades without
        the autograder: then submissions would run unconfined.
    """
    root = Path(course_dir).resolve()
    config = root / CONFIG_FILE
    if not config.is_file():
        raise UserError(
            f"{root} is not a course directory: it has no {CONFIG_FILE}.",
            hint="Name the directory with --course, or make one with `autograder init DIR`.",
        )
    settings = load_settings(root, **overrides)
    if str(root) not in sys.path:  # plugins may lie beside the configuration, as with nbgrader
        sys.path.append(str(root))
    app = _CourseApp()
    try:
        app.initialize([], root=str(root))
    except (Exception, SystemExit) as error:  # whatever Python the file holds
        raise UserError(
            f"{config} cannot be read: {error or type(error).__name__}.",
            hint="Run `nbgrader --debug` in that directory to see nbgrader's own message.",
        ) from error
    if app.config.Autograde.get("exporter_class") != _OUR_READER:
        raise UserError(
            f"{config} does not switch the autograder on.",
            hint="Add `from autograder.hooks import configure` and `configure(c)` to it.",
        )
    if not app.config.CourseDirectory.get("root"):  # nbgrader would take the current directory
        app.update_config(Config(CourseDirectory=Config(root=str(root))))
    app.autograder_settings = settings
    course = Course(root, app, settings, overrides)
    check_steps(Autograde(coursedir=course.coursedir(), parent=app))
    return course
