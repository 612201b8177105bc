"""Watches what a process and all its descendants use while a submission is graded."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_EVERY_S = 0.1
_MOST_MEASURED = 40
_PROC = Path("/proc")


@dataclass
class Usage:
    """The most that was seen at once."""

    processes: int = 0
    """Processes and threads."""
    memory_bytes: int = 0
    """Memory of their own, shared memory and memory files among it."""


class Watch:
    """Samples the descendants of a process; use it as a context manager.

    Parameters
    ----------
    pid
        The process whose descendants count.
    memory
        Whether memory is measured, which takes time.
    """

    def __init__(self, pid: int, *, memory: bool) -> None:
        self.usage = Usage()
        self._root = pid
        self._memory = memory
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._before = self._count(), self._bytes()

    def _sample(self) -> None:
        while not self._over.wait(_EVERY_S):
            self.usage.processes = max(self.usage.processes, self._count() - self._before[0])
            if self._memory:
                used = self._bytes() - self._before[1]
                self.usage.memory_bytes = max(self.usage.memory_bytes, used)

    def _descendants(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self._root).children(recursive=True)
        return []

    def _count(self) -> int:
        total = 0
        for process in self._descendants():
            with contextlib.suppress(psutil.Error):
                total += process.num_threads()
        return total

    def _bytes(self) -> int:
        """Return the memory of all of them, and what this machine holds in memory files.

        The last is the whole machine's: a memory file that nobody has mapped belongs to no
        process.
        """
        if not self._memory:
            return 0
        pids = [process.pid for process in self._descendants()][:_MOST_MEASURED]
        own = sum(_kibibytes(_PROC / str(pid) / "smaps_rollup", "Pss_Anon:") for pid in pids)
        return 1024 * (own + _kibibytes(_PROC / "meminfo", "Shmem:"))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def marked_processes(mark: str) -> Iterator[str]:
    """Yield every process of this machine that carries a mark in its name or command line."""
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        words = [process.info["name"] or "", *(process.info["cmdline"] or [])]
        if any(mark in word for word in words):
            yield f"process {process.info['pid']} ({' '.join(words)[:80]})"


def end_marked(mark: str) -> None:
    """End what carries a mark: the suite leaves nothing running, whatever a layer let pass."""
    for process in psutil.process_iter(["name", "cmdline"]):
        words = [process.info["name"] or "", *(process.info["cmdline"] or [])]
        if any(mark in word for word in words):
            with contextlib.suppress(psutil.Error):
                process.kill()


def _kibibytes(path: Path, field: str) -> int:
    with contextlib.suppress(OSError):
        for line in path.read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1])
    return 0
