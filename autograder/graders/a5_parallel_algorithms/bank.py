"""An account and a lock, kept by the grader, that force the worst interleaving there is.

Whoever reads is kept waiting until another process wants to read or to have the lock. If two
have read the same balance then, one deposit is lost: not by bad luck, but always.
"""

from __future__ import annotations

from collections.abc import Callable

from autograder.grading import Asked, Handle, SharedSpy, Watch


class Bank:
    """The state that four functions share.

    Attributes
    ----------
    balance
        What the account holds.
    stuck
        Whether somebody waited for a lock that nobody would have given back.
    read_unlocked, write_unlocked
        Whether somebody reached the account without holding the lock.
    """

    def __init__(self, balance: int, *, writes_that_fail: int = 0) -> None:
        self.balance = balance
        self.writes_that_fail = writes_that_fail
        self.stuck = False
        self.read_unlocked = self.write_unlocked = False
        self._holder: int | None = None
        self._queue: list[Asked] = []
        self._readers: list[tuple[Asked, int]] = []

    def functions(self, seen: Watch) -> list[Handle]:
        """Return read, write, acquire and release, as the notebook's cell takes them."""
        steps = (self._read, self._write, self._acquire, self._release)
        return [seen.spy(_Step(step, self._nobody_moves)) for step in steps]

    @property
    def is_free(self) -> bool:
        """Whether nobody holds the lock."""
        return self._holder is None

    def _read(self, call: Asked) -> None:
        self.read_unlocked |= self._holder != call.process
        self._readers.append((call, self.balance))
        self._let_readers_go_if_two()

    def _write(self, call: Asked) -> None:
        self.write_unlocked |= self._holder != call.process
        if self.writes_that_fail:
            self.writes_that_fail -= 1
            call.refuse()
        elif len(call.args) == 1 and type(call.args[0]) is int:
            self.balance = call.args[0]
            call.answer()
        else:
            call.refuse()

    def _acquire(self, call: Asked) -> None:
        if self._holder is None:
            self._holder = call.process
            call.answer(True)
        else:
            self._queue.append(call)
            self._let_readers_go_if_two()

    def _release(self, call: Asked) -> None:
        if self._holder != call.process:
            call.refuse()
            return
        self._holder = None
        call.answer()
        if self._queue:
            follower = self._queue.pop(0)
            self._holder = follower.process
            follower.answer(True)

    def _let_readers_go_if_two(self) -> None:
        here = {call.process for call, _ in self._readers} | {c.process for c in self._queue}
        if len(here) > 1:
            self._let_readers_go()

    def _let_readers_go(self) -> None:
        while self._readers:
            call, balance = self._readers.pop(0)
            call.answer(balance)

    def _nobody_moves(self) -> None:
        """Go on with those who read; if only the lock is waited for, nobody will give it back."""
        if self._readers:
            self._let_readers_go()
        elif self._queue:
            self.stuck = True
            while self._queue:
                self._queue.pop().refuse()


class _Step(SharedSpy):
    """One of the functions."""

    def __init__(self, step: Callable[[Asked], None], nobody_moves: Callable[[], None]) -> None:
        super().__init__()
        self._step = step
        self._nobody_moves = nobody_moves

    def take(self, call: Asked) -> None:
        """Do the step; it answers now or later."""
        self.calls.append(call)
        self._step(call)

    def nothing_moves(self) -> None:
        """Go on."""
        self._nobody_moves()
