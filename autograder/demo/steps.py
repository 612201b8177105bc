"""nbgrader's steps, run through nbgrader's own classes: what each of its commands does.

Each command takes seconds to start; the classes behind it do not. Students and staff are all
the current user of the operating system, told apart by nbgrader's student ids and by folders.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from nbgrader.exchange.default import (
    ExchangeFetchAssignment,
    ExchangeFetchFeedback,
    ExchangeSubmit,
)
from traitlets.config import Config

from autograder.batch import Course


@dataclass(frozen=True)
class Staff:
    """The instructor's steps, with the configuration of the course directory."""

    course: Course
    slug: str

    def generate_assignment(self) -> None:
        """``nbgrader generate_assignment``: the release, and the gradebook's entry."""
        GenerateAssignment(coursedir=self._coursedir(), parent=self.course.app).start()

    def release_assignment(self) -> None:
        """``nbgrader release_assignment``: into the exchange."""
        self._factory().ReleaseAssignment(**self._exchange()).start()

    def collect(self) -> None:
        """``nbgrader collect``: from the exchange into ``submitted/``."""
        step = self._factory().Collect(**self._exchange())
        step.check_owner = False  # one user of the operating system owns every hand-in
        step.start()

    def generate_feedback(self) -> None:
        """``nbgrader generate_feedback``: one page for each notebook."""
        GenerateFeedback(coursedir=self._coursedir(), parent=self.course.app).start()

    def release_feedback(self) -> None:
        """``nbgrader release_feedback``: into the exchange."""
        self._factory().ReleaseFeedback(**self._exchange()).start()

    def _coursedir(self) -> CourseDirectory:
        return self.course.coursedir(assignment_id=self.slug)

    def _factory(self) -> ExchangeFactory:
        return ExchangeFactory(parent=self.course.app)

    def _exchange(self) -> dict[str, object]:
        app = self.course.app
        return {
            "coursedir": self._coursedir(),
            "authenticator": Authenticator(parent=app),
            "parent": app,
        }


@dataclass(frozen=True)
class Desk:
    """A student's home, with a configuration of its own.

    Attributes
    ----------
    home
        The folder the student works in.
    log
        Where nbgrader's messages go.
    """

    student: str
    slug: str
    course_id: str
    home: Path
    exchange: Path
    log: logging.Logger

    @property
    def work(self) -> Path:
        """The folder of the fetched assignment."""
        return self.home / self.slug

    def fetch(self) -> None:
        """``nbgrader fetch_assignment``."""
        self.home.mkdir(parents=True)
        self._step(ExchangeFetchAssignment).start()

    def submit(self) -> Path:
        """``nbgrader submit``; return the folder of the hand-in in the exchange."""
        step = self._step(ExchangeSubmit)
        step.start()
        return Path(step.inbound_path, step.assignment_filename)

    def fetch_feedback(self) -> Path:
        """``nbgrader fetch_feedback``; return the folder it went to."""
        self._step(ExchangeFetchFeedback).start()
        return self.work / "feedback"

    def _step(self, step: type[ExchangeSubmit]) -> ExchangeSubmit:
        config = Config()
        config.CourseDirectory.root = str(self.home)
        config.CourseDirectory.course_id = self.course_id
        config.CourseDirectory.student_id = self.student
        config.CourseDirectory.assignment_id = self.slug
        config.Exchange.root = str(self.exchange)
        config.Exchange.assignment_dir = str(self.home)
        config.Exchange.cache = str(self.home / ".cache")
        return step(
            coursedir=CourseDirectory(config=config, log=self.log),
            authenticator=Authenticator(config=config, log=self.log),
            config=config,
            log=self.log,
        )
