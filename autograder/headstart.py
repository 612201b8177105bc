"""Starts warm parents before anything else is imported, where there is probably work for them.

A warm parent needs three seconds to import torch, and so does this process to import nbgrader:
the two may as well happen at once. A wrong guess costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from autograder.sandbox import SandboxLost, WarmParent, choose_confinement
from autograder.settings import Settings


def default_jobs() -> int:
    """Return how many submissions to grade at once: one for each processor that we may use."""
    return len(os.sched_getaffinity(0))


def start_parents(settings: Settings, slug: str, jobs: int, *, rerun: bool) -> list[WarmParent]:
    """Start as many warm parents as there may be use for; none of them is waited for."""
    jobs = min(jobs, _probably_waiting(settings.course_dir, slug, rerun=rerun))
    parents: list[WarmParent] = []
    if jobs:
        confinement = choose_confinement(settings.confinement)
        if not confinement.missing or settings.unconfined:
            with contextlib.suppress(SandboxLost, OSError):  # whoever needs one will say why
                while len(parents) < jobs:
                    parents.append(WarmParent(confinement, wait=False))
    return parents


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
