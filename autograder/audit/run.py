"""The audit as a whole: which parts there are, and in which order they run."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from autograder.audit import answers, coverage, feedback, leaks, margins, mutation, repeats
from autograder.audit.cache import Cache
from autograder.audit.digests import digests
from autograder.audit.files import file_findings, read_graders
from autograder.audit.findings import grader_errors
from autograder.audit.laboratory import Subject
from autograder.audit.mutants import Mutant
from autograder.audit.pace import Pace
from autograder.audit.pool import TrialPool
from autograder.audit.reach import Reach
from autograder.audit.report import AuditReport, Finding, Kind, OpenPart, Row, Stage
from autograder.audit.trial import Trial, TrialResult
from autograder.authoring import build_stub, load_assignment, load_solutions
from autograder.authoring.build import data_files
from autograder.authoring.marked import Marked
from autograder.grading.hints import load_hints
from autograder.grading.seeds import read_secret
from autograder.outcomes import Outcome
from autograder.sandbox import choose_confinement
from autograder.settings import Settings

_SAMPLED = 8
"""A quick audit tries every so many-th mutant."""
CACHE_DIR = Path(".autograder") / "audit"


class Watcher(Protocol):
    """Whoever wants to know how far an audit has come."""

    def begin(self, stage: Stage, trials: int) -> None:
        """Take note that a stage begins, of so many trials (0 if it has none)."""

    def advance(self) -> None:
        """Take note that a trial is done."""


@dataclass(frozen=True)
class Options:
    """How much an audit does.

    Attributes
    ----------
    repeats
        Runs of all the tests on right answers, with other hidden inputs each time.
    quick
        Whether a sample will do: some of the mutants, and of the wrong variants for each test
        one that fails it.
    leaks
        Whether to search for leaks, which builds, releases and grades a copy of the course.
    jobs
        Answers that are tried at once.
    fresh
        Whether to run again what an earlier audit has run.
    test_patience_s
        How long a single hidden test may run before it counts as hanging.
    """

    repeats: int = 50
    quick: bool = False
    leaks: bool = True
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    fresh: bool = False
    test_patience_s: float = 120.0


def audit(slug: str, settings: Settings, options: Options, watcher: Watcher) -> AuditReport:
    """Measure how good the hidden tests of an assignment are.

    Raises
    ------
    UserError
        If there is nothing to measure: a file that cannot be read, a missing secret, a sandbox
        that is not to be had. What is wrong with the grader itself is a finding.
    """
    return _Audit(slug, settings, options, watcher).run()


class _Audit:
    """One audit, stage by stage; each adds to the findings and to the parts of the report."""

    def __init__(self, slug: str, settings: Settings, options: Options, watcher: Watcher) -> None:
        self._slug = slug
        self._settings = settings
        self._options = options
        self._watcher = watcher
        self._assignment = load_assignment(slug, settings)
        self._grader_dir = settings.locate(settings.graders_dir) / slug
        self._tests: list[Marked] = read_graders(self._grader_dir)
        self._solutions = load_solutions(self._assignment, settings)
        self._tier = choose_confinement(settings.confinement).tier
        self._pace = Pace()
        self._findings: list[Finding] = []
        self._parts: dict[str, Any] = {}
        self._seconds: dict[Stage, float] = {}
        self._known = answers.known_answers(self._solutions, quick=options.quick)
        # What later stages look at again, by the answers' names.
        self._right: list[tuple[str, TrialResult]] = []
        self._wrong: list[tuple[str, TrialResult]] = []

    def run(self) -> AuditReport:
        """Run every stage; the later ones only if the reference itself passes."""
        with self._stage(Stage.FILES):
            self._findings += file_findings(
                self._assignment, self._solutions, self._tests, self._settings
            )
        cache = Cache(self._settings.course_dir / CACHE_DIR)
        with TrialPool(self._subject, self._options.jobs, cache, self._digests()) as pool:
            rows, results = self._answers(pool)
            if len(rows) > 1:
                mutants = self._mutants(pool)
                self._coverage(pool, rows, results, mutants)
                self._repeats(pool)
                self._margins()
                self._feedback(rows)
                self._leaks()
            counts = pool.counts
        cache.prune()
        return AuditReport(
            slug=self._slug,
            title=self._assignment.contract.title,
            tier=self._tier,
            findings=tuple(self._findings),
            stages_seconds=self._seconds,
            trials=counts.trials,
            trials_cached=counts.cached,
            **self._parts,
        )

    def _answers(self, pool: TrialPool) -> tuple[list[Row], list[TrialResult]]:
        """Try the known answers; only the reference, if that fails already."""
        reference = self._solutions.reference
        lone = answers.lone_trials(self._solutions, self._tests)
        with self._stage(Stage.VARIANTS, 1 + len(self._known) + len(lone)):
            first = answers.reference_trial(self._solutions, self._tests)
            results = pool.run([first], self._watcher.advance)
            rows = [answers.row(Kind.REFERENCE, reference, results[0], self._tests)]
            self._pace.measure(results[0])
            if _stands(rows[0], self._tests):
                reach = Reach(self._subject.stub, reference.answers, self._tests)
                others = answers.answer_trials(
                    self._known, self._solutions, self._tests, self._pace, reach
                )
                results += pool.run([trial for _, _, trial in others], self._watcher.advance)
                rows += [
                    answers.row(kind, variant, result, self._tests)
                    for (kind, variant, _), result in zip(others, results[1:], strict=True)
                ]
                alone = pool.run(lone, self._watcher.advance)
                self._findings += answers.lone_findings(lone, alone)
        for row, result in zip(rows, results, strict=True):
            known_right = row.kind in (Kind.REFERENCE, Kind.RIGHT)
            (self._right if known_right else self._wrong).append((row.name, result))
        self._findings += answers.answer_findings(rows, results, self._tests, self._grader_dir)
        self._parts["rows"] = tuple(rows)
        return rows, results

    def _mutants(self, pool: TrialPool) -> list[Mutant]:
        path = self._solutions.reference.path.with_name(mutation.FILE_NAME)
        reviewed = mutation.read_reviewed(path)
        tried = mutation.mutant_trials(self._solutions, self._tests, reviewed, self._pace)
        tried = tried[:: _SAMPLED if self._options.quick else 1]
        with self._stage(Stage.MUTANTS, len(tried)):
            results = pool.run([trial for _, trial in tried], self._watcher.advance)
        mutants = [mutant for mutant, _ in tried]
        rows = [
            mutation.mutant_row(mutant, result, reviewed.survivor)
            for mutant, result in zip(mutants, results, strict=True)
        ]
        for (_, trial), result in zip(tried, results, strict=True):
            self._wrong.append((trial.label, result))
            self._findings += grader_errors(
                Stage.MUTANTS, trial.label, result.seen, self._grader_dir
            )
        self._findings += mutation.mutant_findings(
            mutants, rows, reviewed.survivor, path, is_sample=self._options.quick
        )
        self._parts |= {
            "mutants": tuple(rows),
            "shares": tuple(mutation.shares(rows)),
            "open_parts": tuple(OpenPart(**part.model_dump()) for part in reviewed.open),
        }
        return mutants

    def _coverage(
        self,
        pool: TrialPool,
        rows: list[Row],
        results: list[TrialResult],
        mutants: list[Mutant],
    ) -> None:
        costs = coverage.costs(self._tests, rows, results, self._parts["mutants"])
        deferred = {name for name, cell in rows[0].cells.items() if not cell.outcome.is_settled}
        idle = [name for name in coverage.unused(costs) if name not in deferred]
        trials = mutation.trials_of_tests(self._solutions, self._tests, mutants, idle, self._pace)
        with self._stage(Stage.COVERAGE, len(trials)):
            again = pool.run(trials, self._watcher.advance)
        failed = {
            seen.test
            for result in again
            for seen in result.seen
            if seen.outcome is not Outcome.PASSED
        }
        idle = [name for name in idle if name not in failed]
        self._findings += coverage.coverage_findings(idle, self._tests)
        self._parts["tests"] = tuple(costs)

    def _repeats(self, pool: TrialPool) -> None:
        quick, slow = self._pace.split(self._tests)
        runs = self._options.repeats
        planned = [
            (conditions, trial)
            for conditions in repeats.CONDITIONS
            for tests, count in ((quick, runs), (slow, repeats.slow_runs(runs)))
            for trial in repeats.repeat_trials(self._solutions, tests, count, conditions)
            if tests
        ]
        known_wrong = [variant for kind, variant in self._known if variant and kind is Kind.WRONG]
        wrong = repeats.wrong_trials(known_wrong, self._solutions, quick, self._pace)
        right: list[tuple[repeats.Conditions, Trial, TrialResult]] = []
        with self._stage(Stage.REPEATS, len(planned) + len(wrong)):
            for conditions in repeats.CONDITIONS:
                trials = [trial for other, trial in planned if other is conditions]
                with repeats.load(conditions):
                    results = pool.run(trials, self._watcher.advance)
                right += zip([conditions] * len(trials), trials, results, strict=True)
            wrong_results = pool.run(wrong, self._watcher.advance)
        self._right += [(trial.label, result) for _, trial, result in right]
        found = repeats.summarise(right, list(zip(wrong, wrong_results, strict=True)), slow)
        self._findings += repeats.repeat_findings(found)
        self._parts["repeats"] = found

    def _margins(self) -> None:
        with self._stage(Stage.MARGINS):
            found = margins.margins(self._right, self._wrong)
            self._findings += margins.margin_findings(found)
        self._parts["margins"] = tuple(found)

    def _feedback(self, rows: list[Row]) -> None:
        with self._stage(Stage.FEEDBACK):
            hints = load_hints(self._grader_dir)
            self._findings += feedback.feedback_findings(rows, hints, self._grader_dir)

    def _leaks(self) -> None:
        if not self._options.leaks:
            return
        with self._stage(Stage.LEAKS):
            results = [result for _, result in (*self._right, *self._wrong)]
            found = leaks.search_leaks(self._slug, self._settings, results)
            self._findings += leaks.leak_findings(found)
        self._parts["leak_search"] = found

    @functools.cached_property
    def _subject(self) -> Subject:
        directory = self._assignment.directory
        return Subject(
            slug=self._slug,
            contract=self._assignment.contract,
            stub=build_stub(self._slug, self._settings),
            files={str(file): (directory / file).read_bytes() for file in data_files(directory)},
            grader_dir=self._grader_dir,
            reference=self._solutions.reference.path,
            secret=_secret(self._settings),
            settings=self._settings,
            test_patience_s=self._options.test_patience_s,
        )

    def _digests(self) -> dict[str, str]:
        known = digests(self._subject, self._tier)
        if self._options.fresh:
            known[""] += str(time.time_ns())
        return known

    @contextmanager
    def _stage(self, stage: Stage, trials: int = 0) -> Iterator[None]:
        started = time.monotonic()
        self._watcher.begin(stage, trials)
        yield
        self._seconds[stage] = time.monotonic() - started


def _stands(reference: Row, tests: list[Marked]) -> bool:
    """Say whether the reference passes; else nothing that follows would mean anything."""
    fine = (Outcome.PASSED, Outcome.DEFERRED)
    return all(
        test.name in reference.cells and reference.cells[test.name].outcome in fine
        for test in tests
    )


def _secret(settings: Settings) -> bytes:
    """Return the course's secret, so that the audit meets its inputs; elsewhere any will do."""
    exists = settings.locate(settings.secret_file).exists()
    return read_secret(settings) if exists else b"an audit without a course"
