"""Two graders at work at once must not run submissions under the same uid."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from autograder.sandbox.slots import Slot


def test_slots_held_at_once_differ_and_are_given_back(tmp_path: Path) -> None:
    first, second = Slot(tmp_path), Slot(tmp_path)
    assert first.uid != second.uid
    first.close()
    assert Slot(tmp_path).uid == first.uid


def test_slot_of_a_killed_process_is_free_and_of_a_living_one_is_not(tmp_path: Path) -> None:
    slot = Slot(tmp_path)
    pid = os.fork()
    if pid == 0:
        signal.pause()
    slot.close()
    other = Slot(tmp_path)
    assert other.uid != slot.uid, "the forked process holds it still"
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert Slot(tmp_path).uid == slot.uid
