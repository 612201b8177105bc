"""What can cross, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class LimitsOfValues:
    """Bounds on one encoded value."""

    size_bytes: int = 64 << 20
    items: int = 1_000_000
    depth: int = 64
    integer_bytes: int = 512
    """4096 bits."""
    dimensions: int = 32


LIMITS = LimitsOfValues()


@dataclass(frozen=True)
class Opaque:
    """An object that stays where it is: its number there, and the name of its class."""

    id: int
    type_name: str


@dataclass(frozen=True)
class Callback:
    """A callable that stays where it is."""

    id: int


@dataclass(frozen=True)
class Fault:
    """An exception, as plain text.

    Attributes
    ----------
    lineno
        Line in the student's cell, if known.
    traceback_text
        That line's text.
    kind
        ``"raised"`` or ``"not allowed"``.
    """

    type_name: str
    message: str
    lineno: int | None
    traceback_text: str
    kind: str


@dataclass(frozen=True)
class Frame:
    """A data frame as plain columns, in order; no pandas on the trusted side."""

    columns: dict[str, np.ndarray[Any, Any]]
    index: np.ndarray[Any, Any]


# One byte each, as the first of an encoded value.
NONE, TRUE, FALSE, INT, FLOAT, COMPLEX = b"N", b"T", b"F", b"i", b"f", b"c"
STR, BYTES, LIST, TUPLE, DICT = b"s", b"b", b"l", b"t", b"d"
ARRAY, SCALAR, TENSOR, BFLOAT, FRAME = b"a", b"n", b"z", b"h", b"p"
OPAQUE, CALLBACK, FAULT = b"o", b"k", b"x"

DTYPES = tuple(
    np.dtype(name).newbyteorder("<").str
    for name in (
        "?",
        *("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"),
        *("f2", "f4", "f8", "c8", "c16"),
    )
)
"""Numeric dtypes that cross, little-endian; strings of fixed width cross beside them."""

STRING_KINDS = "US"
LONGEST_STRING_ITEM = 1 << 16
