"""Slots: where root grades, each warm parent has a uid that no other one on this machine has."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from autograder.sandbox.confinement import FIRST_SLOT_UID

SLOTS = 3_000
_FOLDER = Path("/run/autograder-slots")
"""Only root can write there, and only root needs a slot."""


class Slot:
    """A uid, held by a lock that the kernel gives back when the last of its holders ends.

    A process that is forked holds it too; :meth:`close` lets go of it in this process alone.
    """

    def __init__(self, folder: Path = _FOLDER) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        for number in range(os.getpid(), os.getpid() + SLOTS):
            descriptor = os.open(folder / str(number % SLOTS), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            self._descriptor: int | None = descriptor
            self.uid = FIRST_SLOT_UID + number % SLOTS
            return
        raise OSError(f"all {SLOTS} uids for submissions are in use; see {folder}")

    def close(self) -> None:
        """Let go of the slot."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None
