"""Watches the processes that a submission starts: who they are, what they say, what they leave."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import Self

from autograder.codec import DecodeError, decode
from autograder.kernels.faults import NotOnThisMachine
from autograder.kernels.remote import Handle, RemoteCopy
from autograder.kernels.shared import Asked, Line, SharedSpy
from autograder.sandbox.observation import Census, Stillness, take_census

_LOOK_S = 0.03
_STILL_LOOKS = 8
_LONGEST_S = 20.0


class Watch:
    """From the beginning to the end of a ``with`` block.

    Attributes
    ----------
    home
        The process in which calls arrive: the notebook's.
    bytes_written
        How many bytes all processes wrote with ``write`` meanwhile, to each other or to files.
        What went through shared memory was written by nobody.
    left_running
        How many processes were started and still wait for something at the end.
    segments_left
        Names in shared memory that were not there before.

    Raises
    ------
    NotOnThisMachine
        If submissions have no shared memory of their own here: the pools and locks of
        ``multiprocessing`` need it, so a right answer could not run.
    """

    def __init__(self, copy: RemoteCopy) -> None:
        self._copy = copy
        self._parent = copy.parent
        self._spies: list[SharedSpy] = []
        self.home = 0
        self.bytes_written = 0
        self.left_running = 0
        self.segments_left: list[str] = []
        self._mistake: Exception | None = None

    def spy(self, spy: SharedSpy) -> Handle:
        """Return what to pass to student code, so that all its processes may call ``spy``."""
        self._spies.append(spy)
        return self._copy.request_held("share", number=len(self._spies) - 1)

    def __enter__(self) -> Self:
        """Take the measure of what is there before."""
        self._segments = self._known_segments()
        self._line = Line()
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        try:
            self._give_line()
            self._before = take_census(self._parent.pid)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        """Take it again; nothing is measured where the test has failed already."""
        try:
            if raised[0] is None:
                self._measure()
        finally:
            self._end()
            if self._mistake is not None:
                raise self._mistake

    def look(self) -> None:
        """Measure now, as the end of the block does: what was written, and what is left."""
        self._measure()

    def _give_line(self) -> None:
        """Hand the shared socket to the notebook's process."""
        self._copy.request("watch", passing=self._line.theirs.fileno())
        self._line.theirs.close()

    def _measure(self) -> None:
        census = self._wait_for_the_end()
        self.left_running = len(census.running - self._before.running)
        self.bytes_written = census.bytes_written - self._before.bytes_written
        self.segments_left = sorted(self._known_segments() - self._segments)

    def _known_segments(self) -> set[str]:
        """Return the names in the submission's shared memory."""
        names = self._parent.segments()
        if names is None:
            raise NotOnThisMachine(
                "This test watches processes that share memory, and the sandbox of this machine "
                "gives submissions no shared memory of their own"
            )
        return set(names)

    def _wait_for_the_end(self) -> Census:
        """Give processes that are about to end the time they need; those that wait have none."""
        stillness, started = self._stillness(), time.monotonic()
        while (census := take_census(self._parent.pid)).running - self._before.running:
            if stillness.lasts() or time.monotonic() - started > _LONGEST_S:
                break
            time.sleep(_LOOK_S)
        return census

    def _stillness(self) -> Stillness:
        return Stillness(self._parent.pid, _STILL_LOOKS)

    def _end(self) -> None:
        os.close(self._stop)
        self._thread.join()
        os.close(self._wake)
        self._line.close()

    def _serve(self) -> None:
        """Answer calls until the end; in a thread, since the test waits for its own call."""
        poll = select.poll()
        poll.register(self._line.ours, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        stillness = self._stillness()
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_LOOK_S * 1000)}
            if self._wake in ready:
                return
            if ready:
                stillness.restart()
                if not self._take_one():
                    poll.unregister(self._line.ours)  # all processes that had it are gone
                continue
            if not any(call.waits for spy in self._spies for call in spy.calls):
                continue
            if stillness.lasts():
                stillness.restart()
                self._tell_nothing_moves()

    def _tell_nothing_moves(self) -> None:
        try:
            for spy in self._spies:
                spy.nothing_moves()
        except Exception as mistake:  # the test's own; the calls that wait must end
            self._mistake = mistake
            self._line.let_all_go()

    def _take_one(self) -> bool:
        """Take one call; return False if there will be no more."""
        try:
            received = self._line.receive()
        except BlockingIOError:
            return True
        except OSError:
            return False
        if received is None:
            return False
        sender, packet, reply = received
        if reply is None:
            self.home = self.home or sender
            return True
        try:
            asked = decode(packet)
            call = Asked(sender, asked["args"], asked["kwargs"], reply)
            spy = self._spies[asked["number"]]
            if not isinstance(call.args, tuple) or not isinstance(call.kwargs, dict):
                raise TypeError("no call")
        except (DecodeError, LookupError, TypeError):
            reply.close()
            return True
        if not self._line.admit(call):
            call.refuse()
            return True
        try:
            spy.take(call)
        except Exception as mistake:  # the test's own; the call that it belongs to must end
            self._mistake = mistake
            call.refuse()
        return True
