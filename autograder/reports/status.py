"""``autograder status``: how far grading is, from the journal; the reasons from the results."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.batch import Course, Journal, visible
from autograder.batch.digests import submission_digest
from autograder.batch.journal import Entry, State
from autograder.batch.lock import is_running
from autograder.errors import UserError
from autograder.outcomes import Outcome
from autograder.reports.findings import findings
from autograder.results import read_result

_MOST_NAMED = 20
_WITH_REASON = ("not graded", "deferred")


@dataclass(frozen=True)
class Status:
    """How far the grading of an assignment is.

    Attributes
    ----------
    groups
        Each student's submission in a word or two.
    reasons
        Why a mark is missing, by student.
    last_run
        When the last run began and ended, and its conditions.
    """

    slug: str
    groups: dict[str, str]
    reasons: dict[str, str]
    last_run: tuple[str, str | None, str] | None
    is_running: bool

    @property
    def is_complete(self) -> bool:
        """Whether every submission is graded."""
        return set(self.groups.values()) <= {"graded"}


def status_command(course: Course, slug: str, console: Console, *, as_json: bool) -> int:
    """Print how many submissions are graded, waiting, or cannot be graded; return 0 if all are.

    Raises
    ------
    UserError
        If nothing was submitted, nor ever graded.
    """
    status = _look(course, slug)
    if as_json:
        json.dump(_document(status), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print(status, console)
    return 0 if status.is_complete else 1


def _look(course: Course, slug: str) -> Status:
    runs = is_running(course.root, slug)  # asked first: whoever ends meanwhile has written all
    submitted = course.submitted_students(slug)
    with Journal(course.root) as journal:
        entries = journal.entries(slug)
        last = journal.last_run(slug)
    if not submitted and not entries:
        raise UserError(
            f"There is no submission of {visible(slug)} in {course.root}.",
            hint="Check the name of the assignment, or collect the submissions first.",
        )
    groups = {
        name: _group(entries.get(name), submission_digest(course.submission(slug, name)), runs)
        for name in submitted
    }
    open_ones = [name for name, group in groups.items() if group in _WITH_REASON]
    reasons = {name: _reason(course, slug, entries[name]) for name in open_ones}
    return Status(slug, groups, reasons, last, runs)


def _group(entry: Entry | None, digest: str, is_running: bool) -> str:
    if entry is None:
        return "new"
    if entry.state is State.STARTED:
        return "being graded" if is_running else "interrupted"
    if entry.submission != digest:
        return "handed in again"
    if entry.state is State.GRADED:
        return "not saved"
    if entry.state is State.QUARANTINED or entry.outcome is Outcome.NOT_GRADED:
        return "not graded"
    return "deferred" if entry.outcome is Outcome.DEFERRED else "graded"


def _reason(course: Course, slug: str, entry: Entry) -> str:
    """Return why a submission has no mark, in a line."""
    if entry.reason:
        return entry.reason
    result = read_result(course.settings, slug, entry.student)
    found = findings(result) if result else []
    return found[0].partition(": ")[2] if found else ""


def _print(status: Status, console: Console) -> None:
    counts = Counter(status.groups.values())
    told = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    head = f"{status.slug}: {len(status.groups)} submissions: {told or 'none'}"
    console.print(Text(visible(head)), soft_wrap=True)
    if status.last_run is not None:
        began, ended, _ = status.last_run
        end = "is running" if status.is_running else f"ended {ended}" if ended else "was cut off"
        console.print(f"Last run: began {began}, {end}.", highlight=False)
    open_ones = [name for name, group in status.groups.items() if group not in ("graded", "new")]
    for name in open_ones[:_MOST_NAMED]:
        reason = status.reasons.get(name, "")
        line = f"  {visible(name, 32)}: {status.groups[name]}{f': {reason}' if reason else ''}"
        console.print(Text(visible(line)), soft_wrap=True)
    if len(open_ones) > _MOST_NAMED:
        console.print(f"  and {len(open_ones) - _MOST_NAMED} more; --json names all")
    if not status.is_complete and not status.is_running:
        console.print(f"Go on with: autograder grade {status.slug}", highlight=False)


def _document(status: Status) -> dict[str, Any]:
    last = status.last_run
    return {
        "assignment": status.slug,
        "is_running": status.is_running,
        "counts": dict(Counter(status.groups.values())),
        "submissions": {
            name: {"state": group, "reason": status.reasons.get(name, "")}
            for name, group in status.groups.items()
        },
        "last_run": None
        if last is None
        else {"began": last[0], "ended": last[1], "conditions": json.loads(last[2])},
    }
