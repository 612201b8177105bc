"""The trusted end of the student's process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.channel import Channel, ChannelError
from autograder.codec import DecodeError, decode, encode
from autograder.kernels.deadline import Budget, Deadline, DeadlinePassed
from autograder.kernels.remote import RemoteCopy
from autograder.sandbox import Limits, SandboxLost, WarmParent
from autograder.settings import Settings

ENTRY = "autograder.inside.child:main"
_INTERRUPT_PATIENCE_S = 5.0
_SIGN_OF_LIFE_S = 30.0
_READY_S = 90.0
"""How long a process may take until it runs the first cell; one with a kernel has to start it."""
_MOST_CELLS = 1_000_000
_FORK_PAUSES_S = (0.0, 0.2, 1.0)

OnMessage = Callable[[object, object], None]
"""Takes type and content of a message that a running cell sent."""


class ProcessEnded(Exception):
    """The student's process ended, or had to be ended, while it ran a cell."""


@dataclass(frozen=True)
class CellRun:
    """How a cell went."""

    success: bool
    count: int | None
    stopped: str = ""
    """Why it was interrupted, if it was."""


class StudentProcess:
    """A confined process that runs cells and can be copied for the tests.

    Parameters
    ----------
    parent
        The warm parent to fork from.
    settings
        Limits and deadlines.
    seed
        Seeds the generators in the child.
    budget
        The submission's time in all; no single wait is longer than what is left.
    as_nbgrader
        Whether cells find what they would in nbgrader's own kernel, for tests that stand in the
        notebook.
    kernel
        The specification of another program that runs the cells, as ``jupyter_client`` has it;
        such a process cannot be copied.

    Raises
    ------
    SandboxLost
        Here and in every method, if the warm parent is gone.
    """

    def __init__(
        self,
        parent: WarmParent,
        settings: Settings,
        seed: int,
        budget: Budget,
        *,
        as_nbgrader: bool = False,
        kernel: Mapping[str, Any] | None = None,
    ) -> None:
        self._parent = parent
        self._budget = budget
        self._settings = settings
        limits = Limits.from_settings(settings)
        order = {"seed": seed, "as_nbgrader": as_nbgrader, "kernel": kernel}
        self._child = parent.spawn(ENTRY, limits, **order)
        self._channel = Channel(self._child.socket)
        self._origins: dict[tuple[str, ...], Channel] = {}

    def put_files(self, files: Mapping[str, bytes]) -> None:
        """Write the submission's other files into the working directory.

        No code of the student's has run yet: a failure here is the sandbox's.
        """
        try:
            self._channel.send(encode({"op": "files", "files": dict(files)}))
            ready = self._deadline(_READY_S, _READY_S)
            answer = self._follow(self._channel, ready, _ignore)
        except (ChannelError, DecodeError, DeadlinePassed) as error:
            status = self._parent.wait(self._child.pid, timeout_s=1)
            why = f"; it ended with {os.strerror(status >> 8)!r}" if status else ""
            raise SandboxLost(f"A fresh process did not take its files: {error}{why}") from error
        if answer["event"] != "done":
            raise SandboxLost(f"A fresh process was not ready: {answer.get('why')}")

    def files_made(self, known: Iterable[str], limit_bytes: int) -> dict[object, object]:
        """Return the files that the cells made, by name: a claim of the student's process.

        Parameters
        ----------
        known
            Names of files that were there before.
        limit_bytes
            The most that is asked for.

        Raises
        ------
        ProcessEnded
            If the process does not answer as it should.
        """
        request = {"op": "made", "known": list(known), "limit_bytes": limit_bytes}
        try:
            self._channel.send(encode(request))
            files = self._answer(self._channel).get("files")
        except (ChannelError, DecodeError, DeadlinePassed) as error:
            raise ProcessEnded("the process did not hand over the files it made") from error
        return files if type(files) is dict else {}

    def run_cell(self, source: str, on_message: OnMessage) -> CellRun:
        """Run one cell.

        Raises
        ------
        ProcessEnded
            If the process ended meanwhile, or would not be interrupted.
        BudgetSpent
            If the submission has had its time.
        """
        self._budget.check()
        deadline = self._deadline(self._settings.cell_cpu_s, self._settings.cell_wall_s)
        stopped = ""
        try:
            try:
                self._channel.send(encode({"op": "cell", "source": source}))
                done = self._follow(self._channel, deadline, on_message)
            except DeadlinePassed as passed:
                stopped = str(passed)
                done = self._interrupt(on_message)
        except (ChannelError, DecodeError, DeadlinePassed) as error:
            self._end()
            self._check_ours()
            raise ProcessEnded(self._ending(stopped)) from error
        count = done.get("count")
        return CellRun(
            success=done.get("success") is True and not stopped,
            count=count if type(count) is int and 0 <= count < _MOST_CELLS else None,
            stopped=stopped,
        )

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone, by whomever.

        Raises
        ------
        SandboxLost
            If the sandbox is gone too.
        """
        return self._parent.poll(self._child.pid) is not None

    def copy(self, seed: int, forbids: Iterable[str]) -> RemoteCopy:
        """Fork the process as it stands; the copy answers calls.

        Parameters
        ----------
        seed
            Seeds the copy's generators.
        forbids
            Modules whose functions raise inside the copy.

        Raises
        ------
        ProcessEnded
            If the process itself is gone.
        BudgetSpent
            If the submission has had its time.
        """
        self._budget.check()
        channel, pid = self._fork(self._origin(tuple(forbids), seed), seed)
        return RemoteCopy(
            channel,
            make_deadline=lambda: self._deadline(
                self._settings.call_cpu_s, self._settings.call_wall_s
            ),
            make_answer_deadline=lambda: self._deadline(
                self._settings.call_cpu_s, self._settings.answer_wall_s
            ),
            kill=lambda: self._kill(pid),
            check_ours=self._check_ours,
            parent=self._parent,
        )

    def _origin(self, forbids: tuple[str, ...], seed: int) -> Channel:
        """Return the process to fork: one in which a task's modules are forbidden already.

        Forbidding takes longer than a fork, and a task has many tests.
        """
        if not forbids:
            return self._channel
        if forbids not in self._origins:
            self._origins[forbids], _ = self._fork(self._channel, seed, forbids)
        return self._origins[forbids]

    def _fork(
        self, origin: Channel, seed: int, forbids: tuple[str, ...] = ()
    ) -> tuple[Channel, object]:
        """Fork a process of the student's; return the copy's channel and process id.

        Raises
        ------
        SandboxLost
            If the machine has no room for one more process.
        ProcessEnded
            If the process is gone, or what the submission started leaves no room in its own cap.
        """
        for pause in _FORK_PAUSES_S:
            time.sleep(pause)
            if (copy := self._try_fork(origin, seed, forbids)) is not None:
                return copy
            self._parent.check_room()
        raise ProcessEnded("the process that held the notebook's state may start no other")

    def _try_fork(
        self, origin: Channel, seed: int, forbids: tuple[str, ...]
    ) -> tuple[Channel, object] | None:
        """Fork once; return None where the process says that it cannot."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with theirs:
                origin.send(encode({"op": "fork", "seed": seed, "forbids": list(forbids)}))
                origin.send_descriptor(theirs.fileno())
            answer = self._answer(origin)
            if answer["event"] == "not forked":
                ours.close()
                return None
            pid = answer["pid"]
        except (ChannelError, DecodeError, KeyError, DeadlinePassed) as error:
            ours.close()
            self._forget_origins()  # the next test may find the notebook's own process alive
            self._check_ours()
            raise ProcessEnded("the process that held the notebook's state is gone") from error
        return Channel(ours), pid

    def _forget_origins(self) -> None:
        for channel in self._origins.values():
            channel.close()
        self._origins.clear()

    def close(self) -> None:
        """Close the channels; the warm parent's ``clean`` ends what is left."""
        self._forget_origins()
        self._channel.close()

    def _answer(self, channel: Channel) -> dict[str, Any]:
        return self._follow(channel, self._deadline(_SIGN_OF_LIFE_S, _SIGN_OF_LIFE_S), _ignore)

    def _follow(
        self, channel: Channel, deadline: Deadline, on_message: OnMessage
    ) -> dict[str, Any]:
        """Pass messages on until the request is done; return its last event."""
        while True:
            event = decode(deadline.receive(channel))
            if not isinstance(event, dict) or not isinstance(event.get("event"), str):
                raise DecodeError("an event is a dict that names its kind")
            if event.get("event") != "message":
                return event
            on_message(event.get("type"), event.get("content"))
            deadline.check()

    def _interrupt(self, on_message: OnMessage) -> dict[str, Any]:
        """Ask the cell to stop, as Ctrl-C does."""
        self._parent.signal(self._child.pid, signal.SIGINT)
        patience = Deadline(_INTERRUPT_PATIENCE_S, _INTERRUPT_PATIENCE_S, self._parent.cpu_seconds)
        return self._follow(self._channel, patience, on_message)

    def _deadline(self, cpu_s: float, wall_s: float) -> Deadline:
        return Deadline(cpu_s, min(wall_s, self._budget.left_s), self._parent.cpu_seconds)

    def _check_ours(self) -> None:
        """Raise SandboxLost if the warm parent is gone too, or the machine took the process."""
        self._parent.poll(self._child.pid)
        self._parent.check_memory()

    def _kill(self, pid: object) -> None:
        """End a process of the submission; the student's process may have told any number."""
        if type(pid) is int:
            self._parent.signal(pid, signal.SIGKILL)

    def _end(self) -> None:
        """End the process, and give the kernel a moment to say how it ended."""
        for _ in range(50):
            if self._parent.poll(self._child.pid) is not None:
                return
            time.sleep(0.002)
        self._kill(self._child.pid)
        self._parent.wait(self._child.pid, timeout_s=5)

    def _ending(self, stopped: str) -> str:
        """Say how the process ended."""
        if stopped:
            return f"{stopped}, and it would not be interrupted"
        status = self._parent.poll(self._child.pid)
        if status is None:
            return "the process answered with something that is not a message"
        if status & 0x7F:
            with contextlib.suppress(ValueError):
                return f"the process was ended by {signal.Signals(status & 0x7F).name}"
        return f"the process ended itself with exit status {status >> 8}"


def _ignore(kind: object, content: object) -> None:
    """Take a message that nobody waits for."""
