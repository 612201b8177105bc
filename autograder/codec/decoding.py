"""Bytes to values; whatever the bytes are, only DecodeError is raised."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np

from autograder.codec import types as t

_COUNT = struct.Struct("!Q")
_DOUBLE = struct.Struct("!d")
_LONGEST_DTYPE = 8
_LAST_CHARACTER = 0x10FFFF


class DecodeError(ValueError):
    """The bytes are not an encoded value."""


def decode(data: bytes, *, limits: t.LimitsOfValues = t.LIMITS) -> Any:
    """Decode one value.

    Arrays are fresh, writeable copies. Every announced length is compared with what
    is left before anything of that length is made.

    Raises
    ------
    DecodeError
        If the bytes are not exactly one value, or it passes a limit.
    """
    if len(data) > limits.size_bytes + 1024:
        raise DecodeError("too large")
    decoder = _Decoder(memoryview(data), limits)
    value = decoder.take(0)
    if decoder.position != len(data):
        raise DecodeError(f"{len(data) - decoder.position} bytes too many")
    return value


class _Decoder:
    def __init__(self, data: memoryview, limits: t.LimitsOfValues) -> None:
        self.position = 0
        self._data = data
        self._limits = limits
        self._items = 0

    def take(self, depth: int) -> Any:
        """Return the next value."""
        self._items += 1
        if self._items > self._limits.items:
            raise DecodeError("too many items")
        if depth > self._limits.depth:
            raise DecodeError("nested too deeply")
        tag = bytes(self._read(1))
        take = _TAKE.get(tag)
        if take is None:
            raise DecodeError(f"unknown tag {tag!r}")
        return take(self, depth)

    def _read(self, size: int) -> memoryview:
        end = self.position + size
        if end > len(self._data):
            raise DecodeError("cut short")
        part = self._data[self.position : end]
        self.position = end
        return part

    def _count(self) -> int:
        (count,) = _COUNT.unpack(self._read(8))
        if count > len(self._data) - self.position:  # every item takes a byte at least
            raise DecodeError("announces more than there is")
        return int(count)

    def _double(self) -> float:
        (value,) = _DOUBLE.unpack(self._read(8))
        return float(value)

    def _take_int(self, depth: int) -> int:
        size = self._count()
        if not 0 < size <= self._limits.integer_bytes:
            raise DecodeError("an integer of a length that cannot be")
        return int.from_bytes(self._read(size), "big", signed=True)

    def _take_complex(self, depth: int) -> complex:
        return complex(self._double(), self._double())

    def _take_str(self, depth: int) -> str:
        try:
            return str(self._read(self._count()), "utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise DecodeError("text that is not UTF-8") from error

    def _take_bytes(self, depth: int) -> bytes:
        return bytes(self._read(self._count()))

    def _take_list(self, depth: int) -> list[Any]:
        return [self.take(depth + 1) for _ in range(self._count())]

    def _take_tuple(self, depth: int) -> tuple[Any, ...]:
        return tuple(self._take_list(depth))

    def _take_dict(self, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in range(self._count()):
            key = self.take(depth + 1)
            if not _may_be_key(key) or key in result:
                raise DecodeError("a key that cannot be, or stands twice")
            result[key] = self.take(depth + 1)
        return result

    def _take_array(self, depth: int) -> np.ndarray[Any, Any]:
        dtype = self._take_dtype()
        shape = self._take_shape()
        self._expect(t.BYTES)
        content = self._read(self._count())
        # math.prod works on Python's integers: a hostile shape cannot overflow.
        if math.prod(shape) * dtype.itemsize != len(content):
            raise DecodeError("an array whose shape does not fit its bytes")
        try:
            flat = np.frombuffer(content, dtype=dtype) if content else np.empty(0, dtype)
            array = flat.reshape(shape).copy()
        except (ValueError, OverflowError) as error:
            raise DecodeError("an array that cannot be") from error
        if dtype.kind == "U" and not _is_text(array):
            raise DecodeError("text of characters that do not exist")
        return array

    def _take_dtype(self) -> np.dtype[Any]:
        self._expect(t.STR)
        name = bytes(self._read(min(self._count(), _LONGEST_DTYPE + 1))).decode("ascii", "replace")
        if name in t.DTYPES:
            return np.dtype(name)
        kind, size = name[1:2], name[2:]
        plain = size.isascii() and size.isdigit() and len(size) < 6 and name[:1] in "<|"
        if plain and kind and kind in t.STRING_KINDS:
            dtype = np.dtype(f"{kind}{int(size)}")
            if 0 < dtype.itemsize <= t.LONGEST_STRING_ITEM:
                return dtype
        raise DecodeError("a dtype that does not cross")

    def _take_shape(self) -> tuple[int, ...]:
        (dimensions,) = self._read(1)
        if dimensions > self._limits.dimensions:
            raise DecodeError("too many dimensions")
        return tuple(_COUNT.unpack(self._read(8))[0] for _ in range(dimensions))

    def _expect(self, tag: bytes) -> None:
        if self._read(1) != tag:
            raise DecodeError("a part is missing")

    def _take_expected_array(self, depth: int) -> np.ndarray[Any, Any]:
        self._expect(t.ARRAY)
        return self._take_array(depth)

    def _take_scalar(self, depth: int) -> Any:
        array = self._take_expected_array(depth)
        if array.shape != ():
            raise DecodeError("a scalar with a shape")
        return array[()]

    def _take_tensor(self, depth: int) -> Any:
        import torch

        array = self._take_expected_array(depth)
        try:
            return torch.from_numpy(array)
        except (TypeError, ValueError) as error:
            raise DecodeError("a tensor that cannot be") from error

    def _take_bfloat(self, depth: int) -> Any:
        import torch

        array = self._take_expected_array(depth)
        if array.dtype != np.int16:
            raise DecodeError("a bfloat16 tensor of something else")
        return torch.from_numpy(array).view(torch.bfloat16)

    def _take_frame(self, depth: int) -> t.Frame:
        columns: dict[str, np.ndarray[Any, Any]] = {}
        for _ in range(self._count()):
            name, column = self._take_column(depth)
            if name in columns:
                raise DecodeError("a column that stands twice")
            columns[name] = column
        _, index = self._take_column(depth)
        if index.ndim != 1 or any(column.shape != index.shape for column in columns.values()):
            raise DecodeError("columns of different lengths")
        return t.Frame(columns, index)

    def _take_column(self, depth: int) -> tuple[str, np.ndarray[Any, Any]]:
        self._expect(t.STR)
        return self._take_str(depth), self._take_expected_array(depth)

    def _take_opaque(self, depth: int) -> t.Opaque:
        self._expect(t.INT)
        number = self._take_int(depth)
        self._expect(t.STR)
        name = self._take_str(depth)
        return t.Opaque(number, "".join(c for c in name[:200] if c.isprintable()))

    def _take_callback(self, depth: int) -> t.Callback:
        self._expect(t.INT)
        return t.Callback(self._take_int(depth))

    def _take_fault(self, depth: int) -> t.Fault:
        type_name, message, text, kind, lineno = (self.take(depth + 1) for _ in range(5))
        texts_fit = all(type(part) is str for part in (type_name, message, text, kind))
        if not texts_fit or not (lineno is None or type(lineno) is int):
            raise DecodeError("an exception report of the wrong kind")
        return t.Fault(type_name, message, lineno, text, kind)


_TAKE = {
    t.NONE: lambda decoder, depth: None,
    t.TRUE: lambda decoder, depth: True,
    t.FALSE: lambda decoder, depth: False,
    t.FLOAT: lambda decoder, depth: decoder._double(),
    t.INT: _Decoder._take_int,
    t.COMPLEX: _Decoder._take_complex,
    t.STR: _Decoder._take_str,
    t.BYTES: _Decoder._take_bytes,
    t.LIST: _Decoder._take_list,
    t.TUPLE: _Decoder._take_tuple,
    t.DICT: _Decoder._take_dict,
    t.ARRAY: _Decoder._take_array,
    t.SCALAR: _Decoder._take_scalar,
    t.TENSOR: _Decoder._take_tensor,
    t.BFLOAT: _Decoder._take_bfloat,
    t.FRAME: _Decoder._take_frame,
    t.OPAQUE: _Decoder._take_opaque,
    t.CALLBACK: _Decoder._take_callback,
    t.FAULT: _Decoder._take_fault,
}

_KEYS = (type(None), bool, int, float, complex, str, bytes)


def _may_be_key(key: Any) -> bool:
    if type(key) is tuple:
        return all(_may_be_key(part) for part in key)
    return type(key) in _KEYS


def _is_text(array: np.ndarray[Any, Any]) -> bool:
    """Whether each character of a 'U' array exists; one that does not would raise when read."""
    codes = array.reshape(-1).view(np.uint32) if array.size else np.empty(0, np.uint32)
    return bool((codes <= _LAST_CHARACTER).all())
