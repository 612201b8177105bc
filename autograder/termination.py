"""Being told to end: Slurm, systemd and ``kill`` send SIGTERM, and wait a while before they insist.

Python's own answer is to be gone at once, and to leave sandboxes and their files behind.
"""

from __future__ import annotations

import signal
from types import FrameType

_told = False


class Terminated(SystemExit):
    """This program was told to end; whatever is open is closed on the way out."""

    def __init__(self) -> None:
        super().__init__(128 + signal.SIGTERM)


def end_when_told() -> None:
    """Have SIGTERM raise Terminated in the main thread from now on."""
    signal.signal(signal.SIGTERM, _end)


def check_told() -> None:
    """Raise Terminated if this program was told to end, for where somebody caught it."""
    if _told:
        raise Terminated


def _end(number: int, frame: FrameType | None) -> None:
    global _told
    _told = True
    signal.signal(number, signal.SIG_IGN)  # whoever says it twice interrupts no tidying up
    raise Terminated
