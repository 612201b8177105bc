"""Listens to what the trusted side sends to a student's process while it grades."""

from __future__ import annotations

import math
from contextlib import ExitStack
from struct import pack
from typing import Self

import numpy as np

from autograder.channel import observe_sent
from autograder.codec import decode, encode
from autograder.grading.comparisons import Comparison, watch_comparisons

_ARGUMENTS = {"args", "kwargs", "value"}
"""Parts of a frame that a hidden test chose to hand over: its inputs, and what the functions
that it handed over gave when the student called them."""
_WORD = 8
"""Bytes of a float64."""


class Crossing:
    """Keeps the frames that are sent, and what tests expect meanwhile.

    Use it as a context manager, in the thread that grades.

    Attributes
    ----------
    frames
        What was sent, whole.
    """

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self._without_arguments: list[bytes] = []
        self._expected: dict[bytes, float] = {}
        self._stack = ExitStack()

    def revealed(self) -> list[float]:
        """Return the expected values that were sent, outside of arguments."""
        windows: set[bytes] = set()
        for frame in self._without_arguments:
            windows |= {frame[start : start + _WORD] for start in range(len(frame) - _WORD + 1)}
        return sorted({self._expected[word] for word in windows & self._expected.keys()})

    def _sent(self, payload: bytes) -> None:
        self.frames.append(payload)
        frame = decode(payload)
        if isinstance(frame, dict) and ("op" in frame or frame.get("status") == "value"):
            frame = {key: part for key, part in frame.items() if key not in _ARGUMENTS}
        self._without_arguments.append(encode(frame))

    def _compared(self, comparison: Comparison) -> None:
        if comparison.want is None or comparison.want.dtype.kind != "f":
            return
        for value in comparison.want.astype(np.float64).ravel().tolist():
            if _is_telling(value):  # the codec writes arrays one way round, numbers the other
                self._expected.update({pack(order, value): value for order in ("<d", ">d")})

    def __enter__(self) -> Self:
        self._stack.enter_context(observe_sent(self._sent))
        self._stack.enter_context(watch_comparisons(self._compared))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _is_telling(value: float) -> bool:
    """Say whether a value is unlikely to be there by chance: a random draw is, 0.5 is not.

    Nor is one of few digits else: the bytes of 5e-324 are those of the count 1.
    """
    return math.isfinite(value) and value != float(f"{value:.6g}")
