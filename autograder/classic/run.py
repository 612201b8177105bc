"""Runs the cells of a classic notebook, its tests among them, in a confined process."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from autograder.classic.kernel import KernelRefused
from autograder.classic.made import MOST_BYTES
from autograder.grading import Submission
from autograder.grading.engine import Engine, shared_engine
from autograder.grading.run import LOST
from autograder.kernels import Budget, BudgetSpent, NotebookRun, StudentProcess, run_notebook
from autograder.kernels.outputs import OutputCollector
from autograder.kernels.process import ProcessEnded
from autograder.sandbox import SandboxLost
from autograder.settings import Settings

log = logging.getLogger(__name__)

_ATTEMPTS = 2
_SKIPPED_TAG = "skip-execution"


@dataclass
class Ran:
    """A notebook that has run, or not.

    Attributes
    ----------
    reason
        Why nothing can be decided from the outputs; empty if they are all there.
    made
        Files that the cells made, by name, as the student's process told them.
    """

    tier: str
    missing: tuple[str, ...]
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    made: Mapping[object, object] = field(default_factory=dict)


def run_cells(
    nb: NotebookNode,
    submission: Submission,
    settings: Settings,
    kernel: Mapping[str, Any] | None = None,
    timeout_s: float | None = None,
) -> Ran:
    """Run every cell in order, and fill in the outputs.

    A sandbox that is lost is tried again once; then nothing is decided.

    Parameters
    ----------
    kernel
        The program that runs the cells, if it is another than this environment's Python.
    timeout_s
        ``c.Execute.timeout``, where the course sets it: seconds for each cell, by the clock.
    """
    engine = shared_engine(settings, submission.assignment)
    if timeout_s is not None:
        limits = dict.fromkeys(("cell_cpu_s", "cell_wall_s"), timeout_s)
        settings = settings.model_copy(update=limits)
    budget = Budget(settings.submission_wall_s)
    ran = Ran(engine.tier, engine.missing)
    for _ in range(_ATTEMPTS):
        try:
            _run(ran, nb, submission, engine, settings, budget, kernel)
        except SandboxLost as lost:
            log.warning("%s: the sandbox was lost: %s", submission.student, lost)
            ran.reason = LOST
        except BudgetSpent as spent:
            ran.reason = str(spent)
            break
        else:
            ran.reason = ""
            break
        finally:
            engine.clean()
    return ran


def _run(
    ran: Ran,
    nb: NotebookNode,
    submission: Submission,
    engine: Engine,
    limits: Settings,
    budget: Budget,
    kernel: Mapping[str, Any] | None,
) -> None:
    def launch() -> StudentProcess:
        seed = _seed(submission.assignment)
        return engine.launch(
            seed, submission.files, budget, limits, as_nbgrader=True, kernel=kernel
        )

    collector = OutputCollector(nb, limits.output_limit_bytes)
    run = run_notebook(nb, launch, collector, passes_over=_is_skipped)
    ran.notes = list(run.notes)
    ran.made = _made(run, submission, ran.notes)
    run.close()


def try_kernel(kernel: Mapping[str, Any], settings: Settings) -> None:
    """Start a kernel once, confined.

    The sandbox is one of its own, with none of the libraries: a kernel brings what it needs.

    Raises
    ------
    KernelRefused
        If it does not start.
    """
    budget = Budget(settings.submission_wall_s)
    try:
        with Engine(settings, preload=()) as engine:
            engine.launch(0, {}, budget, as_nbgrader=True, kernel=kernel).close()
    except SandboxLost as lost:
        name = kernel["display_name"]
        raise KernelRefused(f"the kernel {name!r} does not start, confined: {lost}") from lost


def _made(run: NotebookRun, submission: Submission, notes: list[str]) -> Mapping[object, object]:
    if run.process is None:
        return {}
    try:
        return run.process.files_made(submission.files, MOST_BYTES)
    except ProcessEnded as ended:
        notes.append(f"Files that the notebook made were not kept: {ended}.")
        return {}


def _is_skipped(cell: NotebookNode) -> bool:
    """Whether nbgrader would pass over a cell; never one whose outputs or names are graded.

    Tags are the student's to set, and a test cell that shows nothing has full marks.
    """
    is_known = is_grade(cell) or is_solution(cell) or is_locked(cell)
    return not is_known and _SKIPPED_TAG in cell["metadata"].get("tags", [])


def _seed(assignment: str) -> int:
    """Return the seed of the generators, the same for the whole class."""
    return int.from_bytes(hashlib.sha256(assignment.encode()).digest()[:8], "big") >> 1
