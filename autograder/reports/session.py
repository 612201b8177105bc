"""Grading a class from the first submission to the summary."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.batch import Course, Graded, Grader, run_batch, show_progress, visible
from autograder.reports.summary import write_summary
from autograder.reports.table import results_table
from autograder.results import read_results

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

    @property
    def waiting(self) -> list[str]:
        """The students whose marks are not complete."""
        return [item.student for item in self.graded if not item.result.outcome.is_settled]

    @property
    def status(self) -> ExitStatus:
        """Whether every mark of the chosen students is there."""
        complete = len(self.graded) == len(self.chosen) and not self.waiting
        return ExitStatus.DONE if complete else ExitStatus.INCOMPLETE


def grade_class(
    course: Course,
    slug: str,
    console: Console,
    *,
    students: Sequence[str] = (),
    force: bool = False,
) -> Session:
    """Grade, showing how far it has come, and write the summary of all results so far.

    Parameters
    ----------
    students
        Whom to grade; nobody named means everybody who submitted.
    force
        Grade again what is graded already.

    Raises
    ------
    UserError
        If grading cannot begin.
    """
    read_results(course.settings, slug)  # a broken one is better met before hours of grading
    with Grader(course, slug, force=force) as grader:
        chosen = grader.students(students)
        with show_progress(console, len(chosen)) as watcher:
            graded = run_batch(grader, chosen, watcher)
    path = course.root / "reports" / f"{slug}.html"
    write_summary(path, slug, grader.contract, read_results(course.settings, slug))
    return Session(slug, tuple(chosen), tuple(graded), grader.tier, path, grader.log_path)


def report(session: Session, console: Console) -> None:
    """Print the table, where to read more, and what is left to do."""
    results = [item.result for item in session.graded]
    title = f"{session.slug}: {len(results)} of {len(session.chosen)} submissions"
    console.print(results_table(title, results))
    for line in (
        f"Confinement: {session.tier}, {_TIERS[session.tier]}",
        f"Summary: {session.summary}",
        f"Log: {session.log}",
        *_left_to_do(session),
    ):
        console.print(Text(visible(line)), soft_wrap=True)


def _left_to_do(session: Session) -> list[str]:
    lines = []
    waiting = session.waiting
    if waiting:
        names = shlex.quote(",".join(waiting))
        lines.append(
            f"{len(waiting)} not graded or deferred, so the marks are provisional. Once the cause "
            f"is put right: autograder grade {session.slug} --force --students {names}"
        )
    left = len(session.chosen) - len(session.graded)
    if left:
        lines.append(f"Stopped with {left} to go. The same command goes on from there.")
    return lines
