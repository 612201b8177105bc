"""Reads each notebook of a submission for nbgrader, and lets no notebook end the batch."""

from __future__ import annotations

import copy
import logging
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SQLAlchemyError

from autograder.classic import is_classic as is_classic_assignment
from autograder.classic import read_outline
from autograder.hooks.files import printable, survey
from autograder.hooks.preflight import course_settings, prepare
from autograder.hooks.reading import DamagedError, read_notebook
from autograder.hooks.record import Record
from autograder.hooks.structure import load_known, read_release, substitute
from autograder.outcomes import SubmissionResult

log = logging.getLogger(__name__)

OUR_FAULT = "The autograder failed on this notebook. That is not your fault; a person will look."
_MOST_NAMED = 5


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]  # nbconvert has no types
    """A ``NotebookExporter`` for files that may hold anything.

    nbgrader makes one for each run, after it has listed the submissions and before it
    touches the first: the one moment at which a submission without its notebook can be
    taken in, and a link be kept from being copied.

    Attributes
    ----------
    settings
        The course's, as they were when the run began.
    results
        What each graded notebook came to, in order.
    outline
        What the assignment holds, if its tests stand in the notebooks; else None.
    """

    def __init__(self, config: Any = None, **options: Any) -> None:
        super().__init__(config=config, **options)
        self.results: list[SubmissionResult] = []
        self.settings = course_settings(self.parent)
        coursedir = self.parent.coursedir
        is_classic = is_classic_assignment(self.settings, coursedir)
        self.outline = read_outline(coursedir) if is_classic else None
        prepare(self.parent, is_classic=is_classic)

    @property
    def is_classic(self) -> bool:
        """Whether the assignment's tests stand in its notebooks."""
        return self.outline is not None

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook; where that fails, convert one that stands for it."""
        path, resources = Path(filename), resources if resources is not None else {}
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        try:
            nb = self._read(path, resources)
            output, done = self.from_notebook_node(nb, copy.deepcopy(resources), **options)
        except SQLAlchemyError:  # the gradebook's trouble, which no substitute mends
            raise
        except Exception as error:
            if self.is_classic:  # nbgrader refuses the submission, as it always did
                log.error("%s: not graded: %s", resources["nbgrader"]["student"], _first(error))
                raise
            log.exception("%s could not be converted; it is marked as not graded", filename)
            nb = self._substitute(OUR_FAULT, resources)
            output, done = self.from_notebook_node(nb, resources, **options)
        if "autograder" in done:
            self.results.append(done["autograder"])
        return output, done

    def _read(self, path: Path, resources: dict[str, Any]) -> NotebookNode:
        """Read a submitted notebook, or in the second pass the one that we wrote."""
        if not self.parent._sanitizing:
            return nbformat.read(path, as_version=4)
        found = survey(path.parent)
        try:
            keep = self.is_classic and not Execute(parent=self).enabled
            nb = read_notebook(path, self.settings.notebook_limit_bytes, keep_outputs=keep)
        except DamagedError as damage:
            reason = str(damage) if os.path.lexists(path) else _missing(path, found.regular)
            nb = self._substitute(reason, resources)
        record = Record(nb)
        if found.too_much:
            record.note(f"None of the submission's other files were used: {found.too_much}.")
        for name, reason in list(found.odd.items())[:_MOST_NAMED]:
            if name != path.name:
                record.note(f"The file {printable(name)} was not used: it {reason}.")
        return nb

    def _substitute(self, reason: str, resources: dict[str, Any]) -> NotebookNode:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            known = load_known(gradebook, names["notebook"], names["assignment"])
        coursedir = self.parent.coursedir
        return substitute(
            reason, known, read_release(coursedir, names["notebook"], names["assignment"])
        )


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__


def _missing(path: Path, regular: list[str]) -> str:
    found = [printable(name) for name in regular if name.endswith(".ipynb")][:_MOST_NAMED]
    return (
        f"No notebook named {path.name} was submitted (found: {', '.join(found) or 'no notebook'})."
    )
