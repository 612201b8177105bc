"""What can cross, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class LimitsOfValues:
    """Bounds on one encoded value.

    Attributes
    ----------
    size_bytes
        Length of the whole, and size of any array in it.
    items
        Values in it, at every level; a tensor counts as ten, since even an empty one
        takes 600 bytes of memory.
    depth
        Containers inside each other.
    integer_bytes
        Bytes of an int, its sign included: 4096 bits.
    dimensions
        Axes of an array; NumPy has no more.
    number_keys
        Keys of dicts that are neither text nor bytes (see :class:`~.keys.KeyBudget`).
    name_chars, text_chars
        Characters of the names and of the longer texts in references and reports.
    """

    size_bytes: int = 64 << 20
    items: int = 1_000_000
    depth: int = 64
    integer_bytes: int = 512
    dimensions: int = 64
    number_keys: int = 1 << 16
    name_chars: int = 200
    text_chars: int = 10_000


LIMITS = LimitsOfValues()
TENSOR_ITEMS = 10
LAST_ID = 2**63 - 1


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
    """An exception, as plain text of bounded length.

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


@dataclass(frozen=True, eq=False)
class Frame:
    """A data frame as plain columns, in order; no pandas on the trusted side."""

    columns: dict[str, np.ndarray[Any, Any]]
    index: np.ndarray[Any, Any]


def printable(name: str, limits: LimitsOfValues) -> str:
    """Return a name without control characters, and no longer than a name may be."""
    return "".join(char for char in name[: limits.name_chars] if char.isprintable())


# One byte each, as the first of an encoded value.
NONE, TRUE, FALSE, INT, FLOAT, COMPLEX = b"N", b"T", b"F", b"i", b"f", b"c"
STR, BYTES, LIST, TUPLE, DICT = b"s", b"b", b"l", b"t", b"d"
ARRAY, SCALAR, TENSOR, BFLOAT, FRAME = b"a", b"n", b"z", b"h", b"p"
OPAQUE, CALLBACK, FAULT = b"o", b"k", b"x"
