"""An IPython shell that reports what a cell shows, without a message queue.

It is ipykernel's own shell class, so that outputs look like those of a normal
kernel; only the last step differs: where a kernel would send a message to a
front end, :class:`CellShell` hands its type and content to ``emit``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

Emit = Callable[[str, dict[str, Any]], None]
"""Receives a message type of Jupyter's messaging protocol, and its content."""


def nobody(kind: str, content: dict[str, Any]) -> None:
    """Take what is shown before there is anybody to show it to."""


STREAM_CHUNK = 1 << 15
_INLINE = "module://matplotlib_inline.backend_inline"


class CellShell:
    """Runs cells one after another in one namespace.

    Parameters
    ----------
    emit
        Called for every message that a kernel would send while a cell runs.
    """

    def __init__(self, emit: Emit) -> None:
        self._streams = _Streams(emit)
        session = _EmittingSession(self._streams)
        config = Config()
        config.HistoryManager.enabled = False  # no thread, no file
        self._shell = _Shell.instance(config=config)
        for publisher in (self._shell.displayhook, self._shell.display_pub):
            publisher.session = session
            publisher.pub_socket = None
        _show_figures_inline(self._shell)

    def connect(self, emit: Emit) -> None:
        """Send what the following cells show to another receiver."""
        self._streams.emit = emit

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the cells defined."""
        namespace: dict[str, Any] = self._shell.user_ns
        return namespace

    def rehearse(self, source: str) -> None:
        """Run a cell of which nothing stays but what IPython does only once."""
        before = dict(self.namespace)
        # A last expression that is None is not displayed: nobody listens yet.
        self._shell.run_cell(f"{source}\nNone", store_history=False)
        self.namespace.clear()
        self.namespace.update(before)

    def run(self, source: str) -> tuple[bool, int]:
        """Run one cell; return whether it succeeded, and its execution count."""
        count = self._shell.execution_count
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self._streams.stdout, self._streams.stderr
        try:
            result = self._shell.run_cell(source, store_history=True)
        finally:
            self._streams.flush()
            sys.stdout, sys.stderr = before
        return bool(result.success), count


class _Shell(ZMQInteractiveShell):  # type: ignore[misc]  # ipykernel is not typed
    """The kernel's shell, for a process where ``exit()`` has no front end to leave."""

    def ask_exit(self) -> None:
        """Let the remaining cells run: leaving a notebook early is not an answer."""


class _EmittingSession(Session):  # type: ignore[misc]  # jupyter_client is not typed
    """Stands where a kernel's session would be; sends to ``emit``."""

    def __init__(self, streams: _Streams) -> None:
        super().__init__()
        self._streams = streams

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> Any:
        """Hand a message on, in order with what was printed before it."""
        if isinstance(msg_or_type, str):
            self._streams.message(msg_or_type, content)
        else:
            self._streams.message(msg_or_type["header"]["msg_type"], msg_or_type["content"])
        return msg_or_type


class _Streams:
    """Standard output and error in the order in which they were written."""

    def __init__(self, emit: Emit) -> None:
        self.emit = emit
        self._name = "stdout"
        self._pending: list[str] = []
        self._size = 0
        self.stdout = _Stream(self, "stdout")
        self.stderr = _Stream(self, "stderr")

    def write(self, name: str, text: str) -> None:
        """Collect text; pieces of one stream that follow each other travel together."""
        if name != self._name:
            self.flush()
            self._name = name
        for start in range(0, len(text), STREAM_CHUNK):
            piece = text[start : start + STREAM_CHUNK]
            self._pending.append(piece)
            self._size += len(piece)
            if self._size >= STREAM_CHUNK:
                self.flush()

    def message(self, kind: str, content: dict[str, Any]) -> None:
        """Send a message that is not text."""
        self.flush()
        self.emit(kind, content)

    def flush(self) -> None:
        """Send what was collected."""
        if self._pending:
            text = "".join(self._pending)
            self._pending, self._size = [], 0
            self.emit("stream", {"name": self._name, "text": text})


class _Stream(io.TextIOBase):
    """One of the two standard streams."""

    encoding = "utf-8"

    def __init__(self, streams: _Streams, name: str) -> None:
        self._streams = streams
        self.name = name

    def writable(self) -> bool:
        """Say that text may be written."""
        return True

    def write(self, text: str) -> int:
        """Write text, as ``print`` does."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._streams.write(self.name, text)
        return len(text)


def _show_figures_inline(shell: Any) -> None:
    """Have matplotlib's figures shown at the end of the cell that drew them."""
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support

    activate_matplotlib(_INLINE)
    configure_inline_support(shell, _INLINE)  # type: ignore[no-untyped-call]
