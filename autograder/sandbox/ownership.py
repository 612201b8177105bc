"""Names that say which process something belongs to, so that what a killed one left is found.

A grader that is ended by ``kill -9`` removes nothing. The next one does: it looks for things
whose owner is gone. A process number may have been given out again, so the owner's start counts
too; and numbers are compared only within one pid namespace, so that two containers that share a
``/tmp`` leave each other's things alone.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "autograder-"
"""How the names of our temporary folders begin; their owner's mark comes next."""


def temporary_folder() -> Path:
    """Make a temporary folder that the next grader removes if this one is killed."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{owned_by_me()}-"))


def owned_by_me() -> str:
    """Return this process's mark: its namespace, its number and when it began, in one word."""
    return f"{_namespace():x}-{os.getpid():x}-{_began(os.getpid()):x}"


def ownerless(folder: Path, prefix: str) -> Iterator[Path]:
    """Yield what lies in a folder under a prefix and a mark, and whose owner is gone.

    Only this user's own things: in a folder that all may write to, anybody may choose a name.
    """
    for path in folder.glob(f"{prefix}*"):
        parts = path.name.removeprefix(prefix).split("-")
        try:
            namespace, pid, began = (int(part, 16) for part in parts[:3])
            mine = path.lstat().st_uid == os.geteuid()
        except (ValueError, OSError):  # another's name, or already gone
            continue
        if mine and namespace == _namespace() and _began(pid) != began:
            yield path


def remove_trees(paths: list[Path]) -> None:
    """Remove files and folders, whatever they hold; what cannot go now stays for the next time.

    Not in Python: a submission's tree of folders may be deeper than its recursion.
    """
    if paths:
        try:
            subprocess.run(["rm", "-rf", "--", *map(str, paths)], check=False, capture_output=True)
        except OSError:  # the machine has no room for one more process
            return


def _namespace() -> int:
    return Path("/proc/self/ns/pid").stat().st_ino


def _began(pid: int) -> int:
    """Return when a process began, in ticks of the machine's clock; -1 if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return -1
    # The name in parentheses may itself hold spaces and parentheses.
    return int(stat.rpartition(")")[2].split()[19])
