"""Functions of the grader's that any process of a submission may call, and who called them.

The submission's end is :mod:`autograder.inside.shared`. A function may keep a caller waiting: so
it is seen, without a clock, whether processes work at the same time, and they can be forced into
an order in which a mistake shows.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.codec import EncodeError, encode

_MOST_CALLS = 20_000
_MOST_BYTES = 1 << 24
_MOST_WAITING = 256
_NO_LINGER = struct.pack("ii", 0, 0)


@dataclass
class Asked:
    """One call by a process of the submission.

    Attributes
    ----------
    process
        Who called; the kernel says so.
    args, kwargs
        With what.
    """

    process: int
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    _reply: socket.socket | None = field(default=None, repr=False)

    def answer(self, value: Any = None) -> None:
        """Let the caller go on with a value, which is small plain data."""
        self._send({"status": "value", "value": value})

    def refuse(self) -> None:
        """Raise a RuntimeError where the function was called."""
        self._send({"status": "refused"})

    @property
    def waits(self) -> bool:
        """Whether the caller has not been answered."""
        return self._reply is not None

    def _send(self, answer: dict[str, Any]) -> None:
        reply, self._reply = self._reply, None
        if reply is None:
            return
        with reply, contextlib.suppress(OSError, EncodeError):  # the caller may be gone
            reply.setblocking(False)
            reply.sendall(encode(answer))


class SharedSpy:
    """Runs a function of the grader's for any process, and remembers the calls.

    Attributes
    ----------
    calls
        All of them, in the order in which they came.
    """

    def __init__(self, function: Callable[..., Any] = lambda *_: None) -> None:
        self._function = function
        self.calls: list[Asked] = []

    @property
    def processes(self) -> set[int]:
        """The processes that called."""
        return {call.process for call in self.calls}

    def take(self, call: Asked) -> None:
        """Remember a call and answer it; an exception of the function raises at the caller's."""
        self.calls.append(call)
        self._run(call)

    def _run(self, call: Asked) -> None:
        try:
            call.answer(self._function(*call.args, **call.kwargs))
        except Exception:
            call.refuse()

    def nothing_moves(self) -> None:
        """Decide what to do with calls that wait, now that every process waits."""


class Together(SharedSpy):
    """Keeps callers waiting until as many processes are there as are expected.

    Parameters
    ----------
    processes
        How many are expected.
    function
        What to run then.

    Attributes
    ----------
    met
        Whether they were there at the same time.
    """

    def __init__(self, processes: int, function: Callable[..., Any] = lambda *_: None) -> None:
        super().__init__(function)
        self._expected = processes
        self._waiting: list[Asked] = []
        self.met = False
        self.given_up = False

    def take(self, call: Asked) -> None:
        """Have the caller wait for the others."""
        self.calls.append(call)
        self._waiting.append(call)
        self.met = self.met or len({c.process for c in self._waiting}) >= self._expected
        if self.met or self.given_up:
            self._release()

    def nothing_moves(self) -> None:
        """Let all go: whoever is missing waits for those that are here."""
        self.given_up = self.given_up or bool(self._waiting)
        self._release()

    def _release(self) -> None:
        while self._waiting:
            self._run(self._waiting.pop(0))


class Line:
    """The socket that all processes of a submission share, seen from the trusted side."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.ours.setblocking(False)
        self._count = self._bytes = 0
        self._waiting: list[Asked] = []

    def receive(self) -> tuple[int, bytes, socket.socket | None] | None:
        """Return who sent the next packet, the packet, and where the answer goes; None at the end.

        Raises
        ------
        BlockingIOError
            If there is none now.
        """
        room = socket.CMSG_SPACE(4) + socket.CMSG_SPACE(12)
        data, notes, _, _ = self.ours.recvmsg(1 << 18, room, socket.MSG_CMSG_CLOEXEC)
        self._bytes += len(data)
        sender, reply = 0, None
        for level, kind, content in notes:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
                sender = struct.unpack("iII", content[:12])[0]
            elif level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                reply = _first_socket(content)
        if not data and reply is not None:
            reply.close()
        return (sender, data, reply) if data else None

    def admit(self, call: Asked) -> bool:
        """Say whether one more call is to be looked at; a flood of them, or of bytes, is not."""
        self._count += 1
        self._waiting = [waiting for waiting in self._waiting if waiting.waits]
        self._waiting.append(call)
        return (
            self._count <= _MOST_CALLS
            and self._bytes <= _MOST_BYTES
            and len(self._waiting) <= _MOST_WAITING
        )

    def let_all_go(self) -> None:
        """Refuse every call that waits."""
        for call in self._waiting:
            call.refuse()

    def close(self) -> None:
        """Let everybody go who waits; close both ends."""
        self.let_all_go()
        self.ours.close()
        self.theirs.close()


def _first_socket(content: bytes) -> socket.socket | None:
    """Return the first local socket among the descriptors passed; close whatever else they are."""
    descriptors = array("i")
    descriptors.frombytes(content[: len(content) // descriptors.itemsize * descriptors.itemsize])
    first = None
    for descriptor in descriptors:
        try:
            found = socket.socket(fileno=descriptor)
        except OSError:
            os.close(descriptor)
            continue
        if first is None and found.family == socket.AF_UNIX:
            first = found
        else:
            # Its owner may have asked that closing waits for a peer who never reads.
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            found.close()
    return first
