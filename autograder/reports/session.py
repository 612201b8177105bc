"""Grading a class from the first submission to the summary."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.batch import (
    Course,
    Graded,
    Only,
    check_assignment,
    grade_submissions,
    show_progress,
    visible,
)
from autograder.grading.engine import shared_engine
from autograder.headstart import default_jobs
from autograder.outcomes import Outcome
from autograder.reports.summary import INSIDE, decided_inside, write_summary
from autograder.reports.table import results_table
from autograder.results import read_results
from autograder.sandbox import WarmParent

_TIERS = {
    "T1": "namespaces, as root: each submission sees the Python environment and nothing else",
    "T2": "namespaces, as an ordinary user: a submission sees the Python environment only",
    "T3": "NO namespaces, a user id of its own: less than the agreed minimum, with consent; "
    "`autograder doctor` lists what is open; grade only code that you trust",
    "T4": "NO namespaces: less than the agreed minimum, with consent; "
    "`autograder doctor` lists what is open; grade only code that you trust",
}


class ExitStatus(IntEnum):
    """What the command line returns."""

    DONE = 0
    INCOMPLETE = 1
    """Some submission is deferred or not graded, or the run was stopped."""


@dataclass(frozen=True)
class Session:
    """One run over a class.

    Attributes
    ----------
    chosen
        Whom the run was to grade.
    graded
        Whom it reached.
    """

    slug: str
    chosen: tuple[str, ...]
    graded: tuple[Graded, ...]
    tier: str
    summary: Path
    log: Path
    unsaved: dict[str, str] = field(default_factory=dict)
    """Students whose marks wait in the journal, with the reason."""
    rerun: bool = False
    """Whether the run was to grade again what was graded already."""

    def count(self, outcome: Outcome) -> int:
        """Return how many submissions came to an outcome."""
        return sum(item.result.outcome is outcome for item in self.graded)

    @property
    def status(self) -> ExitStatus:
        """Whether every mark of the chosen students is there."""
        is_settled = all(item.result.outcome.is_settled for item in self.graded)
        complete = len(self.graded) == len(self.chosen) and is_settled
        return ExitStatus.DONE if complete else ExitStatus.INCOMPLETE


def grade_class(
    course: Course,
    slug: str,
    console: Console,
    *,
    students: Sequence[str] = (),
    jobs: int | None = None,
    only: Only | None = None,
    rerun: bool = False,
    parents: Sequence[WarmParent] = (),
) -> Session:
    """Grade, showing how far it has come, and write the summary of all results so far.

    Parameters
    ----------
    students
        Whom to grade; nobody named means everybody who submitted.
    jobs
        How many at once; by default one for each processor.
    only
        Leave out all but the new, the deferred or the failed.
    rerun
        Grade again what is graded already.
    parents
        Warm parents that were started ahead.

    Raises
    ------
    UserError
        If grading cannot begin, or had to stop.
    """
    read_results(course.settings, slug)  # a broken one is better met before hours of grading
    assignment = check_assignment(course, slug)
    tier = shared_engine(course.settings, slug).tier
    chosen = assignment.students(students)
    batch = grade_submissions(
        assignment,
        functools.partial(show_progress, console),
        jobs=jobs or default_jobs(),
        students=chosen,
        only=only,
        rerun=rerun,
        parents=parents,
    )
    path = course.root / "reports" / f"{slug}.html"
    write_summary(path, slug, assignment.contract, read_results(course.settings, slug))
    reached = tuple(batch.graded[name] for name in chosen if name in batch.graded)
    wanted = tuple(batch.chosen)
    return Session(slug, wanted, reached, tier, path, assignment.log_path, batch.unsaved, rerun)


def report(session: Session, console: Console) -> None:
    """Print the table, where to read more, and what is left to do."""
    results = [item.result for item in session.graded]
    title = f"{session.slug}: {len(results)} of {len(session.chosen)} submissions"
    console.print(results_table(title, results))
    for line in (
        f"Confinement: {session.tier}, {_TIERS[session.tier]}",
        *([f"Test cells: {INSIDE}"] if decided_inside(results) else []),
        f"Summary: {session.summary}",
        f"Log: {session.log}",
        *_left_to_do(session),
    ):
        console.print(Text(visible(line)), soft_wrap=True)


def _left_to_do(session: Session) -> list[str]:
    lines = []
    if deferred := session.count(Outcome.DEFERRED):
        lines.append(
            f"{deferred} deferred, so the marks are provisional. On a machine with the device: "
            f"autograder grade {session.slug} --only deferred"
        )
    if not_graded := session.count(Outcome.NOT_GRADED):
        lines.append(
            f"{not_graded} not graded, so the marks are provisional. Once the cause is put right: "
            f"autograder grade {session.slug} --only failed"
        )
    for student, reason in session.unsaved.items():
        lines.append(f"{student}: graded, and not saved: {reason}. The same command saves it.")
    stale = sum(item.is_stale for item in session.graded)
    if stale:
        lines.append(
            f"{stale} were graded before the hidden tests or the data changed. See what would "
            f"change: autograder regrade {session.slug} --dry-run"
        )
    left = len(session.chosen) - len(session.graded) - len(session.unsaved)
    if left:
        ahead = "begins anew; what was graded is saved" if session.rerun else "goes on from there"
        lines.append(f"Stopped with {left} to go. The same command {ahead}.")
    return lines
