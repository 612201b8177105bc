"""Runs cells in a Jupyter kernel of another program, for notebooks that are not Python.

The kernel is a process of the submission's like any other: it stands behind the same layers,
and ends with the rest. nbclient speaks to it, as it does for nbgrader; what cells show passes
through here as the messages of :class:`~autograder.inside.shell.CellShell` do.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from autograder.inside.shell import Emit, nobody

_STARTUP_S = 75
"""How long a kernel may take to answer first; whoever waits for this process waits longer."""


class KernelShell:
    """Runs cells one after another in a kernel, as ``CellShell`` does in this process.

    Parameters
    ----------
    spec
        The kernel's specification, ``argv`` and ``env`` among it: see
        ``jupyter_client.kernelspec``.

    Raises
    ------
    RuntimeError
        If the kernel does not start.
    """

    def __init__(self, spec: dict[str, Any]) -> None:
        self.namespace: dict[str, Any] = {}  # what cells defined is in another program
        self._manager = AsyncKernelManager(
            transport="ipc",  # sockets in the working directory, where no other process is
            connection_file=str(Path(".kernel.json").absolute()),
            kernel_spec_manager=_OneKernel(KernelSpec(**spec)),
        )
        self._relay = _Relay(self._manager)
        self._relay.start_new_kernel()
        self._relay.start_new_kernel_client()

    def connect(self, emit: Emit) -> None:
        """Send what the following cells show to ``emit``."""
        self._relay.emit = emit

    def run(self, source: str) -> tuple[bool, int]:
        """Run one cell; return whether it succeeded, and its execution count."""
        if not source.strip():
            return True, 0
        with self._interruptible():
            try:
                self._relay.execute_cell(nbformat.v4.new_code_cell(source), 0)
            except DeadKernelError:  # the submission's process has ended, and is started afresh
                sys.exit(1)
        reply = self._relay.reply
        return reply.get("status") == "ok", reply.get("execution_count") or 0

    @contextlib.contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Hand an interruption on to the kernel, whose answer then ends the cell."""
        pid = self._manager.provisioner.pid if self._manager.provisioner is not None else None
        before = signal.getsignal(signal.SIGINT)
        if pid is not None:
            signal.signal(signal.SIGINT, lambda *_: os.killpg(pid, signal.SIGINT))
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class _OneKernel(KernelSpecManager):  # type: ignore[misc]  # jupyter_client is not typed
    """Knows one kernel, whatever is asked for."""

    def __init__(self, spec: KernelSpec) -> None:
        super().__init__()
        self._spec = spec

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one."""
        return self._spec


class _Relay(NotebookClient):  # type: ignore[misc]  # nbclient is not typed
    """nbclient's way of running a cell and of noticing a dead kernel; outputs are passed on."""

    def __init__(self, manager: AsyncKernelManager) -> None:
        room_for_a_cell = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()])
        super().__init__(
            room_for_a_cell,
            km=manager,
            timeout=None,  # the clock is outside
            startup_timeout=_STARTUP_S,
            allow_errors=True,
            on_cell_executed=self._keep_reply,
        )
        self.emit: Emit = nobody
        self.reply: dict[str, Any] = {}

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Pass a message on; only that the kernel is idle again is nbclient's to know."""
        if msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        self.emit(msg["msg_type"], msg["content"])
        return None

    def _keep_reply(self, execute_reply: dict[str, Any] | None, **_: object) -> None:
        self.reply = (execute_reply or {}).get("content", {})
