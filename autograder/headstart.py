"""Starts warm parents before anything else is imported, where there is probably work for them.

A warm parent needs three seconds to import torch, and so does this process to import nbgrader:
the two may as well happen at once. A wrong guess costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from autograder.sandbox import SandboxLost, WarmParent, choose_confinement, modules_for
from autograder.settings import Settings


def default_jobs() -> int:
    """Return how many submissions to grade at once: one for each processor that we may use."""
    return len(os.sched_getaffinity(0))


@contextlib.contextmanager
def parents_ahead(
    settings: Settings, slug: str, jobs: int, *, rerun: bool
) -> Iterator[list[WarmParent]]:
    """Give as many warm parents as there may be use for; none of them is waited for.

    They are closed in the end, whatever became of them.
    """
    with contextlib.ExitStack() as stack:
        started = _start_parents(settings, slug, jobs, rerun=rerun)
        yield [stack.enter_context(parent) for parent in started]


def _start_parents(
    settings: Settings, slug: str, jobs: int, *, rerun: bool
) -> Iterator[WarmParent]:
    jobs = min(jobs, _probably_waiting(settings.course_dir, slug, rerun=rerun))
    if not jobs:
        return
    confinement = choose_confinement(settings.confinement)
    if not confinement.missing or settings.unconfined:
        with contextlib.suppress(SandboxLost, OSError):  # whoever needs one will say why
            preload = modules_for(settings, slug)
            for _ in range(jobs):
                yield WarmParent(confinement, preload, wait=False)


def _probably_waiting(root: Path, slug: str, *, rerun: bool) -> int:
    submitted = sum(1 for _ in root.glob(f"submitted/*/{slug}"))
    journal = root / ".autograder" / "journal.db"
    if rerun or not journal.exists():
        return submitted
    query = "SELECT count(*) FROM submissions WHERE assignment = ? AND state = 'saved'"
    try:
        with contextlib.closing(sqlite3.connect(journal)) as connection:
            return submitted - int(connection.execute(query, (slug,)).fetchone()[0])
    except sqlite3.DatabaseError:
        return submitted
