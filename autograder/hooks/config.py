"""Switches the autograder on in a course's nbgrader configuration."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from traitlets.config import Config

_HOOKS = "autograder.hooks"
_DISPLAY_FILTERS = {
    "markdown2html": f"{_HOOKS}.display.markdown2html",
    "clean_html": f"{_HOOKS}.safe_html.clean_html",
}


def configure(c: Config) -> None:
    """Let nbgrader read, grade, save and show submissions through the autograder.

    Every list of preprocessors keeps nbgrader's order; a step is replaced or added only
    where its part of the work has to be done differently. Call it before changing any
    of these settings yourself.

    Parameters
    ----------
    c
        The configuration that ``get_config()`` gives.
    """
    _find_alembic()
    _release(c)
    _autograde(c)
    _show(c)
    c.ExportApp.plugin_class = f"{_HOOKS}.provisional.ExportMarks"
    c.ExchangeFactory.collect = f"{_HOOKS}.collect.CollectRegularFiles"


def _find_alembic() -> None:
    """Let nbgrader find the program by which it makes a gradebook.

    It looks on PATH alone, which lacks a virtual environment that is not activated.
    """
    programs = str(Path(sys.executable).parent)
    if shutil.which("alembic") is None and shutil.which("alembic", path=programs):
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), programs])


def _release(c: Config) -> None:
    steps = _stock(GenerateAssignment, "preprocessors")
    _replace(steps, "ClearSolutions", "autograder.authoring.restore_stubs.RestoreStubs")
    c.GenerateAssignment.preprocessors = steps


def _autograde(c: Config) -> None:
    c.Autograde.exporter_class = f"{_HOOKS}.exporter.SubmissionExporter"
    check = ("CheckCellMetadata", f"{_HOOKS}.metadata.CheckCellMetadata")
    steps = _stock(Autograde, "sanitize_preprocessors")
    _replace(steps, *check)
    # First, so that nbgrader's own checks find nothing that makes them raise.
    c.Autograde.sanitize_preprocessors = [f"{_HOOKS}.repair.RepairCells", *steps]
    steps = _stock(Autograde, "autograde_preprocessors")
    _replace(steps, *check)
    _replace(steps, "Execute", f"{_HOOKS}.grade.GradeSubmission")
    _replace(steps, "SaveAutoGrades", f"{_HOOKS}.save.SaveGrades")
    c.Autograde.autograde_preprocessors = steps
    # nbgrader lists this step but leaves it off; should a course switch it on, the
    # cells must still say which of them are graded.
    c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader"}
    c.ClearMetadataPreprocessor.preserve_nb_metadata_mask = {
        "autograder",
        "kernelspec",
        "language_info",
    }


def _show(c: Config) -> None:
    """Clean what is shown, in the feedback and in formgrader: both use ``HTMLExporter``."""
    steps = _stock(GenerateFeedback, "preprocessors")
    after_grades = next(i for i, step in enumerate(steps) if _name(step) == "GetGrades") + 1
    steps[after_grades:after_grades] = [
        f"{_HOOKS}.provisional.ShowProvisional",  # looks the notebook up by its name
        f"{_HOOKS}.display.EscapeNames",
    ]
    c.GenerateFeedback.preprocessors = steps
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = _DISPLAY_FILTERS
    c.HTMLExporter.preprocessors = [f"{_HOOKS}.display.CleanCells"]


def _stock(converter: type, trait: str) -> list[Any]:
    """Return a copy of nbgrader's own list of steps."""
    return list(getattr(converter, trait).default_args[0])


def _replace(steps: list[Any], name: str, replacement: str) -> None:
    index = next(i for i, step in enumerate(steps) if _name(step) == name)
    steps[index] = replacement


def _name(step: Any) -> str:
    return str(getattr(step, "__name__", step))
