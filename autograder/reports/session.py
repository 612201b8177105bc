"""Grading a class from the first submission to the summary."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.batch import Course, Graded, Grader, run_batch, show_progress, visible
from autograder.reports.summary import write_summary
from autograder.reports.table import results_table
from autograder.results import read_results


class ExitStatus(IntEnum):
    """What the command line returns."""

    DONE = 0
    INCOMPLETE = 1
    """Some submission is deferred or not graded, or the run was stopped."""
    USAGE = 2


def grade_and_report(
    course: Course,
    slug: str,
    console: Console,
    *,
    students: Sequence[str] = (),
    force: bool = False,
) -> ExitStatus:
    """Grade, and print what came of it; write the summary of all results so far.

    Raises
    ------
    UserError
        If grading cannot begin.
    """
    with Grader(course, slug, force=force) as grader:
        chosen = grader.students(students)
        console.print(f"Confinement: tier {grader.tier}", highlight=False)
        with show_progress(console, len(chosen)) as watcher:
            graded = run_batch(grader, chosen, watcher)
    results = [item.result for item in graded]
    console.print(results_table(f"{slug}: {len(results)} of {len(chosen)} submissions", results))
    path = summary_path(course, slug)
    write_summary(path, slug, grader.contract, read_results(course.settings, slug))
    console.print(Text(f"Summary: {path}"), soft_wrap=True)
    console.print(Text(f"Log: {grader.log_path}"), soft_wrap=True)
    return _close(graded, chosen, slug, console)


def summary_path(course: Course, slug: str) -> Path:
    """Return where the summary of an assignment is written."""
    return course.root / "reports" / f"{slug}.html"


def _close(
    graded: Sequence[Graded], chosen: Sequence[str], slug: str, console: Console
) -> ExitStatus:
    """Say what is left to do."""
    status = ExitStatus.DONE
    waiting = [item.student for item in graded if not item.result.outcome.is_settled]
    if waiting:
        status = ExitStatus.INCOMPLETE
        again = f"autograder grade {slug} --force --students {shlex.quote(','.join(waiting))}"
        console.print(
            Text(
                f"{len(waiting)} not graded or deferred, so the marks are provisional. Once the "
                f"cause is put right: {visible(again)}"
            ),
            soft_wrap=True,
        )
    if len(graded) < len(chosen):
        status = ExitStatus.INCOMPLETE
        console.print(f"Stopped with {len(chosen) - len(graded)} to go; run it again to go on.")
    return status
