"""Ending a long run between two submissions rather than inside one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self


class StopRequest:
    """Turns the first Ctrl-C into a request; the second interrupts as usual.

    An interrupt inside a submission would leave its marks half written. Only a program's
    main thread receives signals; in another one nothing is changed.

    Parameters
    ----------
    say
        Called when the request is made, to tell whoever made it.
    """

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say
        self.made = False
        """Whether the run should stop before the next submission."""
        self._before: signal.Handlers | signal._HANDLER = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.made = True
        signal.signal(signal.SIGINT, self._before)
        self._say()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
