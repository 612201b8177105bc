"""The student's process: runs the notebook's cells, then answers calls.

Requests come over one channel, one at a time. A ``fork`` request makes a copy
of the process as it stands, on a channel of its own, so that each hidden test
meets the notebook's state unspoilt by the tests before it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import os
import random
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.channel import Channel, ChannelClosed
from autograder.codec import EncodeError, decode, encode
from autograder.inside.calls import Calls
from autograder.inside.policy import forbid
from autograder.inside.serving import Servers
from autograder.inside.shared import REFUSED
from autograder.inside.shell import CellShell, nobody

if TYPE_CHECKING:
    from autograder.inside.kernel import KernelShell

_PR_SET_PDEATHSIG = 1


_ready: list[CellShell] = []
"""The shell that the warm parent made; each of its children has a copy."""


def warm_up(work: Path) -> None:
    """Make the shell before the fork, in the warm parent: it takes longer than all the rest.

    Parameters
    ----------
    work
        The children's working directory; it is not there yet, and not there afterwards.
    """
    work.mkdir()
    with _environment(IPYTHONDIR=str(work / ".ipython")):
        shell = CellShell(nobody)
        # torch notes who seeds it, and so reads the source of every caller, the shell's too.
        shell.rehearse("import torch; torch.manual_seed(0)" if "torch" in sys.modules else "pass")
        _ready.append(shell)
        _draw_a_figure()
    shutil.rmtree(work)
    _seed_everything(0)  # the first time takes ten milliseconds
    if "torch" in sys.modules:  # a group of ranks would import it in each of them
        import autograder.inside.ranks  # noqa: F401


def _draw_a_figure() -> None:
    """Have matplotlib look for its fonts and learn its grammar of formulas once for all children.

    It draws in this thread, without ``pyplot``: no figure and no number of one is left over.
    """
    from matplotlib import font_manager
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.mathtext import MathTextParser

    figure = Figure()
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot([1.0, 100.0], label="warm")
    axes.set(title="warm", xlabel="x", ylabel="y", yscale="log")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    # Fonts are open files. A child closes what it inherits; whatever still believed to own such a
    # number would close what has that number by then, such as the channel.
    formulas: Any = MathTextParser
    fonts: Any = font_manager
    formulas._parse_cached.cache_clear()
    fonts._get_font.cache_clear()
    gc.collect()


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


def main(descriptor: int, order: dict[str, Any]) -> None:
    """Serve the channel until the trusted side closes it."""
    connection = socket.socket(fileno=descriptor)
    if order.get("as_nbgrader"):
        _stand_in_for_nbgraders_kernel()
    sys.path.insert(0, str(Path.cwd()))  # as in a notebook: modules beside it can be imported
    try:
        shell = _make_shell(order.get("kernel"))
    except Exception as error:  # whatever keeps a kernel from starting, a person has to read it
        why = f"{type(error).__name__}: {error}"
        Channel(connection).send(encode({"event": "not ready", "why": why}))
    else:
        _Child(connection, order["seed"], shell).serve()


class _Child:
    """One process of the student's: its channel, its shell, its calls."""

    def __init__(
        self, connection: socket.socket, seed: int, shell: CellShell | KernelShell
    ) -> None:
        self._channel = Channel(connection)
        self._shell = shell
        self._shell.connect(self._emit)
        _seed_everything(seed)

    def serve(self) -> None:
        """Answer requests, one at a time, until the channel closes."""
        self._servers = Servers()
        self._calls = Calls(self._shell.namespace, self._ask, self._servers)
        with contextlib.suppress(ChannelClosed):
            while True:
                request = self._receive()
                if request["op"] in ("cell", "files", "fork", "made", "serve", "watch"):
                    getattr(self, f"_do_{request['op']}")(request)
                else:
                    self._channel.send(self._calls.answer(request))
        self._servers.end_all()

    def _do_files(self, request: dict[str, Any]) -> None:
        for name, content in request["files"].items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self._channel.send(encode({"event": "done"}))

    def _do_watch(self, request: dict[str, Any]) -> None:
        """Take the socket over which all processes of the submission can reach the grader."""
        line = socket.socket(fileno=self._channel.receive_descriptor())
        line.send(b"hello")  # the grader learns this process's number
        self._calls.line = line
        self._channel.send(encode({"status": "value", "value": None}))

    def _do_made(self, request: dict[str, Any]) -> None:
        """Send the files that the cells made: ordinary ones, as many as fit."""
        known, left = set(request["known"]), request["limit_bytes"]
        files: dict[str, bytes] = {}
        for path in _ordinary_files():
            size = path.stat().st_size
            if str(path) not in known and size <= left:
                files[str(path)] = path.read_bytes()
                left -= size
        self._channel.send(encode({"event": "made", "files": files}))

    def _do_cell(self, request: dict[str, Any]) -> None:
        """Run a cell; its outputs went out while it ran."""
        try:
            with _interruptible():
                success, count = self._shell.run(request["source"])
        except KeyboardInterrupt:  # it arrived when the cell was already over
            success, count = False, 0
        self._channel.send(encode({"event": "done", "success": success, "count": count}))

    def _do_fork(self, request: dict[str, Any]) -> None:
        """Copy this process; the copy serves the channel that travels with the request."""
        descriptor = self._channel.receive_descriptor()
        _reap()
        try:
            pid = os.fork()
        except OSError:  # no more processes, or no memory: whose fault it is shows outside
            self._channel.send(encode({"event": "not forked"}))
        else:
            if pid == 0:
                self._continue_as_copy(descriptor, request)
            self._channel.send(encode({"event": "forked", "pid": pid}))
        finally:
            os.close(descriptor)

    def _do_serve(self, request: dict[str, Any]) -> None:
        """Start a server on the socket that travels with the request."""
        listener = self._channel.receive_descriptor()
        order = {**request, "listener": listener, "inherited": self._channel.fileno()}
        try:
            self._channel.send(self._calls.answer(order))
        finally:
            os.close(listener)

    def _continue_as_copy(self, descriptor: int, request: dict[str, Any]) -> NoReturn:
        status = 70
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
            self._channel.close()
            self._channel = Channel(socket.socket(fileno=descriptor))
            _seed_everything(request["seed"])
            forbid(request["forbids"])
            self.serve()
            status = 0
        finally:
            os._exit(status)

    def _emit(self, kind: str, content: dict[str, Any]) -> None:
        event = {"event": "message", "type": kind, "content": content}
        try:
            self._channel.send(encode(event))
        except EncodeError as error:
            note = {"name": "stderr", "text": f"[an output could not be kept: {error}]\n"}
            self._channel.send(encode({"event": "message", "type": "stream", "content": note}))

    def _ask(self, event: dict[str, Any]) -> Any:
        """Ask the grader to run one of its callables; return what it gave."""
        self._channel.send(encode(event, opaque=self._calls.hold))
        answer = self._receive()
        if answer["status"] != "value":
            raise RuntimeError(REFUSED)
        return answer["value"]

    def _receive(self) -> Any:
        return decode(self._channel.receive(None))


def _make_shell(kernel: dict[str, Any] | None) -> CellShell | KernelShell:
    if kernel is None:
        return _ready[0] if _ready else CellShell(nobody)
    from autograder.inside.kernel import KernelShell  # what it needs is not for every child

    return KernelShell(kernel)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interruption reach the cell, and nothing but the cell."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _ordinary_files() -> Iterator[Path]:
    """Yield the files below the working directory; the hidden ones are libraries' own."""
    for folder, folders, names in os.walk("."):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        paths = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _stand_in_for_nbgraders_kernel() -> None:
    """Be what test cells of plain nbgrader count on.

    They may ask whether they are graded now; and a warning of torch about determinism would be
    text on stderr, for which nbgrader gives no points.
    """
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.use_deterministic_algorithms(False)


def _seed_everything(seed: int) -> None:
    """Seed every generator: a forked process starts with its parent's state."""
    import numpy as np

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch = sys.modules.get("torch")
    if torch is not None:
        # ``torch.manual_seed`` notes its caller for every kind of device that there might be, which
        # takes 2 ms; a build of torch that knows no device has one generator.
        has_devices = torch.accelerator.current_accelerator() is not None
        (torch if has_devices else torch.default_generator).manual_seed(seed)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
