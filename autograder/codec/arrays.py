"""Which arrays cross, and what would make one of them dangerous."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.codec.types import LimitsOfValues

Array = np.ndarray[Any, Any]

_NUMBERS = {
    dtype.str: dtype
    for dtype in (
        np.dtype(name).newbyteorder("<")
        for name in (
            "?",
            *("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"),
            *("f2", "f4", "f8", "c8", "c16"),
        )
    )
}
_TEXT = re.compile(r"(?:<U|\|S)([1-9][0-9]{0,4})")
_LONGEST_TEXT_ITEM = 1 << 16
_LAST_CHARACTER = 0x10FFFF

NUMBER_TYPES = tuple({np.dtype(char).type for char in "?bhilqBHILQefdFD"})
"""The scalar classes of numbers that cross; ``longlong`` arrives as the class of its size."""


def dtype_named(name: str) -> np.dtype[Any] | None:
    """Return the little-endian dtype of this name, such as ``<f8`` or ``<U12``, if it crosses.

    Objects, records, dates and long doubles do not. Nor does text of width 0: any
    number of such elements takes no bytes.
    """
    if _TEXT.fullmatch(name):
        dtype = np.dtype(name)
        return dtype if dtype.itemsize <= _LONGEST_TEXT_ITEM else None
    return _NUMBERS.get(name)


def crossing_dtype(array: Array) -> np.dtype[Any] | None:
    """Return the dtype in which an array crosses, if it does."""
    return dtype_named(array.dtype.newbyteorder("<").str)


def elements(array: Array, dtype: np.dtype[Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the elements in C order as bytes; a view where the array already has them so."""
    flat = np.asarray(array, dtype=dtype, order="C").reshape(-1)
    content = flat.view(np.uint8)
    # Seen through a view, a bool may hold any byte.
    return (content != 0).view(np.uint8) if dtype.kind == "b" else content


def shape_flaw(shape: Sequence[int], itemsize: int, limits: LimitsOfValues) -> str | None:
    """Say what is wrong with a shape, if anything.

    An axis of length 0 does not excuse the others: an array of shape (0, 10**9) takes no
    bytes, and its sum over the first axis takes 8 GB.
    """
    if len(shape) > limits.dimensions:
        return f"an array of more than {limits.dimensions} dimensions"
    # Python's integers: a hostile shape cannot overflow.
    if math.prod(max(length, 1) for length in shape) * itemsize > limits.size_bytes:
        return f"an array of more than {limits.size_bytes >> 20} MiB"
    return None


def content_flaw(array: Array) -> str | None:
    """Say what is wrong with the elements of a fresh little-endian array, if anything.

    NumPy trusts its memory: a bool of 7 is true and yet not equal to True, and a
    character beyond Unicode raises when somebody looks at it.
    """
    if array.size and array.dtype.kind == "b" and array.view(np.uint8).max() > 1:
        return "a bool that is neither true nor false"
    if array.size and array.dtype.kind == "U":
        characters = array.reshape(-1).view("<u4")
        if characters.max() > _LAST_CHARACTER:
            return "text of characters that do not exist"
    return None
