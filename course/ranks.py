"""Run one function in several processes at once, as the ranks of a ``torch.distributed`` group."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import pickle
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_GRACE_S = 1.0
_OWN_FILE = str(Path(__file__))


class RankError(Exception):
    """A rank failed, or did not come to an end."""


def run_ranks(
    function: Callable[..., Any], world_size: int, *args: Any, timeout_s: float = 60.0
) -> list[Any]:
    """Call ``function(*args)`` in ``world_size`` processes; return what they returned.

    In each process ``torch.distributed`` is ready to be used, over gloo on this machine, with
    one thread: ``dist.get_rank()`` tells which one it is. Each is a copy of the notebook as it
    stands, so it knows your functions and your data; what it changes, it changes for itself.
    What a rank prints appears here, with its number.

    When a rank raises, or when the time is up, all are ended: no process is left behind.

    Parameters
    ----------
    function
        What every rank runs. What it returns must be picklable; tensors are.
    world_size
        How many ranks, from 1 on.
    args
        The same for all ranks.
    timeout_s
        When to give up. Ranks that wait for each other would wait for ever.

    Raises
    ------
    NotImplementedError
        If a rank came to a part that is not written yet.
    ValueError
        If ``world_size`` is not a whole number from 1 to 16.
    RankError
        If a rank raised, ended without a result, or did not return in time; it says which
        one, and where.
    """
    if type(world_size) is not int or not 1 <= world_size <= 16:
        raise ValueError(f"world_size is a whole number from 1 to 16, and this is {world_size!r}")
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        ranks = [_Rank(r, world_size, folder, function, args) for r in range(world_size)]
        try:
            _follow(ranks, time.monotonic() + timeout_s, timeout_s)
        finally:
            for rank in ranks:
                rank.end()
    unwritten = [rank.unwritten for rank in ranks if rank.unwritten]
    if unwritten:
        raise NotImplementedError(unwritten[0])
    failed = [rank for rank in ranks if rank.problem]
    if failed:
        raise RankError("\n\n".join(f"Rank {r.number} {r.problem}" for r in failed))
    return [rank.value for rank in ranks]


class _Rank:
    """One process, seen from the notebook."""

    def __init__(
        self, number: int, size: int, folder: str, function: Callable[..., Any], args: Any
    ) -> None:
        context = get_context("fork")  # the notebook's functions need not be imported again
        self.number = number
        self.pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_be_rank, args=(number, size, folder, theirs, function, args), daemon=True
        )
        self.value: Any = None
        self.problem = ""
        self.unwritten = ""
        self.over = False
        sys.stdout.flush()
        self._process.start()
        theirs.close()

    def hear(self) -> None:
        """Take what the rank says: a line it printed, its result, or its end."""
        try:
            kind, content = self.pipe.recv()
        except EOFError:
            self.over = True
            self._process.join(_GRACE_S)
            code = self._process.exitcode
            how = signal.Signals(-code).name if code is not None and code < 0 else f"status {code}"
            self.problem = f"ended ({how}) before it returned anything."
            return
        if kind == "print":
            print(f"rank {self.number} | {content}")
            return
        self.over = True
        if kind == "value":
            self.value = pickle.loads(content)
        elif kind == "unwritten":
            self.problem = self.unwritten = content
        else:
            self.problem = f"raised:\n{content}"

    def end(self) -> None:
        """End the process, whatever it does, with all that it started."""
        if self._process.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid or 0, signal.SIGKILL)
            self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _follow(ranks: Sequence[_Rank], deadline: float, timeout_s: float) -> None:
    """Hear all ranks until they are through, one has failed, or the time is up."""
    while running := [rank for rank in ranks if not rank.over]:
        ready = connection.wait([r.pipe for r in running], max(0.0, deadline - time.monotonic()))
        for rank in running:
            if rank.pipe in ready:
                rank.hear()
        if not ready:
            late = any(rank.problem for rank in ranks)
            for rank in running:
                rank.problem = "" if late else f"did not return within {timeout_s:g} seconds."
            return
        if any(rank.problem for rank in ranks):  # the others may still say what they saw
            deadline = min(deadline, time.monotonic() + _GRACE_S)


def _be_rank(
    number: int,
    size: int,
    folder: str,
    pipe: Connection,
    function: Callable[..., Any],
    args: Any,
) -> None:
    """In the process: join the group, run the function, report, leave."""
    os.setpgid(0, 0)  # so that what it starts can be ended with it
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout = sys.stderr = _Lines(pipe)
    try:
        _join_group(number, size, folder)
        value = function(*args)
        sys.stdout.flush()
        # As bytes: torch would pass tensors on as shared memory, which ends with this process.
        pipe.send(("value", pickle.dumps(value)))
    except NotImplementedError as error:
        sys.stdout.flush()
        pipe.send(("unwritten", str(error) or "This part is not written yet."))
    except BaseException as error:
        sys.stdout.flush()
        pipe.send(("raised", _describe(error)))
    pipe.close()
    os._exit(0)  # no clean-up of what belongs to the notebook


def _join_group(number: int, size: int, folder: str) -> None:
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    names = [name for _, name in socket.if_nameindex()]
    if "lo" in names:
        os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    meeting = f"file://{folder}/meeting"
    dist.init_process_group("gloo", init_method=meeting, rank=number, world_size=size)


def _describe(error: BaseException) -> str:
    """Return the traceback without the launcher's own lines."""
    steps = [s for s in traceback.extract_tb(error.__traceback__) if s.filename != _OWN_FILE]
    lines = traceback.format_list(steps) + traceback.format_exception_only(error)
    return "".join(lines).rstrip()


class _Lines(io.TextIOBase):
    """Standard output of a rank: whole lines travel to the notebook."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._text = ""

    def write(self, text: str) -> int:
        """Keep text until its line is complete."""
        *lines, self._text = (self._text + text).split("\n")
        for line in lines:
            self._pipe.send(("print", line))
        return len(text)

    def flush(self) -> None:
        """Send a line that was not finished."""
        if self._text:
            self._pipe.send(("print", self._text))
            self._text = ""
