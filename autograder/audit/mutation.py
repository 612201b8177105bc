"""Small changes to the reference: a good grader notices nearly every one."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.audit.findings import error, warning
from autograder.audit.mutants import Mutant, make_mutants
from autograder.audit.pace import Pace
from autograder.audit.report import Finding, MutantRow, MutantShare, MutantVerdict, Stage
from autograder.audit.trial import Trial, TrialResult, by_file
from autograder.authoring import Solutions
from autograder.authoring.marked import Marked
from autograder.authoring.textfile import read_text
from autograder.errors import UserError
from autograder.outcomes import Outcome

FILE_NAME = "survivors.toml"
LEAST_KILLED_PERCENT = 95.0


class _Verdict(StrEnum):
    EQUIVALENT = "equivalent"
    ACCEPTED = "accepted"


class OpenPart(BaseModel):
    """A function that is judged by its result alone: many answers are right, mutants among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    function: str
    reason: str = Field(min_length=20)

    def holds(self, mutant: Mutant) -> bool:
        """Say whether a mutant lies in this function."""
        if mutant.task != self.task:
            return False
        return any(
            isinstance(part, ast.FunctionDef)
            and part.name == self.function
            and part.lineno <= mutant.line <= (part.end_lineno or part.lineno)
            for part in ast.parse(mutant.original).body
        )


class Survivor(BaseModel):
    """A mutant that may survive, and why; reviewed by a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    before: str
    after: str
    verdict: _Verdict
    """``equivalent``: no input tells it from the reference. ``accepted``: it could be told, and
    counts against the share of mutants killed, but no student is wronged by letting it pass."""
    reason: str = Field(min_length=20)

    def explains(self, mutant: Mutant) -> bool:
        """Say whether this is the mutant that was meant."""
        return (self.task, self.before, self.after) == (mutant.task, mutant.before, mutant.after)


class Reviewed(BaseModel):
    """What people have said about mutants, in ``survivors.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    survivor: tuple[Survivor, ...] = ()
    open: tuple[OpenPart, ...] = ()


def read_reviewed(path: Path) -> Reviewed:
    """Read the reviewed list of survivors and of open parts; no file means none.

    Raises
    ------
    UserError
        If the file is not TOML of the form ``[[survivor]]`` and ``[[open]]``.
    """
    if not path.exists():
        return Reviewed()
    try:
        return Reviewed.model_validate(tomllib.loads(read_text(path)))
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise UserError(
            f"{path} is not a valid list of survivors: {problem}",
            hint="Each is a table [[survivor]] with task, before, after, verdict (equivalent or "
            "accepted) and a reason of some words, or [[open]] with task, function and reason.",
        ) from problem


def mutant_trials(
    solutions: Solutions, tests: Sequence[Marked], reviewed: Reviewed, pace: Pace
) -> list[tuple[Mutant, Trial]]:
    """Return a trial of each mutant of each task that has hidden tests."""
    answers = solutions.reference.answers
    return [
        (mutant, _trial(mutant, answers, [test for test in tests if test.task == task], pace))
        for task in dict.fromkeys(test.task for test in tests if test.task in answers)
        for mutant in make_mutants(task, answers[task])
        if not any(part.holds(mutant) for part in reviewed.open)
    ]


def trials_of_tests(
    solutions: Solutions,
    tests: Sequence[Marked],
    mutants: Iterable[Mutant],
    names: Iterable[str],
    pace: Pace,
) -> list[Trial]:
    """Return trials of every mutant by single tests: those that were never the first to kill."""
    by_name = {test.name: test for test in tests}
    wanted = [by_name[name] for name in names]
    return [
        _trial(mutant, solutions.reference.answers, [test], pace)
        for mutant in mutants
        for test in wanted
        if test.task == mutant.task
    ]


def _trial(
    mutant: Mutant, answers: Mapping[str, str], tests: Sequence[Marked], pace: Pace
) -> Trial:
    return Trial(
        label=f"the mutant `{mutant.after.strip().splitlines()[0]}` of {mutant.task}",
        answers={**answers, mutant.task: mutant.source},
        tests=by_file(tests),
        stop_at_failure=True,
        call_cpu_s=pace.call_cpu_s(mutant.task),
    )


def mutant_row(mutant: Mutant, result: TrialResult, survivors: Iterable[Survivor]) -> MutantRow:
    """Return what became of a mutant."""
    killer = next((seen.test for seen in result.seen if seen.outcome is Outcome.FAILED), "")
    explained = next((entry for entry in survivors if entry.explains(mutant)), None)
    if killer:
        verdict = MutantVerdict.KILLED
    elif explained is not None:
        verdict = MutantVerdict(explained.verdict)
    else:
        verdict = MutantVerdict.SURVIVED
    return MutantRow(
        key=mutant.key,
        task=mutant.task,
        operator=mutant.operator,
        line=mutant.line,
        diff=mutant.diff,
        verdict=verdict,
        killed_by=killer,
        reason=explained.reason if explained is not None and not killer else "",
    )


def shares(rows: Sequence[MutantRow]) -> list[MutantShare]:
    """Return the share of mutants killed, by task."""
    found = []
    for task in dict.fromkeys(row.task for row in rows):
        counts = Counter(row.verdict for row in rows if row.task == task)
        equivalent = counts[MutantVerdict.EQUIVALENT]
        found.append(
            MutantShare(
                task=task,
                killed=counts[MutantVerdict.KILLED],
                counted=counts.total() - equivalent,
                equivalent=equivalent,
            )
        )
    return found


def mutant_findings(
    mutants: Sequence[Mutant],
    rows: Sequence[MutantRow],
    survivors: Sequence[Survivor],
    path: Path,
    *,
    is_sample: bool,
) -> Iterator[Finding]:
    """Yield survivors that nobody has explained, tasks that let too many live, stale entries.

    Parameters
    ----------
    is_sample
        Whether only some of the mutants were tried: too few for a share, or to miss any.
    """
    by_task = shares(rows)
    for share in by_task:
        if share.percent < LEAST_KILLED_PERCENT and not is_sample:
            yield error(
                Stage.MUTANTS,
                share.task,
                f"Its tests kill {share.killed} of {share.counted} mutants of the reference, "
                f"{share.percent:.1f} %; at least {LEAST_KILLED_PERCENT:g} % are demanded.",
                "The survivors below say which line no test depends on.",
            )
    for row in rows:
        if row.verdict is MutantVerdict.SURVIVED:
            yield error(
                Stage.MUTANTS,
                f"{row.task}, line {row.line} of the reference's answer",
                f"A mutant ({row.operator}) passes every test:\n{row.diff}",
                "Write a test that tells it from the reference, or say in "
                f"{path} why it may live: [[survivor]] with task, before, after, verdict, reason.",
            )
    lived = [
        mutant
        for mutant, row in zip(mutants, rows, strict=True)
        if row.verdict is not MutantVerdict.KILLED
    ]
    for entry in () if is_sample else survivors:
        if not any(entry.explains(mutant) for mutant in lived):
            yield warning(
                Stage.MUTANTS,
                path,
                f"No mutant of {entry.task} survives that turns `{entry.before}` into "
                f"`{entry.after}`.",
                "Delete the entry: the reference or the tests have changed.",
            )
