"""What the hidden tests of this assignment expect of processes, whatever these compute."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.grading import Asked, SharedSpy, Together, Watch, expect


class OneIsSlow(SharedSpy):
    """Keeps one call waiting until nothing else moves.

    Parameters
    ----------
    slow
        Its first argument.
    function
        What to run.

    Attributes
    ----------
    let_go
        Set when it need not wait any longer.
    """

    def __init__(self, slow: int, function: Callable[..., Any] = lambda *_: None) -> None:
        super().__init__(function)
        self._slow = slow
        self.let_go = threading.Event()

    def take(self, call: Asked) -> None:
        """Answer at once, but for the slow one."""
        if call.args[:1] == (self._slow,) and not self.let_go.is_set():
            self.calls.append(call)
        else:
            super().take(call)

    def nothing_moves(self) -> None:
        """Let the slow one end."""
        self.let_go.set()
        for call in self.calls:
            if call.waits:
                self._run(call)


def expect_nothing_left(seen: Watch, when: str) -> None:
    """Expect that no process and no segment is left."""
    expect.true(
        seen.left_running == 0,
        what=f"{when} no process is running",
        got=f"{seen.left_running} still running",
        hint="process-left",
    )
    expect.true(
        not seen.segments_left,
        what=f"{when} no segment of shared memory is left",
        got=f"{len(seen.segments_left)} left",
        hint="segment-left",
    )


def expect_other_processes(seen: Watch, spy: SharedSpy, most: int, what: str) -> None:
    """Expect that processes other than the notebook's called, and no more than there may be."""
    expect.true(bool(spy.calls), what=what, got="nobody called", hint="never-called")
    expect.true(seen.home not in spy.processes, what=what, got="the notebook", hint="in-notebook")
    expect.true(
        len(spy.processes) <= most, what=what, got=len(spy.processes), hint="too-many-processes"
    )


def expect_at_the_same_time(spy: Together, processes: int) -> None:
    """Expect that so many processes were at work at once."""
    expect.true(
        spy.met,
        what=f"{processes} processes are at work at the same time",
        got=f"{len(spy.processes)} processes called, and fewer at once",
        hint="one-after-another" if len(spy.processes) > 1 else None,
    )


def arguments(spy: SharedSpy) -> list[tuple[Any, ...]]:
    """Return what the calls were made with, sorted; numbers as Python's own."""
    return sorted(tuple(int(a) for a in call.args if _is_whole(a)) for call in spy.calls)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
