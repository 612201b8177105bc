"""Functions of the grader's that may be called in any process of the submission.

An ordinary callable of the grader's answers over the channel of one process. What is made here
answers over a socket that forked processes inherit and spawned ones are given, one packet a call.
The kernel writes the caller's process id on each packet (``SO_PASSCRED``, ``man 7 unix``), so the
grader knows who called whatever the packet says. The answer comes over a pair of sockets made for
this one call, since all processes share the first.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from multiprocessing import context
from typing import Any

from autograder.codec import EncodeError, decode, encode

REFUSED = "a function that was passed in could not take these arguments"
_PIECE = 1 << 16
_lines: dict[int, socket.socket] = {}
"""The sockets to graders that this process knows, by inode."""


class SharedFunction:
    """One function of the grader's, seen from the submission."""

    def __init__(self, line: socket.socket, number: int) -> None:
        self._line = line
        self._number = number
        _lines[os.fstat(line.fileno()).st_ino] = line

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Ask the grader to run the function; return what it gave.

        Raises
        ------
        RuntimeError
            If the grader refuses.
        """
        try:
            packet = encode({"number": self._number, "args": args, "kwargs": kwargs})
        except EncodeError as error:
            raise RuntimeError(f"{REFUSED}: {error}") from None
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self._line, [packet], [theirs.fileno()])
            answer = _read_all(ours)
        if answer is None or answer["status"] != "value":
            raise RuntimeError(REFUSED)
        return answer["value"]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Travel to another process, as an argument of it or in a queue."""
        descriptor = self._line.fileno()
        spawning: Any = context.get_spawning_popen()
        if spawning is not None:
            descriptor = spawning.duplicate_for_child(descriptor)
        return _rebuild, (descriptor, os.fstat(self._line.fileno()).st_ino, self._number)


def _rebuild(descriptor: int, inode: int, number: int) -> SharedFunction:
    if inode not in _lines:
        try:
            found = os.fstat(descriptor).st_ino
        except OSError:
            found = -1
        if found != inode:
            raise RuntimeError(
                "a function that was passed in can reach a spawned process only as an argument "
                "of the process, or of the pool's initializer"
            )
        _lines[inode] = socket.socket(fileno=os.dup(descriptor))
    return SharedFunction(_lines[inode], number)


def _read_all(connection: socket.socket) -> Any:
    """Return the answer, or None if the grader let go without one."""
    pieces = []
    while piece := connection.recv(_PIECE):
        pieces.append(piece)
    return decode(b"".join(pieces)) if pieces else None
