"""What runs in the worker processes of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any

from autograder.batch.course import open_course
from autograder.batch.marking import Marker
from autograder.batch.staging import STAGING
from autograder.grading.engine import close_shared_engine, shared_engine
from autograder.sandbox import WarmParent

_parents: list[WarmParent] = []
"""Warm parents that were started before the workers were forked, one for each."""
_marker: Marker | None = None


def lend(parents: Sequence[WarmParent]) -> None:
    """Have the workers that are forked from here on take over warm parents that start up."""
    _parents[:] = parents


def let_go() -> None:
    """Forget the warm parents: they are the workers' now."""
    for parent in _parents:
        parent.abandon()
    _parents.clear()


def set_up(
    number: int,
    root: Path,
    slug: str,
    overrides: dict[str, Any],
    log_path: Path,
    staging: str = STAGING,
) -> None:
    """Get ready to grade submissions of one assignment."""
    global _marker
    course = open_course(root, **overrides)
    engine = shared_engine(course.settings, slug)
    for index, parent in enumerate(_parents):
        if index == number:
            engine.adopt(parent)
        else:
            parent.abandon()
    _parents.clear()
    util.Finalize(None, close_shared_engine, exitpriority=10)  # a worker does not run atexit's
    _marker = Marker(course, slug, log_path, staging)
    _marker.__enter__()


def mark(student: str) -> str:
    """Grade one submission; return a :class:`~autograder.batch.marked.Marked` as JSON."""
    assert _marker is not None
    return _marker.mark(student).model_dump_json()
