"""What grading a class costs: wall time, and CPU time and memory of every process of it."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

BIN = Path(sys.executable).parent
_BETWEEN_LOOKS_S = 0.1
_LOOKS_PER_WEIGHING = 20
"""To count the memory that is a process's own, the kernel walks through all of it."""


@dataclass
class Run:
    """One grading of a class.

    Attributes
    ----------
    cpu_s
        CPU seconds of all its processes, as far as they were seen.
    peak_mb
        Memory that the coordinator shares with nobody, at most.
    """

    name: str
    submissions: int
    wall_s: float
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    marks: dict[str, dict[str, float | None]] = field(default_factory=dict)

    @property
    def each_s(self) -> float:
        """Seconds of wall time for each submission."""
        return self.wall_s / self.submissions

    def told(self) -> Run:
        """Say what was measured as soon as it is known: the whole takes most of an hour."""
        print(f"{self.name}: {self.line()}", file=sys.stderr, flush=True)
        return self

    def line(self) -> str:
        """Return what was measured in one line."""
        return (
            f"{self.submissions:5} submissions {self.wall_s:8.1f} s"
            f" {1000 * self.each_s:8.1f} ms each {1000 * self.cpu_s / self.submissions:8.1f} ms CPU"
        )


class Meter:
    """Watches a process and all that descends from it."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._over = threading.Event()
        self.cpu_s = 0.0
        self.memory_mb: list[float] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        for look in itertools.count():
            if self._over.wait(_BETWEEN_LOOKS_S):
                return
            with contextlib.suppress(psutil.Error):
                family = [self._root, *self._root.children(recursive=True)]
                self.cpu_s = max(self.cpu_s, sum(map(_cpu_s, family)))
                if look % _LOOKS_PER_WEIGHING == 0:
                    self.memory_mb.append(self._root.memory_full_info().uss / 2**20)

    def stop(self) -> None:
        """Stop watching."""
        self._over.set()
        self._thread.join()


def _cpu_s(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and of its children that have ended."""
    with contextlib.suppress(psutil.Error):
        return float(sum(process.cpu_times()[:4]))
    return 0.0


def measured(name: str, submissions: int, commands: Sequence[Sequence[str]], cwd: Path) -> Run:
    """Run commands at once, to the end of the last."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((cwd / f"{name}.log").open("w"))
        running = [
            subprocess.Popen(command, cwd=cwd, env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        meters = [Meter(process.pid) for process in running]
        codes = [process.wait() for process in running]
        wall = time.monotonic() - began
        for meter in meters:
            meter.stop()
    if any(code not in (0, 1) for code in codes):
        raise SystemExit(f"{name} ended with {codes}; see {cwd / f'{name}.log'}")
    cpu = sum(meter.cpu_s for meter in meters)
    return Run(name, submissions, wall, cpu, max(meters[0].memory_mb, default=0.0)).told()
