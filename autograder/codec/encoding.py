"""Values to bytes."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.codec import types as t

Hook = Callable[[Any], t.Opaque | t.Callback]

_COUNT = struct.Struct("!Q")
_DOUBLE = struct.Struct("!d")


class EncodeError(ValueError):
    """A value cannot cross: says where in it, and why."""


def encode(value: Any, *, opaque: Hook | None = None, limits: t.LimitsOfValues = t.LIMITS) -> bytes:
    """Encode a value.

    Parameters
    ----------
    value
        None, bool, int, float, complex, str, bytes, list, tuple, dict, numpy array or
        scalar, torch tensor, pandas data frame, or one of the codec's own types.
    opaque
        Given anything else, returns what travels in its place.

    Raises
    ------
    EncodeError
        If something else is met and there is no hook, or a limit is passed.
    """
    encoder = _Encoder(opaque, limits)
    encoder.put(value, "value", 0)
    return b"".join(encoder.parts)


class _Encoder:
    def __init__(self, opaque: Hook | None, limits: t.LimitsOfValues) -> None:
        self.parts: list[bytes] = []
        self._opaque = opaque
        self._limits = limits
        self._items = 0
        self._size = 0

    def put(self, value: Any, path: str, depth: int) -> None:
        """Append a value; ``path`` says where it stands, for messages."""
        self._items += 1
        if self._items > self._limits.items:
            raise EncodeError(f"{path}: more than {self._limits.items} items")
        if depth > self._limits.depth:
            raise EncodeError(f"{path}: nested deeper than {self._limits.depth} levels")
        put = _PUT.get(type(value))
        if put is not None:
            put(self, value, path, depth)
        elif _is_numpy_scalar(value):
            self._add(t.SCALAR)
            self._put_array(np.asarray(value), path, depth)
        elif _is_exactly(value, "torch", "Tensor"):
            self._put_tensor(value, path, depth)
        elif _is_exactly(value, "pandas", "DataFrame"):
            self._put_frame(value, path, depth)
        else:
            self._put_opaque(value, path, depth)

    def _put_opaque(self, value: Any, path: str, depth: int) -> None:
        if self._opaque is None:
            raise EncodeError(f"{path}: a {type(value).__name__} cannot cross")
        reference = self._opaque(value)
        if type(reference) not in (t.Opaque, t.Callback):
            raise EncodeError(f"{path}: the hook returned a {type(reference).__name__}")
        _PUT[type(reference)](self, reference, path, depth)

    def _put_none(self, value: None, path: str, depth: int) -> None:
        self._add(t.NONE)

    def _put_bool(self, value: bool, path: str, depth: int) -> None:
        self._add(t.TRUE if value else t.FALSE)

    def _put_int(self, value: int, path: str, depth: int) -> None:
        size = (value.bit_length() + 8) // 8  # room for the sign
        if size > self._limits.integer_bytes:
            raise EncodeError(f"{path}: an integer of more than {self._limits.integer_bytes} bytes")
        self._add_bytes(t.INT, value.to_bytes(size, "big", signed=True), path)

    def _put_float(self, value: float, path: str, depth: int) -> None:
        self._add(t.FLOAT + _DOUBLE.pack(value))

    def _put_complex(self, value: complex, path: str, depth: int) -> None:
        self._add(t.COMPLEX + _DOUBLE.pack(value.real) + _DOUBLE.pack(value.imag))

    def _put_str(self, value: str, path: str, depth: int) -> None:
        # Lone surrogates are legal in Python's strings: they cross as they are.
        self._add_bytes(t.STR, value.encode("utf-8", "surrogatepass"), path)

    def _put_bytes(self, value: bytes, path: str, depth: int) -> None:
        self._add_bytes(t.BYTES, value, path)

    def _put_list(self, value: list[Any], path: str, depth: int) -> None:
        self._put_items(t.LIST, list(value), path, depth)

    def _put_tuple(self, value: tuple[Any, ...], path: str, depth: int) -> None:
        self._put_items(t.TUPLE, value, path, depth)

    def _put_items(self, tag: bytes, items: Any, path: str, depth: int) -> None:
        self._add(tag + _COUNT.pack(len(items)))
        for number, item in enumerate(items):
            self.put(item, f"{path}[{number}]", depth + 1)

    def _put_dict(self, value: dict[Any, Any], path: str, depth: int) -> None:
        pairs = list(value.items())
        self._add(t.DICT + _COUNT.pack(len(pairs)))
        for key, item in pairs:
            _check_key(key, path)
            self.put(key, f"{path}, key {key!r:.80}", depth + 1)
            self.put(item, f"{path}[{key!r:.80}]", depth + 1)

    def _put_array(self, value: np.ndarray[Any, Any], path: str, depth: int) -> None:
        array = np.asarray(value, dtype=value.dtype.newbyteorder("<"), order="C")
        if not _crosses(array.dtype):
            # An array of objects is no plain data, whatever the objects are.
            self._put_opaque(value, path, depth)
            return
        if array.ndim > self._limits.dimensions:
            raise EncodeError(f"{path}: more than {self._limits.dimensions} dimensions")
        self._add(t.ARRAY)
        self._add_bytes(t.STR, array.dtype.str.encode(), path)
        self._add(bytes([array.ndim]) + b"".join(_COUNT.pack(n) for n in array.shape))
        self._add_bytes(t.BYTES, array.tobytes(), path)

    def _put_tensor(self, value: Any, path: str, depth: int) -> None:
        tensor = value.detach().cpu().contiguous()
        if str(tensor.dtype) == "torch.bfloat16":
            self._add(t.BFLOAT)
            array = tensor.view(sys.modules["torch"].int16).numpy()
        else:
            try:
                array = tensor.numpy()
            except (TypeError, RuntimeError) as error:
                raise EncodeError(f"{path}: a tensor of {tensor.dtype} cannot cross") from error
            self._add(t.TENSOR)
        self._put_array(array, path, depth)

    def _put_frame(self, value: Any, path: str, depth: int) -> None:
        columns = {str(name): np.asarray(value[name].to_numpy()) for name in value.columns}
        if len(columns) != value.shape[1]:
            raise EncodeError(f"{path}: two columns have the same name")
        self._put_plain_frame(t.Frame(columns, np.asarray(value.index.to_numpy())), path, depth)

    def _put_plain_frame(self, value: t.Frame, path: str, depth: int) -> None:
        self._add(t.FRAME + _COUNT.pack(len(value.columns)))
        for name, column in [*value.columns.items(), ("", value.index)]:
            self._put_str(name, path, depth)
            if column.dtype.kind == "O" and all(type(item) is str for item in column):
                column = column.astype("U")
            if not _crosses(column.dtype):
                raise EncodeError(f"{path}: the column {name!r} holds more than numbers or text")
            self._put_array(column, f"{path}, column {name!r}", depth)

    def _put_reference(self, value: t.Opaque, path: str, depth: int) -> None:
        self._add(t.OPAQUE)
        self._put_int(value.id, path, depth)
        self._put_str(value.type_name[:200], path, depth)

    def _put_callback(self, value: t.Callback, path: str, depth: int) -> None:
        self._add(t.CALLBACK)
        self._put_int(value.id, path, depth)

    def _put_fault(self, value: t.Fault, path: str, depth: int) -> None:
        self._add(t.FAULT)
        texts = (value.type_name, value.message, value.traceback_text, value.kind)
        for part in (*texts, value.lineno):
            self.put(part, path, depth + 1)

    def _add_bytes(self, tag: bytes, content: bytes, path: str) -> None:
        if self._size + len(content) > self._limits.size_bytes:
            raise EncodeError(f"{path}: more than {self._limits.size_bytes >> 20} MiB")
        self._add(tag + _COUNT.pack(len(content)))
        self._add(content)

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        self.parts.append(part)


_PUT: dict[type, Callable[[_Encoder, Any, str, int], None]] = {
    type(None): _Encoder._put_none,
    bool: _Encoder._put_bool,
    int: _Encoder._put_int,
    float: _Encoder._put_float,
    complex: _Encoder._put_complex,
    str: _Encoder._put_str,
    bytes: _Encoder._put_bytes,
    list: _Encoder._put_list,
    tuple: _Encoder._put_tuple,
    dict: _Encoder._put_dict,
    np.ndarray: _Encoder._put_array,
    t.Frame: _Encoder._put_plain_frame,
    t.Opaque: _Encoder._put_reference,
    t.Callback: _Encoder._put_callback,
    t.Fault: _Encoder._put_fault,
}

_KEYS = (type(None), bool, int, float, complex, str, bytes)


def _check_key(key: Any, path: str) -> None:
    if type(key) is tuple:
        for part in key:
            _check_key(part, path)
    elif type(key) not in _KEYS:
        raise EncodeError(f"{path}: a {type(key).__name__} cannot be a key")


def _crosses(dtype: np.dtype[Any]) -> bool:
    if dtype.kind in t.STRING_KINDS:
        return 0 < dtype.itemsize <= t.LONGEST_STRING_ITEM
    return dtype.newbyteorder("<").str in t.DTYPES


def _is_numpy_scalar(value: Any) -> bool:
    kind = type(value)
    return issubclass(kind, np.generic) and kind.__module__ == "numpy" and _crosses(value.dtype)


def _is_exactly(value: Any, module: str, name: str) -> bool:
    """Tell an instance of a library's class without importing the library."""
    loaded = sys.modules.get(module)
    return loaded is not None and type(value) is getattr(loaded, name, None)
