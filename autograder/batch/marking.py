"""A worker's part: one submission at a time, from the file that was handed in to its result."""

from __future__ import annotations

import glob
import logging
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from nbgrader.converters.base import NbGraderException

from autograder.batch.course import Course
from autograder.batch.digests import file_digest
from autograder.batch.gradebook import copy_structure, shared
from autograder.batch.log import Log
from autograder.batch.marked import Marked
from autograder.batch.staging import STAGING, StagedAutograde
from autograder.batch.visible import visible
from autograder.hooks.exporter import OUR_FAULT
from autograder.hooks.preflight import NO_NOTEBOOK

log = logging.getLogger(__name__)

LONGEST_REASON = 300


class Marker:
    """Grades submissions of one assignment, and saves none; use it as a context manager.

    Parameters
    ----------
    staging
        Where graded submissions are left, in the course directory.
    """

    def __init__(self, course: Course, slug: str, log_path: Path, staging: str = STAGING) -> None:
        self._course = course
        self._staging = staging
        self._slug = slug
        self._structure = copy_structure(course.coursedir().db_url)
        self._log = Log(log_path, course.app.log, logging.getLogger("autograder"))

    def mark(self, student: str) -> Marked:
        """Grade one submission; whatever goes wrong with it becomes its result.

        Raises
        ------
        OSError
            If the disk is full.
        """
        start = time.monotonic()
        self._log.errors.clear()
        converter = self._convert(student)
        is_there = converter is not None and converter.folder.exists()
        results = tuple(converter.exporter.results) if converter and is_there else ()
        refused, is_ours = ("", False) if is_there else self._why_not(student)
        return Marked(
            student=student,
            assignment=self._slug,
            results=results,
            notebooks=_digests(converter) if converter and is_there else {},
            refused=refused,
            is_ours=is_ours,
            is_empty=refused == NO_NOTEBOOK,
            seconds=time.monotonic() - start,
        )

    def _convert(self, student: str) -> StagedAutograde | None:
        if glob.escape(student) != student:
            # nbgrader takes the folder's name for a pattern, and would grade a classmate's files.
            log.error("%s: not graded: no student's id holds any of the characters * ? [", student)
            return None
        converter = StagedAutograde(self._course, self._slug, student, self._staging)
        try:
            with shared(self._structure, keep=False):
                converter.start()
        except NbGraderException:  # it has told the log why
            if converter.full is not None:  # nobody's fault, and everybody's trouble
                raise converter.full from None
            return None
        except Exception:
            log.exception("%s: nbgrader failed", student)
            return None
        return converter

    def _why_not(self, student: str) -> tuple[str, bool]:
        """Return why there is no result, and whether that is no fault of the submission's."""
        theirs = f"{student}: not graded: "
        reasons = [e for e in self._log.errors if e.startswith((theirs, "Skipped a submission"))]
        if not reasons:
            return OUR_FAULT, True  # the log may quote a hidden test; students read this
        return visible(reasons[0].removeprefix(theirs), LONGEST_REASON), False

    def close(self) -> None:
        """Let the log and the gradebook in memory go."""
        self._log.__exit__(None, None, None)
        self._structure.dispose()

    def __enter__(self) -> Self:
        self._log.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _digests(converter: StagedAutograde) -> dict[str, str]:
    names = [Path(path).stem for path in converter.notebooks]
    return {name: file_digest(converter.folder / f"{name}.ipynb") for name in names}
