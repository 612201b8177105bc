"""``autograder regrade`` and ``--repeat``: what marks would change, or do change by themselves."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.batch import (
    Assignment,
    Change,
    Course,
    Graded,
    changes,
    check_assignment,
    rehearse,
    show_progress,
    visible,
)
from autograder.outcomes import SubmissionResult
from autograder.reports.session import ExitStatus, grade_class, report
from autograder.results import read_results

_LONGEST_REASON = 160


def regrade(
    course: Course,
    slug: str,
    console: Console,
    *,
    students: Sequence[str] = (),
    jobs: int,
    dry_run: bool,
) -> int:
    """Grade everybody again, and show who gains or loses what; return the exit status.

    Parameters
    ----------
    dry_run
        Show it, and write nothing.
    """
    assignment = check_assignment(course, slug)
    before = {result.student: result for result in read_results(course.settings, slug)}
    chosen = assignment.students(students)
    if dry_run:
        watch = functools.partial(show_progress, console)
        graded: Sequence[Graded] = rehearse(assignment, chosen, watch, jobs=jobs)
        status = ExitStatus.DONE
    else:
        session = grade_class(course, slug, console, students=chosen, jobs=jobs, rerun=True)
        report(session, console)
        graded, status = session.graded, session.status
    found = found_changes(before, graded)
    print_changes(found, len(graded), console, dry_run=dry_run)
    return status


def repeat(
    assignment: Assignment, graded: Sequence[Graded], times: int, console: Console, jobs: int
) -> list[Change]:
    """Grade again, and return the marks that are not what they were; nothing is saved."""
    watch = functools.partial(show_progress, console)
    students = [item.student for item in graded]
    again = rehearse(assignment, students, watch, jobs=jobs, times=times)
    flips = found_changes({item.result.student: item.result for item in graded}, again)
    for flip in flips:
        line = f"✗ {visible(flip.student)}, {flip.task}: {_points(flip)} when graded again"
        console.print(Text(line, "red"), soft_wrap=True)
    console.print(f"Graded {times} times more: {len(flips)} marks differ.", highlight=False)
    return flips


def found_changes(before: dict[str, SubmissionResult], graded: Sequence[Graded]) -> list[Change]:
    """Return every task whose points differ from what they were."""
    return [
        change
        for item in graded
        for change in changes(before.get(item.result.student), item.result)
    ]


def print_changes(found: Sequence[Change], total: int, console: Console, *, dry_run: bool) -> None:
    """Print who gains or loses what, and why."""
    table = Table(title="Marks that change", title_justify="left")
    table.add_column("Student", no_wrap=True)
    table.add_column("Task", no_wrap=True)
    table.add_column("Points", no_wrap=True)
    table.add_column("Why", overflow="fold")
    for change in sorted(found, key=lambda item: item.difference):
        style = "red" if change.difference < 0 else "green"
        why = visible("\n".join(change.why), _LONGEST_REASON)
        name, task = visible(change.student, 32), visible(change.task)
        table.add_row(Text(name), Text(task), Text(_points(change), style), Text(why))
    if found:
        console.print(table)
    losers = len({change.student for change in found if change.difference < 0})
    gainers = len({change.student for change in found if change.difference > 0})
    would = "would " if dry_run else ""
    tail = " Nothing was written." if dry_run else ""
    console.print(
        f"Of {total} submissions {gainers} {would}gain and {losers} {would}lose points.{tail}",
        highlight=False,
    )


def _points(change: Change) -> str:
    before, after = (
        "undecided" if score is None else f"{score:g}" for score in (change.before, change.after)
    )
    return f"{before} → {after}"
