"""Says which stage of the demo is running, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Stages:
    """Numbers the stages.

    Parameters
    ----------
    total
        How many there will be.
    """

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._total = total
        self._number = 0
        self._start = time.monotonic()

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Announce a stage, and say when it is done."""
        self._number += 1
        self._console.print(f"[bold]{self._number}/{self._total}  {title}[/bold]", highlight=False)
        start = time.monotonic()
        yield
        self._console.print(f"      {time.monotonic() - start:.1f} s", style="dim", highlight=False)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the first stage."""
        return time.monotonic() - self._start
