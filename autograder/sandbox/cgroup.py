"""Control groups: the kernel counts a submission's processes together.

Only where this user may make one, which is rarely so for others than root; elsewhere
:mod:`autograder.sandbox.watchdog` takes their place. A group is made below (version 1) or beside
(version 2) the one that this process is in, so that limits set on us bind submissions too.
See https://docs.kernel.org/admin-guide/cgroup-v2.html.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from autograder.sandbox.ownership import owned_by_me, ownerless

ROOT = Path("/sys/fs/cgroup")
_PREFIX = "autograder-"
_EXTRA_PROCESSES = 8  # of the sandbox's own
_PATIENCE_S = 2.0
_counter = itertools.count()


@dataclass(frozen=True)
class _Files:
    """What a version calls its files, by controller.

    Attributes
    ----------
    kills
        Holds how many processes of the group were ended for want of memory, here or above.
    full
        Holds how often the group itself met its limit; and under which name, if any.
    """

    memory: str
    used: str
    processes: str
    swap: tuple[str, str]
    kills: str
    full: tuple[str, str]


_V1 = _Files(
    *("memory.limit_in_bytes", "memory.usage_in_bytes", "pids.max", ("swappiness", "0")),
    *("memory.oom_control", ("memory.failcnt", "")),
)
_V2 = _Files(
    *("memory.max", "memory.current", "pids.max", ("swap.max", "0")),
    *("memory.events", ("memory.events", "max")),
)


class Cgroup:
    """A group for one warm parent and all that it starts.

    Attributes
    ----------
    folders
        The group's folders: one of each controller in version 1, a single one in version 2.
    """

    def __init__(self, folders: tuple[Path, ...], files: _Files) -> None:
        self.folders = folders
        self._files = files
        self._base = 0
        self._counted = (0, 0)

    @classmethod
    def create(cls) -> Self | None:
        """Make a group, or return None where this user or this machine gives none."""
        name = f"{_PREFIX}{owned_by_me()}-{next(_counter)}"
        for files, parents in ((_V2, _parents_v2()), (_V1, _parents_v1())):
            group = cls(tuple(parent / name for parent in parents), files)
            if not parents:
                continue
            try:
                for parent, folder in zip(parents, group.folders, strict=True):
                    _remove_stale(parent)
                    folder.mkdir()
                group.cap(memory_bytes=1 << 40, processes=1000)
                with contextlib.suppress(OSError):  # without swap there is nothing to forbid
                    group._write(f"memory.{files.swap[0]}", files.swap[1])
            except OSError:
                group.remove()
            else:
                return group
        return None

    def entering(self, command: list[str]) -> list[str]:
        """Return the command line that runs another inside this group."""
        script = 'for group in $0; do echo $$ > "$group/cgroup.procs" || exit 71; done; exec "$@"'
        return ["/bin/sh", "-c", script, " ".join(map(str, self.folders)), *command]

    def settle(self) -> None:
        """Take what is in use now as the sandbox's own."""
        self._base = int(self._read(self._files.used))

    def cap(self, *, memory_bytes: int, processes: int) -> None:
        """Set what a submission may use in all."""
        self._write(self._files.memory, str(self._base + memory_bytes))
        self._write(self._files.processes, str(processes + _EXTRA_PROCESSES))
        self._counted = self._counts()

    @property
    def machine_was_short(self) -> bool:
        """Whether a process was ended for want of memory, and never because of the group's cap."""
        kills, full = self._counts()
        return kills > self._counted[0] and full == self._counted[1]

    def _counts(self) -> tuple[int, int]:
        """Return how many processes were ended, and how often the group met its own limit."""
        file, name = self._files.full
        return _number(self._read(self._files.kills), "oom_kill"), _number(self._read(file), name)

    def remove(self) -> None:
        """Remove the group; its processes have been ended, and may take a moment to go."""
        for folder in self.folders:
            deadline = time.monotonic() + _PATIENCE_S
            while folder.exists() and time.monotonic() < deadline:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.01)

    def _find(self, name: str) -> Path:
        for folder in self.folders:
            if (folder / name).exists():
                return folder / name
        raise FileNotFoundError(name)

    def _read(self, name: str) -> str:
        return self._find(name).read_text(encoding="ascii")

    def _write(self, name: str, value: str) -> None:
        self._find(name).write_text(value, encoding="ascii")


def _number(text: str, name: str) -> int:
    """Return the number that follows a name at the start of a line; 0 if there is none."""
    lines = (line.rpartition(" ") for line in text.splitlines())
    return next((int(number) for key, _, number in lines if key == name), 0)


def _own_paths() -> dict[str, str]:
    """Return controller to path of the groups that this process is in; version 2 is ``""``."""
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    parts = [line.split(":", 2) for line in lines]
    return {name: path for _, names, path in parts for name in names.split(",")}


def _parents_v2() -> tuple[Path, ...]:
    """Return the group beside which ours goes: one with processes can have no controllers."""
    own = _own_paths().get("", "/").lstrip("/")
    parent = (ROOT / own).parent if own else ROOT
    try:
        controllers = (parent / "cgroup.subtree_control").read_text(encoding="ascii").split()
    except OSError:
        return ()
    return (parent,) if {"memory", "pids"} <= set(controllers) else ()


def _parents_v1() -> tuple[Path, ...]:
    own = _own_paths()
    wanted = [ROOT / name / own[name].lstrip("/") for name in ("memory", "pids") if name in own]
    return tuple(wanted) if len(wanted) == 2 and all(map(Path.is_dir, wanted)) else ()


def _remove_stale(parent: Path) -> None:
    """Remove the groups of graders that were killed."""
    for folder in ownerless(parent, _PREFIX):
        with contextlib.suppress(OSError):
            folder.rmdir()
