"""Values of libraries that are recognised only once somebody else has imported them."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autograder.codec.arrays import Array, crossing_dtype
from autograder.codec.types import Frame, LimitsOfValues

_CHARACTER_BYTES = 4
_TENSOR_ITEM_BYTES = {
    "bool": 1,
    **{f"{sign}int{8 * size}": size for sign in ("", "u") for size in (1, 2, 4, 8)},
    **{"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16},
}


def is_exactly(value: Any, module: str, name: str) -> bool:
    """Tell an instance of a library's class without importing the library."""
    loaded = sys.modules.get(module)
    return loaded is not None and type(value) is getattr(loaded, name, None)


def tensor_item_bytes(tensor: Any) -> int | None:
    """Return the size of an element; None if this kind of tensor does not cross.

    Sparse, nested, quantised and 8-bit float tensors do not, nor do those without data.
    """
    dense = str(tensor.layout) == "torch.strided" and not tensor.is_nested and not tensor.is_meta
    return _TENSOR_ITEM_BYTES.get(str(tensor.dtype).removeprefix("torch.")) if dense else None


def tensor_array(tensor: Any) -> tuple[Array, bool]:
    """Return a tensor's elements on the CPU; for bfloat16, True and their bits as int16."""
    plain = tensor.detach().cpu().resolve_conj().resolve_neg()
    if str(plain.dtype) == "torch.bfloat16":
        return plain.contiguous().view(sys.modules["torch"].int16).numpy(), True
    return plain.numpy(), False


def frame_of(table: Any, limits: LimitsOfValues) -> Frame | None:
    """Return a pandas data frame as columns; None if a part of it does not cross.

    Columns of numbers, bools, and text without gaps do, under labels that are distinct
    texts. The names of index and axes stay behind.
    """
    labels = list(table.columns)
    if any(type(label) is not str for label in labels) or len(set(labels)) < len(labels):
        return None
    columns = {label: _column(table[label].to_numpy(), limits) for label in labels}
    index = _column(table.index.to_numpy(), limits)
    crossing = {label: column for label, column in columns.items() if column is not None}
    if index is None or len(crossing) < len(labels):
        return None
    return Frame(crossing, index)


def frame_flaw(frame: Frame) -> str | None:
    """Say what is wrong with a frame's columns, if anything."""
    arrays = [frame.index, *frame.columns.values()]
    if any(type(array) is not np.ndarray or array.ndim != 1 for array in arrays):
        return "columns that are not one-dimensional arrays"
    if len({array.size for array in arrays}) > 1:
        return "columns of different lengths"
    return None


def _column(values: Array, limits: LimitsOfValues) -> Array | None:
    if values.dtype.kind == "O":
        return _text(values.tolist(), limits)
    return values if crossing_dtype(values) is not None else None


def _text(values: list[Any], limits: LimitsOfValues) -> Array | None:
    """Return texts as an array of one width; None if that would be too large, or alter them."""
    if not all(type(value) is str and not value.endswith("\0") for value in values):
        return None
    width = max([1, *map(len, values)])
    if len(values) * width * _CHARACTER_BYTES > limits.size_bytes:
        return None
    return np.array(values, dtype=f"U{width}")
