"""Where answers are tried: in the confined processes that grading uses."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.audit.trial import Trial, TrialResult
from autograder.audit.watched_suite import WatchedSuite, patience
from autograder.authoring import apply_answers
from autograder.contract import Contract
from autograder.grading.draw import Draw
from autograder.grading.engine import Engine
from autograder.grading.judge import Judge
from autograder.grading.reached import Reached
from autograder.grading.seeds import hidden_seed
from autograder.grading.student import Student
from autograder.grading.suite import run_suite
from autograder.kernels import Budget, NotebookRun, run_notebook
from autograder.kernels.notebook import EXPLORE_TAG
from autograder.kernels.outputs import OutputCollector
from autograder.sandbox import SandboxLost, modules_for
from autograder.settings import Settings

_ATTEMPTS = 2
_WALL_FOR_CPU = 5.0
"""How much longer than its CPU seconds a call may wait, for answers that may hang."""


@dataclass(frozen=True)
class Subject:
    """The assignment that is audited, ready to be sent to another process.

    Attributes
    ----------
    stub
        The notebook as students get it.
    files
        What lies beside it.
    test_patience_s
        How long one hidden test may run.
    """

    slug: str
    contract: Contract
    stub: NotebookNode
    files: Mapping[str, bytes]
    grader_dir: Path
    reference: Path
    secret: bytes
    settings: Settings
    test_patience_s: float = 120.0


class Laboratory:
    """Tries answers, one after another; use it as a context manager."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._stub = definitions(subject.stub)
        self._engine: Engine | None = None
        self._threads = 0

    def run(self, trial: Trial) -> TrialResult:
        """Run an answer's cells, and the tests asked for.

        Raises
        ------
        SandboxLost
            If the sandbox was lost twice.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return self._run(trial)
            except SandboxLost:
                if attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the confined processes."""
        if self._engine is not None:
            self._engine.close()
        self._engine = None

    def _run(self, trial: Trial) -> TrialResult:
        subject, engine = self._subject, self._engine_with(trial.threads)
        settings = subject.settings
        if trial.call_cpu_s is not None:
            cpu_s, wall_s = trial.call_cpu_s, _WALL_FOR_CPU * trial.call_cpu_s
            hurry = {"call_cpu_s": cpu_s, "call_wall_s": wall_s}
            hurry |= {"answer_wall_s": min(settings.answer_wall_s, wall_s)}
            hurry |= {"cell_cpu_s": cpu_s + 5.0, "cell_wall_s": wall_s + 25.0}
            settings = settings.model_copy(update=hurry)
        nb = apply_answers(copy.deepcopy(self._stub), trial.answers)
        budget = Budget(settings.submission_wall_s)
        seed = hidden_seed(subject.secret, subject.slug, subject.settings.term)

        def run_cells(engine: Engine) -> NotebookRun:
            collector = OutputCollector(nb, settings.output_limit_bytes)
            return run_notebook(
                nb, lambda: engine.launch(seed, subject.files, budget, settings), collector
            )

        try:
            reached = Reached(subject.contract, engine, seed, run_cells, run_cells(engine))
            suite = self._suite(trial, reached)
            with patience(subject.test_patience_s):  # a test file may hang when it is imported
                run_suite(subject.grader_dir, suite, trial.tests)
            if trial.example and suite.has_failed:
                reached.run = run_cells(engine)  # as in grading: no hidden input was met there
                suite.explaining = True
                run_suite(subject.grader_dir, suite, trial.tests)
        finally:
            engine.clean()
        return TrialResult(seen=tuple(suite.seen.values()), errors=tuple(suite.errors))

    def _suite(self, trial: Trial, reached: Reached) -> WatchedSuite:
        subject = self._subject
        student, draw, own_term = Student(reached.open_copy), Draw(0), subject.settings.term
        judges = {
            term: Judge(student, draw, subject.secret, (subject.slug, term or own_term))
            for term in trial.terms
        }
        return WatchedSuite(
            trial,
            student,
            draw,
            judges,
            subject.reference,
            reached.on,
            subject.test_patience_s,
        )

    def _engine_with(self, threads: int) -> Engine:
        """Return the engine; one that has another number of threads is closed before."""
        if self._engine is None or self._threads != threads:
            self.close()
            settings = self._subject.settings
            preload = modules_for(settings, self._subject.slug)
            self._engine = Engine(settings, threads=threads, preload=preload)
            self._threads = threads
        return self._engine

    def __enter__(self) -> Laboratory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def definitions(nb: NotebookNode) -> NotebookNode:
    """Leave out what no test meets: text, exploratory cells and visible checks."""
    left = copy.deepcopy(nb)
    left.cells = [
        cell
        for cell in nb.cells
        if cell.cell_type == "code" and not (_explores(cell) or _checks(cell))
    ]
    return left


def _explores(cell: NotebookNode) -> bool:
    return EXPLORE_TAG in cell.metadata.get("tags", [])


def _checks(cell: NotebookNode) -> bool:
    nbgrader = cell.metadata.get("nbgrader", {})
    return bool(nbgrader.get("grade")) and not nbgrader.get("solution")
