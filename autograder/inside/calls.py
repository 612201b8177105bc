"""Answers the grader's calls into the student's code.

A request is a dict from the codec. Results that are not plain data stay here,
in a table, and travel as a number (:class:`~autograder.codec.Opaque`); a
callable of the grader's arrives as a number too and becomes a proxy that asks
the grader to run it.
"""

from __future__ import annotations

import linecache
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.codec import Callback, EncodeError, Fault, Opaque, encode
from autograder.codec.libraries import is_exactly
from autograder.inside.policy import NOT_ALLOWED
from autograder.inside.serving import Servers, by_function, under_gunicorn, workers_of
from autograder.inside.shared import SharedFunction

Ask = Callable[[dict[str, Any]], Any]
"""Sends an event to the trusted side and returns its decoded answer."""

_CELL_FILES = ("<ipython-input", "/tmp/ipykernel")
_TEXT_LIMIT = 2000


class Calls:
    """The objects that a grader holds, and the operations on them.

    Parameters
    ----------
    namespace
        The names that the student's cells defined.
    ask
        How a proxy reaches the grader.
    servers
        Starts and ends servers.
    """

    def __init__(self, namespace: Mapping[str, Any], ask: Ask, servers: Servers) -> None:
        self._namespace = namespace
        self._ask = ask
        self._servers = servers
        self._held: dict[int, Any] = {}
        self.line: socket.socket | None = None
        self._device: Any = None

    def answer(self, request: dict[str, Any]) -> bytes:
        """Carry out one request and return the encoded response."""
        try:
            operation = getattr(self, f"_do_{request['op']}")
            value = operation(**{name: part for name, part in request.items() if name != "op"})
            response = {"status": "value", "value": value}
        except _Missing:
            response = {"status": "missing", "defined": self._defined()}
        except BaseException as error:
            response = {"status": "raised", "fault": describe(error)}
        try:
            return encode(response, opaque=self.hold)
        except EncodeError as error:
            return encode({"status": "unsendable", "why": str(error)})

    def _do_call(self, target: Any, args: Any, kwargs: Any, hold: bool) -> Any:
        function = self._find(target)
        result = function(*self._receive(args), **self._receive(kwargs))
        return self.hold(result) if hold else result

    def _do_put(self, value: Any) -> Opaque:
        return self.hold(self._receive(value))

    def _do_get(self, target: Any) -> Any:
        return self._find(target)

    def _do_set(self, handle: Opaque, name: str, value: Any) -> None:
        setattr(self._held[handle.id], name, self._receive(value))

    def _do_has(self, name: str) -> bool:
        return name in self._namespace

    def _do_share(self, number: int) -> Opaque:
        """Make a function of the grader's that any process of the submission may call."""
        assert self.line is not None, "nobody watches"
        return self.hold(SharedFunction(self.line, number))

    def _do_join(self, rank: int, size: int) -> None:
        """Become one rank of a group; its messages travel through the grader."""
        from autograder.inside import ranks  # torch.distributed, which few assignments need

        ranks.join(self._ask, rank, size)

    def _do_meet(self, **parts: Any) -> None:
        """Become one rank of a group whose messages go over devices, or over loopback."""
        from autograder.inside import ranks

        self._device = ranks.meet(**parts)

    def _do_serve(self, target: Any, args: Any, kwargs: Any, settings: Any, **passed: int) -> int:
        function, args, kwargs = self._find(target), self._receive(args), self._receive(kwargs)
        if settings is None:
            start = by_function(function, args, kwargs)
        else:
            start = under_gunicorn(lambda: function(*args, **kwargs), self._receive(settings))
        return self._servers.start(start, **passed)

    def _do_write(self, name: str, content: bytes | None) -> None:
        path = Path(name)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)

    def _do_server_ready(self, pid: int, settings: Any) -> dict[str, Any]:
        alone = settings is None or settings.get("preload_app")
        return self._servers.wait_ready(pid, 1 if alone else workers_of(settings))

    def _do_server_signal(self, pid: int, name: str) -> None:
        self._servers.signal(pid, name)

    def _do_server_wait(self, pid: int, seconds: float) -> dict[str, Any]:
        return self._servers.wait(pid, seconds)

    def _find(self, target: Any) -> Any:
        """Return a global, an object held, or the attribute of an object held."""
        if isinstance(target, str):
            if target not in self._namespace:
                raise _Missing(target)
            return self._namespace[target]
        if isinstance(target, Opaque):
            return self._held[target.id]
        handle, attribute = target
        return getattr(self._held[handle.id], attribute)

    def hold(self, value: Any) -> Opaque:
        """Keep a value here, and return its number."""
        number = len(self._held)
        self._held[number] = value
        return Opaque(number, type(value).__name__)

    def _receive(self, value: Any) -> Any:
        """Put objects and proxies in the place of their numbers."""
        if type(value) is Opaque:
            return self._held[value.id]
        if type(value) is Callback:
            return self._proxy(value)
        if type(value) is list:
            return [self._receive(item) for item in value]
        if type(value) is tuple:
            return tuple(self._receive(item) for item in value)
        if type(value) is dict:
            return {key: self._receive(item) for key, item in value.items()}
        if self._device is not None and is_exactly(value, "torch", "Tensor"):
            return value.to(self._device)
        return value

    def _proxy(self, callback: Callback) -> Callable[..., Any]:
        def call_the_grader(*args: Any, **kwargs: Any) -> Any:
            event = {"event": "callback", "id": callback.id, "args": args, "kwargs": kwargs}
            return self._receive(self._ask(event))

        return call_the_grader

    def _defined(self) -> list[str]:
        """Return the student's own names, to tell a missing one from a misspelt one."""
        names = [n for n in self._namespace if type(n) is str and not n.startswith("_")]
        return names[-200:]


class _Missing(Exception):
    """The notebook defines no such name."""


def describe(error: BaseException) -> Fault:
    """Report an exception as plain text: type, message, and where in the student's cells."""
    line, text = _cell_line(error.__traceback__)
    message = _text_of(error)[:_TEXT_LIMIT]
    return Fault(
        type_name=type(error).__name__,
        message=message,
        lineno=line,
        traceback_text=text[:_TEXT_LIMIT],
        kind="not allowed" if NOT_ALLOWED in message else "raised",
    )


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # a student's own exception class may fail to print
        return ""


def _cell_line(trace: TracebackType | None) -> tuple[int | None, str]:
    """Return number and text of the innermost line that stands in a cell."""
    found: tuple[int | None, str] = (None, "")
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(_CELL_FILES):
            found = (trace.tb_lineno, linecache.getline(file, trace.tb_lineno).strip())
        trace = trace.tb_next
    return found
