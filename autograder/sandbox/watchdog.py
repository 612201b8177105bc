"""Counts a submission's memory where no control group does, and ends it when it is too much.

It looks every so often: what a submission can take between two looks is bounded by how fast
memory can be written, and by the cap of each process. Files in the scratch have a cap of their
own, and the system-call filter refuses memory that is neither mapped nor in a file.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil

_BETWEEN_LOOKS_S = 0.2
_PAGE_BYTES = 4096


class Watchdog:
    """A thread that watches everything that descends from a process.

    Parameters
    ----------
    root
        The process; it and what descends from it now is the sandbox's own.
    """

    def __init__(self, root: int) -> None:
        self._root = psutil.Process(root)
        self._own = {process.pid for process in self._root.children(recursive=True)}
        self._limit: int | None = None
        self._ended_any = False
        self._machines_kills = _kills_of_the_machine()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def cap(self, *, memory_bytes: int, processes: int) -> None:
        """Set what a submission may use in all; the number of processes has a cap elsewhere."""
        self._limit = memory_bytes
        self._ended_any = False
        self._machines_kills = _kills_of_the_machine()

    @property
    def machine_was_short(self) -> bool:
        """Whether the kernel ended processes for want of memory, and this watchdog none."""
        return not self._ended_any and _kills_of_the_machine() > self._machines_kills

    def remove(self) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS_S):
            with contextlib.suppress(psutil.NoSuchProcess):
                self._look()

    def _look(self) -> None:
        theirs = list(self._submission())
        limit = self._limit
        if limit is None or sum(map(_resident, theirs)) <= limit:
            return
        # Copies share most of their pages: only now is it worth counting who holds what.
        if sum(map(_proportional, theirs)) > limit:
            self._ended_any = True
            for process in theirs:
                with contextlib.suppress(psutil.Error):
                    process.kill()

    def _submission(self) -> Iterator[psutil.Process]:
        for process in self._root.children(recursive=True):
            if process.pid not in self._own:
                yield process


def _kills_of_the_machine() -> int:
    """Return how many processes the kernel has ended for want of memory since it started."""
    lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _resident(process: psutil.Process) -> int:
    """Return the bytes in memory, shared ones counted in full; 0 if the process is gone."""
    try:
        statm = Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(statm.split()[1]) * _PAGE_BYTES


def _proportional(process: psutil.Process) -> int:
    """Return the bytes in memory, each divided by the number of processes that share it."""
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it hides, or is gone
        return _resident(process)
    found = (line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(next(found, "0")) << 10
