"""Runs the student's web application under gunicorn, or a server of the student's own.

The listening socket was made by the trusted side and is passed in, as systemd passes one
to a service (``man 3 sd_listen_fds``): so a server needs no network, no path and no port.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

_FIRST_PASSED = 3  # where gunicorn looks for passed sockets, as every service under systemd
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_END_PATIENCE_S = 2.0
_BEGINNING_S = 0.5
_LOG_TAIL = 4000
MOST_WORKERS = 8
_READY = b"r"

Start = Callable[[int, Callable[[], None]], None]
"""Serves the socket of this descriptor until it is asked to stop; calls the second when ready."""


class Servers:
    """The servers that this process has started, by their process ids."""

    def __init__(self) -> None:
        self._logs: dict[int, Path] = {}
        self._ended: dict[int, int] = {}
        self._ready: dict[int, int] = {}

    def start(self, start: Start, listener: int, inherited: int) -> int:
        """Fork a server; return its process id.

        Parameters
        ----------
        listener
            The socket's descriptor; the caller closes it here.
        inherited
            A descriptor that the server must not keep: the channel to the grader.
        """
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what a server leaves behind comes to this process
        ready, tell = os.pipe()
        log, path = tempfile.mkstemp(prefix="server-", suffix=".log")
        pid = os.fork()
        if pid == 0:
            os.close(inherited)
            os.close(ready)
            _be_server(start, listener, log, tell)
        for descriptor in (log, tell):
            os.close(descriptor)
        self._logs[pid], self._ready[pid] = Path(path), ready
        return pid

    def wait_ready(self, pid: int, workers: int) -> dict[str, Any]:
        """Wait until so many workers have said that they are ready, or the server has ended.

        A signal that reaches a worker before it is ready would be lost on it.
        """
        told = all(os.read(self._ready[pid], 1) == _READY for _ in range(workers))
        if told and self._waits_or_works(pid):
            return {"ready": True}
        return {"ready": False, **self.wait(pid, seconds=5)}

    def _waits_or_works(self, pid: int) -> bool:
        """Give a server that ends as soon as it is called the moment to do so.

        One that waits for somebody has got through its beginning.
        """
        end = time.monotonic() + _BEGINNING_S
        while self._reap() and pid not in self._ended and time.monotonic() < end:
            if _state_of(pid) == "S":
                break
            time.sleep(0.001)
        return pid not in self._ended

    def signal(self, pid: int, name: str) -> None:
        """Send a signal, by name, to a server that this process has started."""
        if pid in self._logs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.Signals[name])

    def wait(self, pid: int, seconds: float) -> dict[str, Any]:
        """Wait for a server's end; return its exit status, None if it still runs, and its log."""
        end = time.monotonic() + seconds
        while self._reap() and pid not in self._ended and time.monotonic() < end:
            time.sleep(0.002)
        return {"status": self._ended.get(pid), "log": _tail(self._logs[pid])}

    def end_all(self) -> None:
        """End every server and whatever each has started in its process group."""
        for pid in self._logs:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        end = time.monotonic() + _END_PATIENCE_S
        while self._logs and self._reap() and time.monotonic() < end:
            time.sleep(0.001)  # a process that nobody waits for counts against the limit

    def _reap(self) -> bool:
        """Note who has ended; return whether anybody is left."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, code = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                self._ended[pid] = os.waitstatus_to_exitcode(code)
        return False


def under_gunicorn(make_app: Callable[[], Any], settings: Mapping[str, Any]) -> Start:
    """Return what serves an application under gunicorn, with these settings of gunicorn's.

    The number of workers is capped, and the address and the control socket are ours.
    """
    ours = {"control_socket_disable": True, "errorlog": "-", "accesslog": None}
    wanted = {**settings, **ours, "workers": workers_of(settings)}
    wanted.pop("bind", None)

    def start(descriptor: int, tell_ready: Callable[[], None]) -> None:
        from gunicorn.app.base import BaseApplication

        class Application(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
            def load_config(self) -> None:
                # Its defaults were read where it was imported: in the warm parent, as another user.
                mine = {"user": os.geteuid(), "group": os.getegid()}
                for name, value in {**wanted, **mine}.items():
                    self.cfg.set(name, value)

            def load(self) -> Any:
                _die_with_parent()  # in a worker: when gunicorn's arbiter is killed
                app = make_app()
                if not callable(app):
                    raise TypeError(f"an application was expected, and this is {app!r:.100}")
                tell_ready()
                return app

        if descriptor != _FIRST_PASSED:
            os.dup2(descriptor, _FIRST_PASSED)
            os.close(descriptor)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        sys.argv = ["gunicorn"]
        Application().run()

    return start


def workers_of(settings: Mapping[str, Any]) -> int:
    """Return how many workers gunicorn will have with these settings, capped."""
    return max(1, min(int(settings.get("workers", 1)), MOST_WORKERS))


def by_function(function: Callable[..., Any], args: Any, kwargs: Any) -> Start:
    """Return what lets a function of the student's serve: it gets the socket first."""

    def start(descriptor: int, tell_ready: Callable[[], None]) -> None:
        listener = socket.socket(fileno=descriptor)
        tell_ready()
        function(listener, *args, **kwargs)

    return start


def _be_server(start: Start, listener: int, log: int, tell: int) -> NoReturn:
    """In the forked process: serve, then end without running anything of the parent's."""
    status = 1
    try:
        _die_with_parent()
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        for standard in (1, 2):
            os.dup2(log, standard)
        sys.stdout = sys.stderr = open(log, "w", buffering=1)  # noqa: SIM115  # until the end
        signal.signal(signal.SIGINT, signal.default_int_handler)
        start(listener, lambda: _tell(tell))
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)


def _tell(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.write(descriptor, _READY)


def _die_with_parent() -> None:
    _prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _state_of(pid: int) -> str:
    """Return the letter that ``man 5 proc`` has for a process's state; "S" if it waits."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return stat.rpartition(")")[2].split()[0]
    return ""


def _tail(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOG_TAIL))
        return file.read(_LOG_TAIL).decode(errors="replace")
    return ""
