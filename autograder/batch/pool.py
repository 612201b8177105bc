"""A pool of worker processes that survives the loss of any of them.

It has the interface of :class:`concurrent.futures.Executor`, so that another one can take its
place (Dask's ``Client.get_executor``). The standard library's own process pool is broken for good
by one worker that is killed; here the task in hand fails with :class:`WorkerLost`, a fresh worker
takes the old one's place, and all other tasks go on.

The first workers are forked, before any thread is started, and so share what is imported already.
Their replacements are spawned: a process with threads is not safe to fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

_PR_SET_PDEATHSIG = 1
_MOST_FAILED_STARTS = 3
_ENDING_S = 20.0

Task = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerLost(Exception):
    """The worker ended, or had to be ended, before it answered. The task may be given again."""


@dataclass
class _Slot:
    """A worker, and what it works on."""

    process: BaseProcess
    connection: Connection
    ready: bool = False
    future: Future[Any] | None = None
    deadline: float = field(default=float("inf"))


class WarmPool(Executor):
    """Runs tasks in worker processes, one at a time in each.

    Parameters
    ----------
    workers
        How many.
    initializer, initargs
        Called once in each worker, with the worker's number first; what is imported by then
        does not cost the tasks anything.
    task_limit_s
        Seconds after which a task's worker is taken for lost and ended.
    """

    def __init__(
        self,
        workers: int,
        initializer: Callable[..., None],
        initargs: tuple[Any, ...] = (),
        task_limit_s: float = float("inf"),
    ) -> None:
        self._initializer = initializer
        self._initargs = initargs
        self._limit_s = task_limit_s
        self._waiting: deque[tuple[Future[Any], Task]] = deque()
        self._lock = threading.Lock()
        self._closing = False
        self._failed_starts = 0
        self._woken, self._waker = multiprocessing.Pipe(duplex=False)
        self._slots: list[_Slot] = []
        for number in range(workers):
            self._slots.append(self._start(number, "fork"))
        self._thread = threading.Thread(target=self._dispatch, name="pool", daemon=True)
        self._thread.start()

    @property
    def processes(self) -> list[int]:
        """The workers' process ids."""
        return [slot.process.pid for slot in self._slots if slot.process.pid is not None]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call ``fn``; the arguments and the result are pickled."""
        future: Future[Any] = Future()
        with self._lock:
            if self._closing:
                raise RuntimeError("the pool takes no more tasks")
            self._waiting.append((future, (fn, args, kwargs)))
        self._wake()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and end the workers once they are done."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                for future, _ in self._waiting:
                    future.cancel()
                self._waiting.clear()
        self._wake()
        if wait:
            self._thread.join()

    def kill(self) -> None:
        """End every worker at once, whatever it is doing."""
        with self._lock:
            self._closing = True
            for future, _ in self._waiting:
                future.cancel()
            self._waiting.clear()
        for slot in self._slots:
            slot.process.kill()
        self._wake()
        self._thread.join()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._waker.send(None)

    def _start(self, number: int, method: str) -> _Slot:
        context: Any = multiprocessing.get_context(method)
        ours, theirs = context.Pipe()
        # A forked worker has copies of our ends, which would hide our own end from the others.
        others = [slot.connection for slot in self._slots] + [ours] if method == "fork" else []
        process = context.Process(
            target=_serve,
            args=(theirs, others, self._initializer, (number, *self._initargs)),
            name=f"grader-{number}",
            daemon=False,
        )
        process.start()
        theirs.close()
        return _Slot(process, ours)

    def _dispatch(self) -> None:
        """Give tasks to idle workers and take their answers, until the pool is closed."""
        while True:
            with self._lock:
                self._hand_out()
                busy = [slot for slot in self._slots if slot.future is not None]
                if self._closing and not busy and not self._waiting:
                    break
            soonest = min((slot.deadline for slot in busy), default=float("inf"))
            timeout = None if soonest == float("inf") else max(0.0, soonest - time.monotonic())
            ready = wait([self._woken, *(slot.connection for slot in self._slots)], timeout)
            if self._woken in ready:
                self._woken.recv()
            for number, slot in enumerate(self._slots):
                if slot.connection in ready:
                    self._hear(number, slot)
                elif time.monotonic() > slot.deadline:
                    slot.process.kill()
                    self._replace(number, "took longer than a submission may")
        self._end_workers()

    def _hand_out(self) -> None:
        for number, slot in enumerate(self._slots):
            while slot.ready and slot.future is None and self._waiting:
                future, task = self._waiting.popleft()
                if not future.set_running_or_notify_cancel():
                    continue
                slot.future, slot.deadline = future, time.monotonic() + self._limit_s
                try:
                    slot.connection.send(task)
                except OSError:  # it has ended meanwhile
                    self._replace(number, "ended")

    def _hear(self, number: int, slot: _Slot) -> None:
        """Take a worker's answer, or the news that it has ended."""
        try:
            succeeded, value = slot.connection.recv()
        except (EOFError, OSError):
            self._replace(number, f"ended{_how(slot.process)}")
            return
        if not slot.ready:
            slot.ready = bool(succeeded)
            self._failed_starts = 0 if succeeded else self._failed_starts
            if not succeeded:
                self._give_up(value)
            return
        future, slot.future, slot.deadline = slot.future, None, float("inf")
        assert future is not None
        if succeeded:
            future.set_result(value)
        else:
            future.set_exception(value)

    def _replace(self, number: int, why: str) -> None:
        """Put a fresh worker in the place of one that is lost."""
        slot = self._slots[number]
        slot.connection.close()
        slot.process.join(_ENDING_S)
        if not slot.ready:
            self._failed_starts += 1
        if self._failed_starts >= _MOST_FAILED_STARTS:
            self._give_up(WorkerLost(f"Workers do not start: the last one {why}."))
            return
        if not self._closing:
            self._slots[number] = self._start(number, "spawn")
        else:
            del self._slots[number]
        if slot.future is not None:
            slot.future.set_exception(WorkerLost(f"The grading process {why}."))

    def _give_up(self, error: BaseException) -> None:
        """Fail every task: no worker can be had."""
        self._closing = True
        for future in [slot.future for slot in self._slots if slot.future] + [
            future for future, _ in self._waiting if future.set_running_or_notify_cancel()
        ]:
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()
        for slot in self._slots:
            slot.process.kill()
        self._slots.clear()

    def _end_workers(self) -> None:
        for slot in self._slots:
            slot.connection.close()
        for slot in self._slots:
            slot.process.join(_ENDING_S)
            if slot.process.is_alive():
                slot.process.kill()
                slot.process.join()
        self._woken.close()
        self._waker.close()


def _how(process: BaseProcess) -> str:
    process.join(1)
    code = process.exitcode
    if code is None or code >= 0:
        return "" if code is None else f" with exit status {code}"
    return f" by {signal.Signals(-code).name}"


def _serve(
    connection: Connection,
    others: Sequence[Connection],
    initializer: Callable[..., None],
    initargs: tuple[Any, ...],
) -> None:
    """Be a worker: carry out tasks until the pool lets go of the connection."""
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pool's business
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    try:
        initializer(*initargs)
    except Exception as error:
        connection.send((False, error))
        return
    connection.send((True, None))
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, args, kwargs = connection.recv()
            try:
                answer = (True, function(*args, **kwargs))
            except Exception as error:
                answer = (False, error)
            _send(connection, answer)


def _send(connection: Connection, answer: tuple[bool, Any]) -> None:
    try:
        connection.send(answer)
    except (OSError, EOFError):
        raise
    except Exception as error:  # what cannot be pickled
        connection.send((False, RuntimeError(f"the answer cannot be sent: {error!r}")))
