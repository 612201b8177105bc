"""Grades one notebook: runs its cells, then the hidden tests, across the trust boundary.

A process that has met a hidden input never speaks to the student again:

1. A first process runs the graded cells; copies of it meet the hidden tests. Then it is
   ended with all that it started, and its scratch emptied. From what it said after the
   cells, no text is shown.
2. If a test failed or there are exploratory cells, a second process runs the graded cells
   again, then examples of what failed, then the exploratory cells.

Whoever kills a process from outside, the machine or a person, is no student: each of the two is
done once more if the notebook's process ended meanwhile, and only what happens twice counts.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.contract import Contract, Kind, Task, load_contract
from autograder.grading.draw import Draw
from autograder.grading.engine import Engine, shared_engine
from autograder.grading.hints import Hint, load_hints
from autograder.grading.judge import GRADER_ERROR, Judge
from autograder.grading.reached import Reached
from autograder.grading.seeds import hidden_seed, read_secret
from autograder.grading.student import Student
from autograder.grading.suite import Suite, TestRecord, run_suite, settle
from autograder.kernels import Budget, BudgetSpent, NotebookRun, run_notebook
from autograder.kernels.outputs import OutputCollector
from autograder.outcomes import SubmissionResult, TaskResult, TestResult
from autograder.sandbox import SandboxLost
from autograder.settings import Settings

log = logging.getLogger(__name__)

LOST = "The sandbox was lost while grading; this is not the student's fault."
_NOT_ALL_SHOWN = "The exploratory cells did not all run:"
LOST_WHILE_SHOWING = f"{_NOT_ALL_SHOWN} {LOST}"
"""Marks are decided, and words are missing: worth another run."""
_ATTEMPTS = 2


@dataclass(frozen=True)
class Submission:
    """Whose notebook it is, and what lies beside it.

    Attributes
    ----------
    files
        The other files, by path relative to the notebook.
    """

    student: str
    assignment: str
    notebook: str
    files: Mapping[str, bytes] = field(default_factory=dict)


def grade_notebook(
    nb: NotebookNode,
    submission: Submission,
    settings: Settings,
    engine: Engine | None = None,
) -> SubmissionResult:
    """Run a notebook confined, fill in its outputs, and run the hidden tests on it.

    A sandbox that is lost is not the student's fault: it is tried again once, and
    then the tasks are not graded.

    Parameters
    ----------
    nb
        The sanitised notebook; its code cells' outputs are replaced.
    engine
        Where to run; by default the one that this process keeps.

    Raises
    ------
    UserError
        If the contract, the hints or the course's secret are missing or broken.
    """
    contract = load_contract(settings.locate(settings.assignments_dir) / submission.assignment)
    engine = engine or shared_engine(settings, submission.assignment)
    grading = _Grading(nb, submission, settings, contract, engine)
    reason = ""
    for _ in range(_ATTEMPTS):
        try:
            return grading.run()
        except SandboxLost as lost:
            log.warning("%s: the sandbox was lost: %s", submission.student, lost)
            reason = LOST
        except BudgetSpent as spent:
            reason = str(spent)
            break
    return grading.result([_not_graded(task, reason) for task in grading.tasks], ())


class _Grading:
    """The grading of one notebook."""

    def __init__(
        self,
        nb: NotebookNode,
        submission: Submission,
        settings: Settings,
        contract: Contract,
        engine: Engine,
    ) -> None:
        self._nb = nb
        self._submission = submission
        self._settings = settings
        self._contract = contract
        self.tasks = [task for task in contract.tasks if task.kind is Kind.AUTO]
        self._engine = engine
        self._secret = read_secret(settings)
        self._grader_dir = settings.locate(settings.graders_dir) / submission.assignment
        self._hints = load_hints(self._grader_dir)
        self._budget = Budget(settings.submission_wall_s)
        self._seed = hidden_seed(self._secret, submission.assignment, settings.term)
        self._reached = Reached(contract, engine, self._seed, self._run_aside)

    def run(self) -> SubmissionResult:
        """Run cells and tests; then, in a fresh process, examples and exploratory cells."""
        try:
            run, suite = self._decide()
            notes = [*run.notes, *self._show(run, suite)]
        finally:
            self._engine.clean()
        for error in suite.errors:
            log.error("%s: %s", self._submission.assignment, error)
        tasks = [self._task(task, suite) for task in self.tasks]
        return self.result(tasks, dict.fromkeys(notes))

    def _decide(self) -> tuple[NotebookRun, Suite]:
        """Run the graded cells and the hidden tests."""
        for _ in range(_ATTEMPTS):
            run, suite = self._run_cells(), self._suite()
            with self._reached.at(run):
                run_suite(self._grader_dir, suite)
            if not run.has_ended:
                break
        return run, suite

    def _show(self, run: NotebookRun, suite: Suite) -> list[str]:
        """Find examples and run the exploratory cells; no mark depends on it any more."""
        if not (suite.failed or run.has_explore):
            return []
        notes: list[str] = []
        for attempt in range(_ATTEMPTS):
            try:
                if attempt or self._engine.has("fresh_process"):
                    run.close()
                    run = self._run_cells()
                self._explain_and_explore(run, suite)
                notes = run.notes
                if not run.has_ended:
                    break
            except SandboxLost as lost:
                log.warning("%s: examples and explorations: %s", self._submission.student, lost)
                notes = [LOST_WHILE_SHOWING]
            except BudgetSpent as spent:
                notes = notes or [f"{_NOT_ALL_SHOWN} {spent}"]
                break
        return notes

    def _explain_and_explore(self, run: NotebookRun, suite: Suite) -> None:
        suite.explaining = True
        if suite.failed:
            with self._reached.at(run):
                run_suite(self._grader_dir, suite)
        run.explore()

    def result(self, tasks: Iterable[TaskResult], notes: Iterable[str]) -> SubmissionResult:
        """Put a result together."""
        return SubmissionResult(
            student=self._submission.student,
            assignment=self._submission.assignment,
            notebook=self._submission.notebook,
            tasks=tuple(tasks),
            tier=self._engine.tier,
            missing=self._engine.missing,
            notes=tuple(notes),
        )

    def _run_cells(self) -> NotebookRun:
        return self._run_in(self._engine, self._nb)

    def _run_aside(self, engine: Engine) -> NotebookRun:
        """Run the graded cells once more; the notebook keeps the outputs that it has."""
        return self._run_in(engine, copy.deepcopy(self._nb))

    def _run_in(self, engine: Engine, nb: NotebookNode) -> NotebookRun:
        collector = OutputCollector(nb, self._settings.output_limit_bytes)
        files, budget = self._submission.files, self._budget
        return run_notebook(nb, lambda: engine.launch(self._seed, files, budget), collector)

    def _suite(self) -> Suite:
        student, draw = Student(self._reached.open_copy), Draw(0)
        judge = Judge(
            student, draw, self._secret, (self._submission.assignment, self._settings.term)
        )
        solutions = self._settings.locate(self._settings.solutions_dir)
        reference = solutions / self._submission.assignment / "reference.py"
        return Suite(student, draw, judge, reference, self._reached.on)

    def _task(self, task: Task, suite: Suite) -> TaskResult:
        records = [record for record in suite.records.values() if record.task == task.id]
        if not records:
            return _not_graded(task, GRADER_ERROR)
        tests = tuple(self._test_result(record) for record in records)
        return TaskResult(task=task.id, max_points=task.points, tests=tests)

    def _test_result(self, record: TestRecord) -> TestResult:
        verdict = settle(record)
        if verdict.staff_note:
            log.error("%s, test %s: %s", self._submission.student, record.name, verdict.staff_note)
        hint: Hint | None = self._hints.get(verdict.hint or "")
        return TestResult(
            name=record.name,
            task=record.task,
            points=record.points,
            outcome=verdict.outcome,
            message=verdict.message,
            hint=verdict.hint,
            hint_text=hint.advice if hint else "",
        )


def _not_graded(task: Task, reason: str) -> TaskResult:
    """Return a task that waits for a person, with the reason."""
    return TaskResult(task=task.id, max_points=task.points, reason=reason)
