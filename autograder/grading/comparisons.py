"""Lets an audit watch how near to their tolerance a test's comparisons come.

Grading does not watch. The audit of a grader does: a right answer that uses nearly all of a
tolerance, or a wrong one that barely exceeds it, shows a tolerance in the wrong place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Comparison:
    """One expectation about a value.

    Attributes
    ----------
    site
        File and line of the hidden test, or of a module beside it, that states it.
    want
        What was expected, if it was numbers.
    got
        What the student's code gave, likewise.
    excess
        The largest :math:`|got - want| / (atol + rtol |want|)`: up to 1 is agreement. None if
        the two cannot be compared entry by entry (another shape, no numbers, not a tolerance).
    """

    site: str
    want: Array | None
    got: Array | None = None
    excess: float | None = None


Watcher = Callable[[Comparison], None]
_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
_HERE = Path(__file__).parent


@contextmanager
def watch_comparisons(watcher: Watcher) -> Iterator[None]:
    """Have ``watcher`` called for each comparison that is made meanwhile."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def note_closeness(got: Array | None, want: Array, rtol: float, atol: float) -> None:
    """Tell the watcher, if there is one, of a comparison of numbers to a tolerance."""
    watcher = _watcher.get()
    if watcher is not None:
        wanted = _as_numbers(want)
        excess = None if wanted is None or got is None else _excess(got, wanted, rtol, atol)
        watcher(Comparison(_site(), wanted, got, excess))


def note_equality(got: Any, want: Any) -> None:
    """Tell the watcher, if there is one, of a comparison that knows no tolerance."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher(Comparison(_site(), _as_numbers(want), _as_numbers(got)))


def _as_numbers(value: Any) -> Array | None:
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):  # rows of different lengths, or no data at all
        return None
    return array if array.dtype.kind in "iufc" else None


def _excess(got: Array, want: Array, rtol: float, atol: float) -> float | None:
    if got.shape != want.shape or got.size == 0 or got.dtype.kind not in "biufc":
        return None
    with np.errstate(all="ignore"):
        off = np.abs(got - want)
        allowed = atol + rtol * np.abs(want)
        # Equal infinities and NaNs agree; nothing is nothing, whatever it is divided by.
        equal = (got == want) | (np.isnan(got) & np.isnan(want))
        ratio = np.where(equal, 0.0, off / allowed)
    # A largest number stands for what has no ratio: an infinity could not be written as JSON.
    return float(np.max(np.nan_to_num(ratio, nan=sys.float_info.max)))


def _site() -> str:
    """Return file and line of the nearest caller outside this package."""
    frame = sys._getframe(1)
    while frame.f_back is not None and Path(frame.f_code.co_filename).parent == _HERE:
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
