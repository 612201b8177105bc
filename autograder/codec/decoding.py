"""Bytes to values; whatever the bytes are, only DecodeError is raised."""

from __future__ import annotations

import math
import struct
from collections import Counter
from typing import Any

import numpy as np

from autograder.codec import arrays, libraries
from autograder.codec import types as t
from autograder.codec.keys import KeyBudget, is_key

_COUNT = struct.Struct("!Q")
_DOUBLE = struct.Struct("!d")
_LONGEST_DTYPE = 8


class DecodeError(ValueError):
    """The bytes are not an encoded value."""


def decode(data: bytes | memoryview, *, limits: t.LimitsOfValues = t.LIMITS) -> Any:
    """Decode one value.

    Arrays are fresh, writeable copies. Every announced length is compared with what
    is left before anything of that length is made; time and memory grow with the
    length of ``data`` only.

    Raises
    ------
    DecodeError
        If the bytes are not exactly one value, or it passes a limit.
    """
    content = memoryview(data).cast("B")
    if len(content) > limits.size_bytes:
        raise DecodeError("too large")
    decoder = _Decoder(content, limits)
    value = decoder.take(0)
    if decoder.position != len(content):
        raise DecodeError(f"{len(content) - decoder.position} bytes too many")
    return value


class _Decoder:
    def __init__(self, data: memoryview, limits: t.LimitsOfValues) -> None:
        self.position = 0
        self._data = data
        self._limits = limits
        self._items = 0
        self._keys = KeyBudget(limits)

    def take(self, depth: int) -> Any:
        """Return the next value, which stands inside ``depth`` containers."""
        self._count_items(1)
        if depth > self._limits.depth:
            raise DecodeError("nested too deeply")
        tag = bytes(self._read(1))
        take = _TAKE.get(tag)
        if take is None:
            raise DecodeError(f"unknown tag {tag!r}")
        return take(self, depth)

    def _count_items(self, items: int) -> None:
        self._items += items
        if self._items > self._limits.items:
            raise DecodeError("too many items")

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
        hashes: Counter[int] = Counter()
        for _ in range(self._count()):
            key = self.take(depth + 1)
            if not is_key(key, self._limits.depth):
                raise DecodeError("a key that cannot be")
            _refuse(self._keys.flaw(key, hashes))
            if _stands_in(result, key):
                raise DecodeError("a key that stands twice")
            result[key] = self.take(depth + 1)
        return result

    def _take_array(self, depth: int) -> arrays.Array:
        dtype = self._take_dtype()
        shape = self._take_shape()
        _refuse(arrays.shape_flaw(shape, dtype.itemsize, self._limits))
        self._expect(t.BYTES)
        content = self._read(self._count())
        if math.prod(shape) * dtype.itemsize != len(content):
            raise DecodeError("an array whose shape does not fit its bytes")
        array = np.ndarray(shape, dtype, content).copy()
        _refuse(arrays.content_flaw(array))
        return array

    def _take_dtype(self) -> np.dtype[Any]:
        self._expect(t.STR)
        name = bytes(self._read(min(self._count(), _LONGEST_DTYPE))).decode("ascii", "replace")
        dtype = arrays.dtype_named(name)
        if dtype is None:
            raise DecodeError("a dtype that does not cross")
        return dtype

    def _take_shape(self) -> tuple[int, ...]:
        (dimensions,) = self._read(1)
        if dimensions > self._limits.dimensions:
            raise DecodeError("too many dimensions")
        return tuple(_COUNT.unpack(self._read(8))[0] for _ in range(dimensions))

    def _expect(self, tag: bytes) -> None:
        if self._read(1) != tag:
            raise DecodeError("a part is missing")

    def _take_expected_array(self) -> arrays.Array:
        self._expect(t.ARRAY)
        return self._take_array(0)

    def _take_scalar(self, depth: int) -> Any:
        tag = bytes(self._read(1))
        if tag == t.STR:
            return np.str_(self._take_str(depth))
        if tag == t.BYTES:
            return np.bytes_(self._take_bytes(depth))
        array = self._take_array(depth) if tag == t.ARRAY else None
        if array is None or array.shape != () or array.dtype.kind in "US":
            raise DecodeError("a scalar that is none")
        return array[()]

    def _take_tensor(self, depth: int) -> Any:
        self._count_items(t.TENSOR_ITEMS - 1)
        return _tensor(self._take_expected_array())

    def _take_bfloat(self, depth: int) -> Any:
        self._count_items(t.TENSOR_ITEMS - 1)
        array = self._take_expected_array()
        if array.dtype != np.int16:
            raise DecodeError("a bfloat16 tensor of something else")
        return _tensor(array, bfloat=True)

    def _take_frame(self, depth: int) -> t.Frame:
        columns: dict[str, arrays.Array] = {}
        for _ in range(self._count()):
            name, column = self._take_column()
            if name in columns:
                raise DecodeError("a column that stands twice")
            columns[name] = column
        frame = t.Frame(columns, self._take_column()[1])
        _refuse(libraries.frame_flaw(frame))
        return frame

    def _take_column(self) -> tuple[str, arrays.Array]:
        self._count_items(1)
        self._expect(t.STR)
        return self._take_str(0), self._take_expected_array()

    def _take_opaque(self, depth: int) -> t.Opaque:
        return t.Opaque(self._take_id(), self._take_name())

    def _take_callback(self, depth: int) -> t.Callback:
        return t.Callback(self._take_id())

    def _take_fault(self, depth: int) -> t.Fault:
        type_name, message = self._take_name(), self._take_text(self._limits.text_chars)
        text, kind = self._take_text(self._limits.text_chars), self._take_name()
        if self._data[self.position : self.position + 1] == t.NONE:
            self._expect(t.NONE)
            return t.Fault(type_name, message, None, text, kind)
        return t.Fault(type_name, message, self._take_id(), text, kind)

    def _take_id(self) -> int:
        self._expect(t.INT)
        number = self._take_int(0)
        if not 0 <= number <= t.LAST_ID:
            raise DecodeError("a number that no reference and no line has")
        return number

    def _take_name(self) -> str:
        name = self._take_text(self._limits.name_chars)
        if not name.isprintable():
            raise DecodeError("a name with control characters")
        return name

    def _take_text(self, length: int) -> str:
        self._expect(t.STR)
        text = self._take_str(0)
        if len(text) > length:
            raise DecodeError("a name or message that is too long")
        return text


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


def _refuse(flaw: str | None) -> None:
    if flaw is not None:
        raise DecodeError(flaw)


def _stands_in(result: dict[Any, Any], key: Any) -> bool:
    try:
        return key in result
    except Exception as error:  # of equal hash, a numpy float and a huge int do not compare
        raise DecodeError("a key that cannot be compared") from error


def _tensor(array: arrays.Array, *, bfloat: bool = False) -> Any:
    """Return a tensor that takes over the memory of a fresh array."""
    try:
        import torch
    except ImportError as error:
        raise DecodeError("a tensor, where PyTorch is not installed") from error
    try:
        tensor = torch.from_numpy(array)
    except (TypeError, ValueError, RuntimeError) as error:
        raise DecodeError("a tensor that cannot be") from error
    return tensor.view(torch.bfloat16) if bfloat else tensor
