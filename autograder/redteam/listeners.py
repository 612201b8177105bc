"""Listeners on loopback and on local sockets: they hear what got out of a submission."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from pathlib import Path
from typing import Any, Self

_HOST, _HOST6 = "127.0.0.1", "::1"


class Listeners:
    """Hears TCP, UDP and local sockets on this machine; use it as a context manager.

    Parameters
    ----------
    folder
        Where the sockets with a path are made; any user may connect to them.
    nonce
        Part of the abstract socket's name.
    """

    def __init__(self, folder: Path, nonce: str) -> None:
        self._sockets: dict[str, socket.socket] = {}
        self._heard: list[str] = []
        self._selector = selectors.DefaultSelector()
        self._stop, self._stopped = socket.socketpair()
        self._open("tcp", socket.AF_INET, socket.SOCK_STREAM, (_HOST, 0))
        self._open("udp", socket.AF_INET, socket.SOCK_DGRAM, (_HOST, 0))
        with contextlib.suppress(OSError):  # a machine without IPv6
            self._open("tcp6", socket.AF_INET6, socket.SOCK_STREAM, (_HOST6, 0))
        path = str(folder / "listener")
        self._open("path", socket.AF_UNIX, socket.SOCK_STREAM, path)
        Path(path).chmod(0o777)
        self._open("abstract", socket.AF_UNIX, socket.SOCK_STREAM, f"\0redteam-{nonce}")
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def addresses(self) -> dict[str, Any]:
        """Return where each of them listens, in JSON: a port, a path or an abstract name."""
        found: dict[str, Any] = {}
        for name, listener in self._sockets.items():
            address = listener.getsockname()
            if isinstance(address, tuple):
                found[name] = address[1]
            else:
                found[name] = address.decode() if isinstance(address, bytes) else address
        return found

    def take(self) -> list[str]:
        """Return what was heard since the last time."""
        heard, self._heard = self._heard, []
        return heard

    def _open(self, name: str, family: int, kind: int, address: Any) -> None:
        listener = socket.socket(family, kind)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen(16)
        self._sockets[name] = listener

    def _listen(self) -> None:
        for name, listener in self._sockets.items():
            self._selector.register(listener, selectors.EVENT_READ, name)
        self._selector.register(self._stopped, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.data is None:
                    return
                self._heard.append(f"{key.data}: {self._hear(self._sockets[key.data])!r}")

    def _hear(self, listener: socket.socket) -> bytes:
        if listener.type == socket.SOCK_DGRAM:
            return listener.recv(200)
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(0.5)
            with contextlib.suppress(OSError):
                return connection.recv(200)
        return b"a connection"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.send(b".")
        self._thread.join()
        self._selector.close()
        for each in (*self._sockets.values(), self._stop, self._stopped):
            each.close()
