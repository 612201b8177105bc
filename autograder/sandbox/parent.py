"""The trusted end of a warm parent."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import psutil

from autograder.sandbox.cgroup import Cgroup
from autograder.sandbox.confinement import Confinement
from autograder.sandbox.limits import Limits
from autograder.sandbox.ownership import PREFIX, ownerless, remove_trees, temporary_folder
from autograder.sandbox.preload import PRELOAD
from autograder.sandbox.slots import Slot
from autograder.sandbox.watchdog import Watchdog

START_TIMEOUT_S = 120.0
ANSWER_TIMEOUT_S = 30.0
_MESSAGE_BYTES = 1 << 16
_LAST_WORDS_BYTES = 4096

# The only variables the student's code finds: single-threaded arithmetic, fixed hashes.
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "LOGNAME": "student",
    "USER": "student",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    # torch's: a pool of threads that has run would not survive the forks
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class SandboxLost(Exception):
    """The warm parent ended or does not answer: our fault, never the student's."""


@dataclass(frozen=True)
class ChildHandle:
    """A child that was spawned: its process id, as the warm parent counts, and its channel."""

    pid: int
    socket: socket.socket


class WarmParent:
    """A confined process that forks children with the libraries already loaded.

    One submission at a time: :meth:`clean` ends everything the last one left.
    Use it as a context manager, or call :meth:`close`.

    Parameters
    ----------
    confinement
        The layers to use.
    preload
        Modules to import before the first child.
    threads
        How many threads numpy's linear algebra may use. (torch has one, always.)
    variables
        More environment variables for the student's code.
    wait
        Whether to wait until it is warm; otherwise :meth:`wait_until_warm` has to be called.

    Raises
    ------
    SandboxLost
        If it does not start; the message holds what it wrote to stderr.
    """

    def __init__(
        self,
        confinement: Confinement,
        preload: Iterable[str] = PRELOAD,
        threads: int = 1,
        *,
        variables: Mapping[str, str] | None = None,
        wait: bool = True,
    ) -> None:
        self.confinement = confinement
        self._threads = threads
        self._variables = dict(variables or {})
        remove_trees(list(ownerless(Path(tempfile.gettempdir()), PREFIX)))  # of killed graders
        self._host_scratch = temporary_folder()
        self._host_scratch.chmod(0o1733)  # a slot's uid makes its own directory there
        self._stderr = (self._host_scratch.with_suffix(".log")).open("w+b")
        self._together: Cgroup | Watchdog | None = None
        self._others = 0
        self._slot = Slot() if os.geteuid() == 0 else None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._process = self._launch(theirs, list(preload))
            if wait:
                self.wait_until_warm()
        except BaseException:
            self.close()
            raise

    def wait_until_warm(self) -> None:
        """Wait until everything is imported.

        Raises
        ------
        SandboxLost
            If it does not start; the message holds what it wrote to stderr.
        """
        self._receive(START_TIMEOUT_S)
        self._count_together()

    def abandon(self) -> None:
        """Leave this parent to another process, which was forked and has it too."""
        self._control.close()
        self._stderr.close()
        if self._slot is not None:
            self._slot.close()

    def _launch(self, theirs: socket.socket, preload: list[str]) -> subprocess.Popen[bytes]:
        try:
            return self._start(theirs, preload)
        except OSError as error:
            raise SandboxLost(f"The warm parent could not be started: {error}") from error

    def _start(self, theirs: socket.socket, preload: list[str]) -> subprocess.Popen[bytes]:
        inside = {"preload": preload, **self.confinement.inside(self._host_scratch)}
        inner = [sys.executable, "-P", "-s", "-m", "autograder.inside.warm_parent"]
        inner += [str(theirs.fileno()), json.dumps(inside)]
        theirs.set_inheritable(True)
        clean = self.confinement.has("environment")
        environment = dict(_ENVIRONMENT) if clean else {**os.environ, **_ENVIRONMENT}
        environment |= {"OPENBLAS_NUM_THREADS": str(self._threads), **self._variables}
        # Where matplotlib and fontconfig write while they are imported; it is emptied afterwards.
        # Without namespaces, /tmp is not the submission's to write.
        environment["HOME"] = environment["TMPDIR"] = str(
            self.confinement.scratch(self._host_scratch)
        )
        command = self.confinement.command(inner, self._host_scratch)
        if self.confinement.has("memory") and (group := Cgroup.create()) is not None:
            self._together = group
            command = group.entering(command)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._stderr,
            env=environment,
            cwd="/",
            close_fds=self.confinement.has("descriptors"),
            pass_fds=[theirs.fileno()] if self.confinement.has("descriptors") else (),
            start_new_session=True,
        )

    def _count_together(self) -> None:
        """Have the memory of all processes of a submission counted together."""
        if isinstance(self._together, Cgroup):
            self._together.settle()
        elif self.confinement.has("memory"):
            self._together = Watchdog(self._process.pid)

    @property
    def counts_by(self) -> str:
        """What counts a submission's memory: "Cgroup", "Watchdog", or nothing."""
        return type(self._together).__name__ if self._together is not None else ""

    def spawn(self, entry: str, limits: Limits, **order: Any) -> ChildHandle:
        """Fork a confined child that runs ``entry`` ("module:function").

        The function is called with the descriptor of its channel and the order.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        uid = self._slot.uid if self._slot is not None else None
        if self._together is not None:
            self._together.cap(memory_bytes=limits.memory_bytes, processes=limits.processes)
        message = {"entry": entry, "limits": self._feasible(limits).to_message(), "uid": uid}
        with theirs:
            try:
                answer = self._ask({"do": "spawn", **order, **message}, theirs)
            except SandboxLost:
                ours.close()
                raise
        return ChildHandle(answer["pid"], ours)

    def _feasible(self, limits: Limits) -> Limits:
        """Count the user's other processes in, where they share one account's cap."""
        if self.confinement.devices:
            limits = replace(limits, cap_addresses=False)
        if not self._shares_cap:
            return limits
        self._others = self._threads_of_others()
        return replace(limits, processes=limits.processes + self._others)

    @property
    def _shares_cap(self) -> bool:
        """Whether the cap on a submission's processes counts everything of this account."""
        return not self.confinement.namespaces and os.geteuid() != 0

    def _threads_of_others(self) -> int:
        """Return how many threads of this account are not the submission's."""
        inside: set[int] = set()
        with contextlib.suppress(
            psutil.NoSuchProcess
        ):  # whoever asks it next learns that it is gone
            inside = {child.pid for child in psutil.Process(self.pid).children(recursive=True)}
        threads = 0
        for process in psutil.process_iter(["uids", "num_threads"]):
            uids = process.info["uids"]
            if uids and uids.real == os.geteuid() and process.pid not in inside:
                threads += process.info["num_threads"] or 0
        return threads

    def poll(self, pid: int) -> int | None:
        """Return the wait status of a child that has ended, else None."""
        status: int | None = self._ask({"do": "poll", "pid": pid})["status"]
        return status

    def wait(self, pid: int, timeout_s: float) -> int | None:
        """Wait up to ``timeout_s`` for a child's end; return its wait status, or None."""
        deadline = time.monotonic() + timeout_s
        while (status := self.poll(pid)) is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return status

    def signal(self, pid: int, which: signal.Signals) -> bool:
        """Send a signal to one of the submission's processes.

        Returns
        -------
        bool
            False if there is no such process, or it is not the submission's: the number
            may be one that a student's process told.
        """
        sent: bool = self._ask({"do": "signal", "pid": pid, "signal": int(which)})["sent"]
        return sent

    def check_room(self) -> None:
        """Raise SandboxLost if this machine has no room for one more process.

        Asked when a submission could not start one. Its own processes cannot take the
        machine's room: they are capped, and this process stands outside of their cap.
        """
        try:
            subprocess.run(["true"], check=False)
        except OSError as error:
            raise SandboxLost(f"This machine cannot start another process: {error}") from error
        if self._shares_cap and self._threads_of_others() > self._others:
            raise SandboxLost("Other programs of this account took the submission's room.")

    def check_memory(self) -> None:
        """Raise SandboxLost if the machine ran out of memory and ended a process of the submission.

        A submission that ran into its own cap meanwhile has itself to blame.
        """
        if self._together is not None and self._together.machine_was_short:
            raise SandboxLost("This machine ran out of memory and ended a submission's process.")

    def clean(self) -> None:
        """End every process of the last submission and empty its scratch directory.

        Raises
        ------
        SandboxLost
            If a process or a file survives, so that no submission ever meets the last one's.
        """
        answer = self._ask({"do": "clean"})
        if answer["survivors"]:
            raise SandboxLost(f"{answer['survivors']} processes of a submission would not end")
        if answer["left"]:
            raise SandboxLost(f"Files of a submission could not be removed: {answer['left']}")

    def cpu_seconds(self) -> float:
        """Return the CPU seconds used so far by this parent and all it has started."""
        total = 0.0
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            for process in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    total += sum(process.cpu_times()[:4])  # own and reaped children's
        return total

    @property
    def pid(self) -> int:
        """The process below which everything of a submission runs, as this machine counts."""
        return self._process.pid

    def segments(self) -> list[str] | None:
        """Return the names in the submission's /dev/shm; None where it has none of its own."""
        segments: list[str] | None = self._ask({"do": "segments"})["segments"]
        return segments

    @property
    def is_alive(self) -> bool:
        """Whether the warm parent is still there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the warm parent and everything it started; remove its files."""
        self._control.close()  # it notices, and ends its children
        process = getattr(self, "_process", None)
        if process is not None:
            self._end(process)
        if self._together is not None:
            self._together.remove()
        if self._slot is not None:
            self._slot.close()
        self._stderr.close()
        self._host_scratch.with_suffix(".log").unlink(missing_ok=True)
        remove_trees([self._host_scratch])

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the end, then insist: descendants first, so that none is orphaned."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        process.kill()
        process.wait()

    def _ask(self, order: Mapping[str, Any], passed: socket.socket | None = None) -> Any:
        data = json.dumps(order).encode()
        descriptors = [] if passed is None else [passed.fileno()]
        try:
            socket.send_fds(self._control, [data], descriptors)
        except OSError as error:
            raise SandboxLost(f"The warm parent is gone: {error}{self._last_words()}") from error
        answer = self._receive(ANSWER_TIMEOUT_S)
        if "error" in answer:
            raise SandboxLost(f"The warm parent could not {order['do']}: {answer['error']}")
        return answer

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        self._control.settimeout(timeout_s)
        try:
            data = self._control.recv(_MESSAGE_BYTES)
        except OSError as error:
            self._control.close()  # an answer that comes late would be taken for the next one
            raise SandboxLost(
                f"The warm parent does not answer: {error}{self._last_words()}"
            ) from error
        if not data:
            raise SandboxLost(f"The warm parent ended.{self._last_words()}")
        answer: dict[str, Any] = json.loads(data)
        return answer

    def _last_words(self) -> str:
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, size - _LAST_WORDS_BYTES))
        words = self._stderr.read().decode(errors="replace").strip()
        return f" It wrote: {words}" if words else ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
