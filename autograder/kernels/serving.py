"""Speaking HTTP to a server of the student's, over a Unix socket.

All that comes back is only a claim, as large and as slow as a hostile server likes: every
answer has a limit in bytes, and every wait a deadline in CPU seconds and by the clock; it ends
early once none of the server's processes has moved for seconds.
HTTP itself is h11's business (https://h11.readthedocs.io).
"""

from __future__ import annotations

import contextlib
import json
import re
import select
import shutil
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import h11

from autograder.kernels.deadline import Deadline, DeadlinePassed
from autograder.kernels.faults import ServerFailed
from autograder.sandbox.observation import Stillness
from autograder.sandbox.ownership import temporary_folder

ANSWER_LIMIT = 1 << 20
BACKLOG = 128
_PIECE = 1 << 16
_BETWEEN_LOOKS_S = 0.25
_STILL_LOOKS = 20
"""A server of which nothing moves for five seconds has forgotten the request."""
_END_PATIENCE_S = 20.0
_SHOWN = 300
_EXCEPTION = re.compile(r"(?!gunicorn\.)[A-Za-z_][\w.]{0,80}: ")
"""The last line of a traceback: an exception's name and message; gunicorn's own tell nothing."""

Headers = Mapping[str, str]


class Copy(Protocol):
    """The copy of the student's process in which a server runs."""

    def request(self, operation: str, **parts: Any) -> Any:
        """Send one request and wait for its value."""


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Attributes
    ----------
    headers
        By name in lower case.
    """

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, whatever its bytes are."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """Return the value that the body holds.

        Raises
        ------
        ServerFailed
            If it is not JSON as its standard has it: NaN and Infinity are not.
        """
        try:
            return json.loads(self.body, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ServerFailed(
                f"The server's answer (status {self.status}) is not JSON.", self.text[:_SHOWN]
            ) from error


class Listener:
    """A listening Unix socket in a directory that nobody else can enter."""

    def __init__(self) -> None:
        self._folder = temporary_folder()
        self.path = str(self._folder / "http")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(self.path)
        self.socket.listen(BACKLOG)

    def remove(self) -> None:
        """Close the socket here, and remove its path."""
        self.socket.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class Exchange:
    """One connection, one request, one answer; in pieces, if a test wants it slow.

    Parameters
    ----------
    path
        The server's socket.
    method
        The request's method: it decides what the answer may hold.
    payload
        The bytes to send in all.
    deadline
        Until when all of it must have come back.
    stillness
        Of the processes that could answer.
    """

    def __init__(
        self, path: str, method: str, payload: bytes, deadline: Deadline, stillness: Stillness
    ) -> None:
        self._rest = memoryview(payload)
        self._method = method
        self._deadline = deadline
        self._stillness = stillness
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(_BETWEEN_LOOKS_S)
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise ServerFailed("The server is gone: it takes no connection.") from error
        self._socket.setblocking(False)

    @property
    def left(self) -> int:
        """How many bytes have not been sent yet."""
        return len(self._rest)

    def send(self, count: int | None = None) -> None:
        """Send the next ``count`` bytes, or all that is left; stop early if an answer arrives."""
        left = len(self._rest) if count is None else min(count, len(self._rest))
        while left:
            readable, writable = self._wait(writing=True)
            if readable and not writable:
                return  # it answers before it has read all: no more is wanted
            try:
                sent = self._socket.send(self._rest[:left], socket.MSG_NOSIGNAL)
            except BlockingIOError:
                continue
            except OSError:
                return  # it has closed; its answer may still lie here
            self._rest, left = self._rest[sent:], left - sent

    def answer(self) -> Answer:
        """Send what is left, and return the answer.

        Raises
        ------
        ServerFailed
            If none comes, if it is too large, or not HTTP.
        """
        with contextlib.closing(self._socket):
            self.send()
            return self._parse()

    def lines(self) -> bytes:
        """Send what is left, and return all bytes until the server closes: no HTTP."""
        with contextlib.closing(self._socket):
            self.send()
            got = bytearray()
            while piece := self._receive():
                got += piece
                self._check_size(len(got))
            return bytes(got)

    def hang_up(self) -> None:
        """Close the connection, as a client does who has no more time."""
        self._socket.close()

    def _parse(self) -> Answer:
        connection = h11.Connection(h11.CLIENT)
        # h11 wants to know what was asked; the bytes that went out may have been no HTTP at all.
        connection.send(h11.Request(method=self._method, target="/", headers=[("Host", "server")]))
        connection.send(h11.EndOfMessage())
        status, headers, body = 0, {}, bytearray()
        try:
            while not isinstance(event := connection.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    connection.receive_data(self._receive())
                elif isinstance(event, h11.Response):
                    status = event.status_code
                    headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in event.headers}
                elif isinstance(event, h11.Data):
                    body += event.data
                    self._check_size(len(body))
                elif isinstance(event, h11.ConnectionClosed):
                    break
        except h11.RemoteProtocolError as error:
            raise ServerFailed(
                "The server closed the connection without a whole answer."
            ) from error
        return Answer(status, headers, bytes(body))

    def _receive(self) -> bytes:
        """Return the next bytes, b"" at the end."""
        self._wait(writing=False)
        try:
            return self._socket.recv(_PIECE)
        except OSError:  # a server that closed with something unread resets the connection
            return b""

    def _wait(self, *, writing: bool) -> tuple[bool, bool]:
        """Wait until the socket is readable, or also until writable, while there is hope."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN | (select.POLLOUT if writing else 0))
        self._stillness.restart()
        while True:
            self._check()
            for _, event in poll.poll(_BETWEEN_LOOKS_S * 1000):
                return bool(event & ~select.POLLOUT), bool(event & select.POLLOUT)
            if self._stillness.lasts():
                raise ServerFailed("The server did not answer, and none of its processes works.")

    def _check(self) -> None:
        try:
            self._deadline.check()
        except DeadlinePassed as passed:
            raise ServerFailed(f"The server did not answer: {passed}.") from passed

    def _check_size(self, size: int) -> None:
        if size > ANSWER_LIMIT:
            raise ServerFailed(f"The server's answer is longer than {ANSWER_LIMIT} bytes.")


class Server:
    """A running server of the student's.

    Parameters
    ----------
    copy
        The copy of the student's process that started it.
    pid
        Its process id, as that copy tells it.
    path
        The Unix socket on which it listens.
    make_deadline
        Starts the budget of one exchange.
    root
        The process below which all of the submission runs, as this machine counts.
    """

    def __init__(
        self, copy: Copy, pid: int, path: str, make_deadline: Callable[[], Deadline], root: int
    ) -> None:
        self._copy = copy
        self._pid = pid
        self._path = path
        self._make_deadline = make_deadline
        self._root = root

    @property
    def pid(self) -> int:
        """The process id of the server's first process, as the submission tells it."""
        return self._pid

    def wait_ready(self, settings: Mapping[str, Any] | None) -> None:
        """Wait until every worker has loaded the application.

        Raises
        ------
        ServerFailed
            If the server ended instead.
        """
        told = self._copy.request("server_ready", pid=self._pid, settings=settings)
        if not (isinstance(told, dict) and told.get("ready") is True):
            if "\nNotImplementedError" in _log(told):
                raise ServerFailed("This part is not written yet (NotImplementedError).")
            raise ServerFailed("The server did not start.", _words(_log(told)))

    def ask(self, method: str, path: str, **request: Any) -> Answer:
        """Send a request and return the answer; see :meth:`begin`."""
        return self.begin(method, path, **request).answer()

    def begin(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        headers: Headers | None = None,
    ) -> Exchange:
        """Connect with a request that is not sent yet.

        Parameters
        ----------
        json, body
            What it carries: a value to be written as JSON, or bytes as they are.
        headers
            More headers, or others in the place of those that are usual.
        """
        return self._exchange(method, request_bytes(method, path, json, body, headers))

    def begin_raw(self, payload: bytes, method: str = "GET") -> Exchange:
        """Connect with bytes that need not be HTTP."""
        return self._exchange(method, payload)

    def signal(self, name: str) -> None:
        """Send the server's first process a signal: "HUP" reloads gunicorn, "TERM" stops it."""
        self._copy.request("server_signal", pid=self._pid, name=f"SIG{name}")

    def wait_end(self, seconds: float = _END_PATIENCE_S) -> int | None:
        """Wait for the end of the first process; return its exit status, None if it still runs."""
        told = self._copy.request("server_wait", pid=self._pid, seconds=seconds)
        status = told.get("status") if isinstance(told, dict) else None
        return status if isinstance(status, int) else None

    def _exchange(self, method: str, payload: bytes) -> Exchange:
        stillness = Stillness(self._root, _STILL_LOOKS)
        return Exchange(self._path, method, payload, self._make_deadline(), stillness)


def request_bytes(
    method: str, path: str, value: Any, body: bytes | None, headers: Headers | None
) -> bytes:
    """Return a request of HTTP/1.1 as it goes over the wire; it asks to close afterwards."""
    wanted = {"Host": "server", "Connection": "close"}
    if value is not None:
        body = json.dumps(value).encode()
        wanted["Content-Type"] = "application/json"
    if body is not None:
        wanted["Content-Length"] = str(len(body))
    wanted |= headers or {}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in wanted.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def _log(told: object) -> str:
    """Return the end of a server's log, if the submission tells one."""
    log = told.get("log") if isinstance(told, dict) else None
    return log if isinstance(log, str) else ""


def _words(log: str) -> str:
    """Return the exception that a server's log ends in, or its last lines if there is none."""
    lines = [line for line in log.splitlines() if line.strip()]
    raised = [line for line in lines if _EXCEPTION.match(line)]
    return "\n".join(raised[-1:] or lines[-3:])[:_SHOWN]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")
