"""What the kernel tells about the processes of a submission, read from outside."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

import psutil

_TRACKER = "multiprocessing.resource_tracker"
"""Python starts it beside the first shared memory; it ends with the process it belongs to."""


@dataclass(frozen=True)
class Census:
    """The processes below a warm parent at one moment.

    Attributes
    ----------
    running
        Their numbers, as this machine counts; ended ones and Python's own helper are left out.
    bytes_written
        What they and all that they have waited for wrote with ``write`` so far: to pipes, files
        and sockets. When a process is waited for, the kernel adds its count to its parent's, so
        nothing is lost with a process that has ended.
    """

    running: frozenset[int]
    bytes_written: int


def take_census(root: int) -> Census:
    """Count what runs below a process, and what was written there."""
    running, written = set(), 0
    for process in _below(root):
        with contextlib.suppress(psutil.Error):
            written += process.io_counters().write_chars
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and _TRACKER not in " ".join(
                process.cmdline()
            ):
                running.add(process.pid)
    return Census(frozenset(running), written)


class Stillness:
    """Tells when everything below a process has waited for a while.

    Between two equal looks no thread ran, none was ready to run, and none had been woken. A busy
    machine makes threads wait for a processor, and those count as ready. So this tells processes
    that wait for something from those that are merely slow.

    Parameters
    ----------
    root
        The process; it counts too.
    looks
        So many equal looks in a row are a while.
    """

    def __init__(self, root: int, looks: int) -> None:
        self._root = root
        self._looks = looks
        self.restart()

    def restart(self) -> None:
        """Begin the while anew: something has come from outside."""
        self._last: frozenset[tuple[str, ...]] | None = None
        self._equal = 0

    def lasts(self) -> bool:
        """Look again, and say whether the while is over."""
        now = _traces(self._root)
        self._equal = self._equal + 1 if now is not None and now == self._last else 0
        self._last = now
        return self._equal >= self._looks


def _traces(root: int) -> frozenset[tuple[str, ...]] | None:
    """Return what changes as soon as anything does anything; None if something does now."""
    found = set()
    for process in _below(root):
        for task in Path(f"/proc/{process.pid}/task").glob("*"):
            try:
                lines = (task / "status").read_text(encoding="utf-8", errors="replace").split("\n")
            except OSError:
                return None  # it has just ended
            state = next(line for line in lines if line.startswith("State:"))
            if state.split()[1] not in "SZXI":
                return None
            switches = [line for line in lines if "ctxt_switches" in line]
            found.add((task.name, state, *switches))
    return frozenset(found)


def _below(root: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    return []
