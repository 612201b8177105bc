"""``autograder status``: how far grading is, from the journal alone."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.batch import Course, Journal, visible
from autograder.batch.journal import Entry, State
from autograder.outcomes import Outcome

_MOST_NAMED = 20


def status_command(course: Course, slug: str, console: Console, *, as_json: bool) -> int:
    """Print how many submissions are graded, waiting, or cannot be graded; return 0 if all are."""
    submitted = course.submitted_students(slug)
    with Journal(course.root) as journal:
        entries = journal.entries(slug)
        last = journal.last_run(slug)
    groups = {student: _group(entries.get(student)) for student in submitted}
    if as_json:
        json.dump(_document(slug, groups, entries, last), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print(slug, groups, entries, last, console)
    return 0 if set(groups.values()) <= {"graded"} else 1


def _group(entry: Entry | None) -> str:
    if entry is None:
        return "new"
    if entry.state is State.STARTED:
        return "interrupted"
    if entry.state is State.GRADED:
        return "not saved"
    if entry.state is State.QUARANTINED or entry.outcome is Outcome.NOT_GRADED:
        return "not graded"
    return "deferred" if entry.outcome is Outcome.DEFERRED else "graded"


def _print(
    slug: str,
    groups: dict[str, str],
    entries: dict[str, Entry],
    last: tuple[str, str | None, str] | None,
    console: Console,
) -> None:
    counts = Counter(groups.values())
    told = ", ".join(f"{count} {name}" for name, count in counts.most_common())
    console.print(f"{slug}: {len(groups)} submissions: {told or 'none'}", highlight=False)
    if last is not None:
        ended = f"ended {last[1]}" if last[1] else "has not ended (it runs, or was killed)"
        console.print(f"Last run: began {last[0]}, {ended}.", highlight=False)
    open_ones = [name for name, group in groups.items() if group not in ("graded", "new")]
    for name in open_ones[:_MOST_NAMED]:
        reason = entries[name].reason
        line = f"  {visible(name, 32)}: {groups[name]}{f': {reason}' if reason else ''}"
        console.print(Text(visible(line)), soft_wrap=True)
    if set(groups.values()) - {"graded"}:
        console.print(f"Go on with: autograder grade {slug}", highlight=False)


def _document(
    slug: str,
    groups: dict[str, str],
    entries: dict[str, Entry],
    last: tuple[str, str | None, str] | None,
) -> dict[str, Any]:
    return {
        "assignment": slug,
        "counts": dict(Counter(groups.values())),
        "submissions": {
            name: {"state": group, "reason": entries[name].reason if name in entries else ""}
            for name, group in groups.items()
        },
        "last_run": None
        if last is None
        else {"began": last[0], "ended": last[1], "conditions": json.loads(last[2])},
    }
