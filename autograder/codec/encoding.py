"""Values to bytes."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.codec import arrays, libraries
from autograder.codec import types as t
from autograder.codec.keys import KeyBudget, is_key

Hook = Callable[[Any], t.Opaque | t.Callback]

_COUNT = struct.Struct("!Q")
_DOUBLE = struct.Struct("!d")


class EncodeError(ValueError):
    """A value cannot cross: says where in it, and why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path = ""

    def __str__(self) -> str:
        """Return the place and the reason."""
        return f"value{self.path}: {self.args[0]}"


def encode(value: Any, *, opaque: Hook | None = None, limits: t.LimitsOfValues = t.LIMITS) -> bytes:
    """Encode a value.

    Parameters
    ----------
    value
        None, bool, int, float, complex, str, bytes, list, tuple, dict, numpy array or
        scalar, torch tensor, pandas data frame, or one of the codec's own types.
    opaque
        Given anything else, returns what travels in its place. Anything else is also
        an instance of a subclass, and an array, tensor, frame or dict of which a part
        (other than an item of the dict) does not cross.

    Raises
    ------
    EncodeError
        If something else is met and there is no hook, or a limit is passed.
    """
    encoder = _Encoder(opaque, limits)
    encoder.put(value, 0)
    return b"".join(encoder.parts)


class _Encoder:
    def __init__(self, opaque: Hook | None, limits: t.LimitsOfValues) -> None:
        self.parts: list[bytes | memoryview] = []
        self._opaque = opaque
        self._limits = limits
        self._items = 0
        self._size = 0
        self._keys = KeyBudget(limits)

    def put(self, value: Any, depth: int) -> None:
        """Append a value that stands inside ``depth`` containers."""
        self._count_items(1)
        if depth > self._limits.depth:
            raise EncodeError(f"nested deeper than {self._limits.depth} levels")
        # By identity: a class whose metaclass redefines == is never taken for another.
        put = _PUT.get(id(type(value)))
        if put is not None:
            put(self, value, depth)
        elif libraries.is_exactly(value, "torch", "Tensor"):
            self._put_tensor(value, depth)
        elif libraries.is_exactly(value, "pandas", "DataFrame"):
            self._put_table(value, depth)
        else:
            self._put_opaque(value, depth)

    def _count_items(self, items: int) -> None:
        self._items += items
        if self._items > self._limits.items:
            raise EncodeError(f"more than {self._limits.items} items")

    def _put_opaque(self, value: Any, depth: int) -> None:
        if self._opaque is None:
            raise EncodeError(f"a {type(value).__name__} cannot cross")
        reference = self._opaque(value)
        if type(reference) not in (t.Opaque, t.Callback):
            raise EncodeError(f"the hook returned a {type(reference).__name__}")
        _PUT[id(type(reference))](self, reference, depth)

    def _put_none(self, value: None, depth: int) -> None:
        self._add(t.NONE)

    def _put_bool(self, value: bool, depth: int) -> None:
        self._add(t.TRUE if value else t.FALSE)

    def _put_int(self, value: int, depth: int) -> None:
        size = (value.bit_length() + 8) // 8  # room for the sign
        if size > self._limits.integer_bytes:
            raise EncodeError(f"an integer of more than {self._limits.integer_bytes} bytes")
        self._add_bytes(t.INT, value.to_bytes(size, "big", signed=True))

    def _put_float(self, value: float, depth: int) -> None:
        self._add(t.FLOAT + _DOUBLE.pack(value))

    def _put_complex(self, value: complex, depth: int) -> None:
        self._add(t.COMPLEX + _DOUBLE.pack(value.real) + _DOUBLE.pack(value.imag))

    def _put_str(self, value: str, depth: int) -> None:
        self._check_room(len(value))
        # Lone surrogates are legal in Python's strings: they cross as they are.
        self._add_bytes(t.STR, value.encode("utf-8", "surrogatepass"))

    def _put_bytes(self, value: bytes, depth: int) -> None:
        self._add_bytes(t.BYTES, value)

    def _put_list(self, value: list[Any], depth: int) -> None:
        self._put_items(t.LIST, tuple(value), depth)  # a copy: another thread may change it

    def _put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self._put_items(t.TUPLE, value, depth)

    def _put_items(self, tag: bytes, items: tuple[Any, ...], depth: int) -> None:
        self._add(tag + _COUNT.pack(len(items)))
        for number, item in enumerate(items):
            self._put_part(item, number, depth)

    def _put_dict(self, value: dict[Any, Any], depth: int) -> None:
        pairs = tuple(value.items())
        if not all(is_key(key, self._limits.depth) for key, _ in pairs):
            self._put_opaque(value, depth)
            return
        self._add(t.DICT + _COUNT.pack(len(pairs)))
        hashes: Counter[int] = Counter()
        for key, item in pairs:
            _refuse(self._keys.flaw(key, hashes))
            self.put(key, depth + 1)
            self._put_part(item, key, depth)

    def _put_part(self, item: Any, step: Any, depth: int) -> None:
        """Put what stands at ``step`` in a container; an error learns its path on the way out."""
        try:
            self.put(item, depth + 1)
        except EncodeError as error:
            error.path = f"[{_short(step)}]{error.path}"
            raise

    def _put_array(self, value: arrays.Array, depth: int) -> None:
        dtype = arrays.crossing_dtype(value)
        if dtype is None:  # an array of objects is no plain data, whatever the objects are
            self._put_opaque(value, depth)
            return
        _refuse(arrays.shape_flaw(value.shape, dtype.itemsize, self._limits))
        self._check_room(value.size * dtype.itemsize)  # a broadcast array is small until copied
        content = arrays.elements(value, dtype)
        _refuse(arrays.content_flaw(content.view(dtype)))
        self._add(t.ARRAY)
        self._add_bytes(t.STR, dtype.str.encode())
        self._add(bytes([value.ndim]) + b"".join(_COUNT.pack(n) for n in value.shape))
        self._add_bytes(t.BYTES, content.data)

    def _put_scalar(self, value: Any, depth: int) -> None:
        """Put a scalar of NumPy; text as text, since in an array it would lose trailing zeros."""
        self._add(t.SCALAR)
        if type(value) is np.str_:
            self._put_str("".join([value]), depth)  # NumPy's own str() would drop them too
        elif type(value) is np.bytes_:
            self._put_bytes(bytes(value), depth)
        else:
            self._put_array(np.asarray(value), depth)

    def _put_tensor(self, value: Any, depth: int) -> None:
        item_bytes = _read(libraries.tensor_item_bytes, value)
        if item_bytes is None:
            self._put_opaque(value, depth)
            return
        self._count_items(t.TENSOR_ITEMS - 1)
        _refuse(arrays.shape_flaw(value.shape, item_bytes, self._limits))
        self._check_room(value.numel() * item_bytes)
        array, is_bfloat = _read(libraries.tensor_array, value)
        self._add(t.BFLOAT if is_bfloat else t.TENSOR)
        self._put_array(array, depth)

    def _put_table(self, value: Any, depth: int) -> None:
        frame = _read(libraries.frame_of, value, self._limits)
        if frame is None:
            self._put_opaque(value, depth)
        else:
            self._put_frame(frame, depth)

    def _put_frame(self, value: t.Frame, depth: int) -> None:
        _refuse(libraries.frame_flaw(value))
        self._add(t.FRAME + _COUNT.pack(len(value.columns)))
        for name, column in [*value.columns.items(), ("", value.index)]:
            self._count_items(1)
            self._put_text(name, None)
            if arrays.crossing_dtype(column) is None:
                raise EncodeError(f"the column {_short(name)} holds more than numbers or text")
            self._put_array(column, depth)

    def _put_reference(self, value: t.Opaque, depth: int) -> None:
        self._add(t.OPAQUE)
        self._put_id(value.id)
        self._put_name(value.type_name)

    def _put_callback(self, value: t.Callback, depth: int) -> None:
        self._add(t.CALLBACK)
        self._put_id(value.id)

    def _put_fault(self, value: t.Fault, depth: int) -> None:
        self._add(t.FAULT)
        self._put_name(value.type_name)
        self._put_text(value.message, self._limits.text_chars)
        self._put_text(value.traceback_text, self._limits.text_chars)
        self._put_name(value.kind)
        if value.lineno is None:
            self._add(t.NONE)
        else:
            self._put_id(value.lineno)

    def _put_id(self, number: Any) -> None:
        if type(number) is not int or not 0 <= number <= t.LAST_ID:
            raise EncodeError("a number of a reference or line is an int from 0 to 2**63 - 1")
        self._put_int(number, 0)

    def _put_name(self, name: Any) -> None:
        self._put_text(t.printable(name, self._limits) if type(name) is str else name, None)

    def _put_text(self, text: Any, length: int | None) -> None:
        if type(text) is not str:
            raise EncodeError("a name or message that is not a plain str")
        self._put_str(text[:length], 0)

    def _add_bytes(self, tag: bytes, content: bytes | memoryview) -> None:
        self._add(tag + _COUNT.pack(len(content)))
        self._add(content)

    def _add(self, part: bytes | memoryview) -> None:
        self._check_room(len(part))
        self._size += len(part)
        self.parts.append(part)

    def _check_room(self, size: int) -> None:
        """Refuse before ``size`` more bytes are made."""
        if self._size + size > self._limits.size_bytes:
            raise EncodeError(f"more than {self._limits.size_bytes >> 20} MiB")


_NUMPY_SCALARS = (*arrays.NUMBER_TYPES, np.str_, np.bytes_)
_PUT: dict[int, Callable[[_Encoder, Any, int], None]] = {
    id(type(None)): _Encoder._put_none,
    id(bool): _Encoder._put_bool,
    id(int): _Encoder._put_int,
    id(float): _Encoder._put_float,
    id(complex): _Encoder._put_complex,
    id(str): _Encoder._put_str,
    id(bytes): _Encoder._put_bytes,
    id(list): _Encoder._put_list,
    id(tuple): _Encoder._put_tuple,
    id(dict): _Encoder._put_dict,
    id(np.ndarray): _Encoder._put_array,
    id(t.Frame): _Encoder._put_frame,
    id(t.Opaque): _Encoder._put_reference,
    id(t.Callback): _Encoder._put_callback,
    id(t.Fault): _Encoder._put_fault,
    **dict.fromkeys(map(id, _NUMPY_SCALARS), _Encoder._put_scalar),
}


def _read(reader: Callable[..., Any], *arguments: Any) -> Any:
    """Have a library's object read; its library may raise anything."""
    try:
        return reader(*arguments)
    except Exception as error:
        raise EncodeError(f"could not be read: {type(error).__name__}") from error


def _refuse(flaw: str | None) -> None:
    if flaw is not None:
        raise EncodeError(flaw)


def _short(step: Any) -> str:
    """Show a key or position; a long text is cut before it is quoted."""
    return repr(step[:80] if type(step) in (str, bytes) else step)[:80]
