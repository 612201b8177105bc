"""Runs an application of the notebook under real gunicorn, on this machine only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

_FIRST_PASSED = 3  # where a service finds its sockets (man 3 sd_listen_fds)
_PR_SET_PDEATHSIG = 1
_PATIENCE_S = 5.0
_OURS = ("bind", "control_socket")


@contextlib.contextmanager
def serve_locally(
    make_app: Callable[[], Any], settings: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """Serve what ``make_app()`` returns; give the address, and stop at the end of the block.

    Parameters
    ----------
    make_app
        Called once in every worker process.
    settings
        gunicorn's own, such as ``{"workers": 2}``; the address is chosen for you.

    Raises
    ------
    RuntimeError
        If the application cannot be made.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ready, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            _be_server(make_app, dict(settings or {}), listener, tell)
        os.close(tell)
    try:
        with os.fdopen(ready, "rb") as told:
            if not told.read(1):
                raise RuntimeError(
                    "The server did not start; make_app() tells why, if called here."
                )
        yield address
    finally:
        _end(pid)


def _be_server(
    make_app: Callable[[], Any], settings: dict[str, Any], listener: socket.socket, tell: int
) -> NoReturn:
    """In the forked process: become gunicorn."""
    status = 1
    try:
        _die_with_parent()
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (1, 2):
            os.dup2(null, standard)
        sys.stdout = sys.stderr = os.fdopen(null, "w")
        signal.set_wakeup_fd(-1)
        tell = os.dup(tell)  # out of the way of the socket
        os.dup2(listener.detach(), _FIRST_PASSED)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        for name in _OURS:
            settings.pop(name, None)
        _run_gunicorn(make_app, {**settings, "control_socket_disable": True}, tell)
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    finally:
        os._exit(status)


def _run_gunicorn(make_app: Callable[[], Any], settings: Mapping[str, Any], tell: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            _die_with_parent()
            app = make_app()
            with contextlib.suppress(OSError):  # the first worker has told it already
                os.write(tell, b"r")
            return app

    sys.argv = ["gunicorn"]
    Application().run()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _end(pid: int) -> None:
    """Ask the server to stop; insist after a while."""
    end = time.monotonic() + _PATIENCE_S
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGTERM)
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return
            time.sleep(0.01)
