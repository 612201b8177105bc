"""How long a call may take: CPU seconds first, the clock only as a backstop."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.channel import Channel, ChannelTimeout

_FIRST_LOOK_S = 0.5
_BETWEEN_LOOKS_S = 0.25

STOPPED = "The submission was stopped after"
"""How the reason begins where a submission took all its time."""


class DeadlinePassed(Exception):
    """The budget is used up.

    Attributes
    ----------
    cpu
        True if the CPU seconds were, False if only the clock ran out.
    """

    def __init__(self, *, cpu: bool, seconds: float) -> None:
        self.cpu = cpu
        used = f"{seconds:g} CPU seconds" if cpu else f"{seconds:g} seconds of waiting"
        super().__init__(f"stopped after {used}")


class BudgetSpent(Exception):
    """The submission as a whole has had its time; a person decides about what is left."""


class Budget:
    """Seconds that one submission may take in all, so that none holds up the batch.

    It is a clock's, so it never decides a mark: what it cuts off is not graded.
    """

    def __init__(self, wall_s: float) -> None:
        self._wall_s = wall_s
        self._end = time.monotonic() + wall_s

    @property
    def left_s(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise BudgetSpent if nothing is left."""
        if self.left_s == 0.0:
            raise BudgetSpent(
                f"{STOPPED} {self._wall_s:g} seconds in all. A person decides about this part."
            )


class Deadline:
    """Time left for one call, counted from its making.

    CPU time is what the submission itself uses, so that a busy machine does not
    fail anybody; a call that sleeps or is blocked meets the wall-clock backstop.

    Parameters
    ----------
    cpu_s, wall_s
        The budgets in seconds.
    cpu_clock
        Returns the CPU seconds that the submission has used so far.
    """

    def __init__(self, cpu_s: float, wall_s: float, cpu_clock: Callable[[], float]) -> None:
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._cpu_clock = cpu_clock
        self._started = time.monotonic()
        self._cpu_started: float | None = None

    def receive(self, channel: Channel) -> bytes:
        """Wait for the next frame.

        Raises
        ------
        DeadlinePassed
            If a budget is used up first.
        """
        wait = _FIRST_LOOK_S  # most answers come at once: no look at the CPU clock before
        while True:
            try:
                return channel.receive(min(wait, self._wall_left()))
            except ChannelTimeout:
                self._look()
                wait = _BETWEEN_LOOKS_S

    def check(self) -> None:
        """Raise DeadlinePassed if the clock's budget is used up, however talkative the child."""
        if time.monotonic() - self._started > _FIRST_LOOK_S:
            self._look()

    def _wall_left(self) -> float:
        return max(0.0, self._started + self._wall_s - time.monotonic())

    def _look(self) -> None:
        now = self._cpu_clock()
        if self._cpu_started is None:
            # What was used before the first look is bounded by the time that has passed.
            self._cpu_started = now - (time.monotonic() - self._started)
        if now - self._cpu_started > self._cpu_s:
            raise DeadlinePassed(cpu=True, seconds=self._cpu_s)
        if self._wall_left() <= 0:
            raise DeadlinePassed(cpu=False, seconds=self._wall_s)
