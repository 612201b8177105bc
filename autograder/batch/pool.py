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

from autograder.termination import end_when_told

_PR_SET_PDEATHSIG = 1
_MOST_FAILED_STARTS = 3
_ENDING_S = 20.0
_INSIST_S = 5.0

Task = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class WorkerLost(Exception):
    """The worker ended, or had to be ended, before it answered. The task may be given again."""


class PoolBroken(Exception):
    """No worker can be had any more."""


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
        self._lock = threading.RLock()
        self._closing = False
        self._failure: BaseException | None = None
        self._failed_starts = 0
        self._woken, self._waker = multiprocessing.Pipe(duplex=False)
        self._slots: list[_Slot] = []
        try:
            for number in range(workers):
                self._slots.append(self._start(number, "fork"))
        except BaseException:
            self._end_workers(at_once=True)
            raise
        self._thread = threading.Thread(target=self._dispatch, name="pool", daemon=True)
        self._thread.start()

    @property
    def processes(self) -> list[int]:
        """The workers' process ids."""
        return [slot.process.pid for slot in self._slots if slot.process.pid is not None]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call ``fn``; the arguments and the result are pickled.

        Raises
        ------
        PoolBroken
            If no worker can be had; if their initializer raised something, that.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._failure is not None:
                raise self._failure
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
                self._cancel_waiting()
        self._wake()
        if wait:
            self._thread.join()

    def kill(self) -> None:
        """End every worker, whatever it is doing; it has a moment to put its things away."""
        with self._lock:
            self._cancel_waiting()
            self._give_up(WorkerLost("The pool was killed."))
        self._wake()
        self._thread.join()

    def _cancel_waiting(self) -> None:
        for future, _ in self._waiting:
            future.cancel()
        self._waiting.clear()

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
        """Serve until the pool is closed, or no worker can be had; then end the workers."""
        try:
            self._serve_tasks()
        except Exception as error:  # such as: the machine has no room for one more process
            self._give_up(PoolBroken(f"No worker can be had: {type(error).__name__}: {error}"))
        self._end_workers(at_once=self._failure is not None)

    def _serve_tasks(self) -> None:
        """Give tasks to idle workers and take their answers."""
        while self._failure is None:
            with self._lock:
                self._hand_out()
                busy = [slot for slot in self._slots if slot.future is not None]
                if self._closing and not busy and not self._waiting:
                    return
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
        future = self._take(slot)
        if future is not None and succeeded:
            future.set_result(value)
        elif future is not None:
            future.set_exception(value)

    def _take(self, slot: _Slot) -> Future[Any] | None:
        """Return what a worker was working on; None if the pool has given it up meanwhile."""
        with self._lock:
            future, slot.future, slot.deadline = slot.future, None, float("inf")
        return future

    def _replace(self, number: int, why: str) -> None:
        """Put a fresh worker in the place of one that is lost."""
        slot = self._slots[number]
        slot.connection.close()
        slot.process.join(_ENDING_S)
        if (future := self._take(slot)) is not None:
            future.set_exception(WorkerLost(f"The grading process {why}."))
        if not slot.ready:
            self._failed_starts += 1
        if self._failed_starts >= _MOST_FAILED_STARTS:
            self._give_up(PoolBroken(f"Workers do not start: the last one {why}"))
        elif self._closing:
            del self._slots[number]
        else:
            self._slots[number] = self._start(number, "spawn")

    def _give_up(self, error: BaseException) -> None:
        """Fail every task from now on."""
        with self._lock:
            self._failure = error
            futures = [slot.future for slot in self._slots if slot.future is not None]
            futures += [f for f, _ in self._waiting if f.set_running_or_notify_cancel()]
            self._waiting.clear()
            for slot in self._slots:
                slot.future = None
        for future in futures:
            future.set_exception(error)

    def _end_workers(self, *, at_once: bool) -> None:
        processes = [slot.process for slot in self._slots]
        if at_once:  # told before it is let go: it would be told while it puts its things away
            _end(processes)
        for slot in self._slots:
            slot.connection.close()
        for process in processes:
            process.join(_ENDING_S)
        _end(processes)
        self._slots.clear()
        self._woken.close()
        self._waker.close()


def _end(processes: Sequence[BaseProcess]) -> None:
    """Tell processes to end, and insist."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _INSIST_S
    for process in processes:
        process.join(max(0.0, deadline - time.monotonic()))
        if process.is_alive():
            process.kill()
            process.join()


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
    end_when_told()
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
