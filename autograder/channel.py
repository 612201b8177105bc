"""Frames over a connected stream socket: eight bytes of length, then the payload.

Both sides use it, and neither trusts the other: a length beyond the limit, an end
in the middle of a frame and a peer that does not read are typed errors, never a hang
of the trusted side and never an allocation that the peer chose.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self

FRAME_LIMIT = 64 << 20
SEND_TIMEOUT_S = 30.0

_LENGTH = struct.Struct("!Q")
_PIECE = 1 << 20
_observer: ContextVar[Callable[[bytes], None] | None] = ContextVar("observer", default=None)


class ChannelError(Exception):
    """The channel is of no more use."""


class ChannelClosed(ChannelError):
    """The other side is gone, or closed its end."""


class ChannelTimeout(ChannelError):
    """Nothing arrived, or nothing was taken, in time."""


class FrameTooLarge(ChannelError):
    """A frame is larger than the limit."""


class Channel:
    """Sends and receives frames.

    A receive that times out may be repeated: what has arrived so far is kept.
    It reads exactly the bytes of a frame, so that file descriptors may be passed
    over the same socket in between. A send that times out or is interrupted is
    completed before the next, so that frames never mix: Ctrl-C may hit a cell while
    it prints, and several threads may print at once. Only one thread may receive.

    Parameters
    ----------
    connection
        A connected stream socket; the channel owns it from now on.
    limit
        The largest payload in bytes, either way.
    """

    def __init__(self, connection: socket.socket, limit: int = FRAME_LIMIT) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._limit = limit
        self._arrived = bytearray()
        self._wanted = _LENGTH.size
        self._has_length = False
        self._leaving = (memoryview(b""), memoryview(b""))
        self._sent: list[int] = []
        self._sending = threading.RLock()  # reentrant, for a signal handler that prints

    def send(self, payload: bytes, timeout_s: float | None = SEND_TIMEOUT_S) -> None:
        """Send one frame.

        Raises
        ------
        FrameTooLarge
            If the payload is beyond the limit; nothing was sent.
        ChannelTimeout
            If the other side does not take it within ``timeout_s`` seconds.
        ChannelClosed
            If the other side is gone.
        """
        if len(payload) > self._limit:
            raise FrameTooLarge(f"{len(payload)} bytes; the limit is {self._limit}")
        if (observer := _observer.get()) is not None:
            observer(payload)
        deadline = _deadline(timeout_s)
        with self._sending:
            self._flush(deadline)
            length = memoryview(_LENGTH.pack(len(payload)))
            self._leaving, self._sent = (length, memoryview(payload)), []
            self._flush(deadline)

    def receive(self, timeout_s: float | None) -> bytes:
        """Return the next frame, waiting at most ``timeout_s`` seconds; None waits for ever.

        Raises
        ------
        FrameTooLarge, ChannelTimeout, ChannelClosed
            As their names say.
        """
        deadline = _deadline(timeout_s)
        if not self._has_length:
            self._fill(deadline)
            (length,) = _LENGTH.unpack(self._arrived)
            if length > self._limit:
                raise FrameTooLarge(f"{length} bytes announced; the limit is {self._limit}")
            self._arrived, self._wanted, self._has_length = bytearray(), length, True
        self._fill(deadline)
        payload = bytes(self._arrived)
        self._arrived, self._wanted, self._has_length = bytearray(), _LENGTH.size, False
        return payload

    def send_descriptor(self, descriptor: int) -> None:
        """Pass an open file descriptor, between two frames.

        Raises
        ------
        ChannelTimeout, ChannelClosed
            If the other side does not read, or is gone.
        """
        with self._sending:
            self._flush(_deadline(SEND_TIMEOUT_S))
            try:
                socket.send_fds(self._connection, [b"D"], [descriptor])
            except OSError as error:
                raise ChannelClosed(str(error)) from error

    def receive_descriptor(self) -> int:
        """Wait for a descriptor that was passed; the caller closes it.

        Raises
        ------
        ChannelClosed
            If the other side is gone, or passed none.
        """
        self._wait(select.POLLIN, None)
        try:
            _, descriptors, _, _ = socket.recv_fds(self._connection, 1, 1)
        except OSError as error:
            raise ChannelClosed(str(error)) from error
        if not descriptors:
            raise ChannelClosed("no descriptor was passed")
        return descriptors[0]

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._connection.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._connection.close()

    def _fill(self, deadline: float | None) -> None:
        """Receive until the wanted number of bytes is there; memory grows as they arrive."""
        while len(self._arrived) < self._wanted:
            try:
                piece = self._connection.recv(min(self._wanted - len(self._arrived), _PIECE))
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            except OSError as error:
                raise ChannelClosed(str(error)) from error
            if not piece:
                raise ChannelClosed("the other side closed the channel")
            self._arrived += piece
            if len(self._arrived) < self._wanted:  # a peer that drips bytes gains no time
                _check(deadline)

    def _flush(self, deadline: float | None) -> None:
        """Send what is left of the frame in hand, and let go of it."""
        while rest := self._rest():
            send = map(self._connection.sendmsg, [rest], [()], [socket.MSG_NOSIGNAL])
            try:
                # One call in C: Ctrl-C cannot come between sending and noting how much was sent.
                self._sent.extend(send)
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError as error:
                raise ChannelClosed(str(error)) from error
        self._leaving = (memoryview(b""), memoryview(b""))

    def _rest(self) -> list[memoryview]:
        """Return what has not been sent of length and payload."""
        done = sum(self._sent)
        length, payload = self._leaving
        if done < len(length):
            return [length[done:], payload]
        unsent = payload[done - len(length) :]
        return [unsent] if unsent else []

    def _wait(self, event: int, deadline: float | None) -> None:
        """Wait until the socket is ready; ``poll`` has no limit on descriptor numbers."""
        _check(deadline)
        poll = select.poll()
        poll.register(self._connection, event)
        poll.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def observe_sent(observer: Callable[[bytes], None]) -> Iterator[None]:
    """Have ``observer`` called with each frame that this side sends meanwhile.

    So an audit can search for what must never cross to a student's process.
    """
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def _deadline(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def _check(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() >= deadline:
        raise ChannelTimeout("the time is up")
