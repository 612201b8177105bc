"""One run at a time for each assignment."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from autograder.errors import UserError

_ASKED_S = 0.2
_PATIENCE_S = 1.0
"""Whoever only asks whether a run is going on holds the lock for a moment."""


def is_running(root: Path, slug: str) -> bool:
    """Whether somebody grades the assignment now."""
    lock = FileLock(_path(root, slug), timeout=_ASKED_S)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def _path(root: Path, slug: str) -> Path:
    path = root / ".autograder" / f"{slug}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def only_run(root: Path, slug: str) -> Iterator[None]:
    """Keep others from grading the same assignment meanwhile.

    The kernel gives the lock back when the process ends, however it ends.

    Raises
    ------
    UserError
        If somebody else grades it now.
    """
    path = _path(root, slug)
    owner = path.with_suffix(".owner")
    lock = FileLock(path, timeout=_PATIENCE_S)
    try:
        lock.acquire()
    except Timeout as error:
        who = owner.read_text(encoding="ascii").strip() if owner.exists() else "another process"
        raise UserError(
            f"{slug} is being graded already, by {who}.",
            hint="Wait for it to end; `autograder status` shows how far it is.",
        ) from error
    try:
        owner.write_text(f"process {os.getpid()} of {os.uname().nodename}", encoding="ascii")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()
