"""Turns what a student returned into plain Python, or fails in words before anything is computed.

A spy runs on the trusted side inside a student's call: whatever it is handed may be odd, and an
exception of its own would be the grader's fault. So everything passes through here first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.grading import Handle, Student, expect

Array = np.ndarray[Any, Any]


def generator(student: Student, seed: int) -> Handle:
    """Make a random generator in the student's process, for it cannot cross."""
    return student.get("np").get("random").new("default_rng", seed)


def numbers(value: Any, what: str, ndim: int | None = None) -> Array:
    """Return numbers as a float64 array, of so many axes if a number is given."""
    array = _as_array(value)
    expect.true(array is not None and ndim in (None, array.ndim), what=what, got=value)
    assert array is not None
    return array


def number(value: Any, what: str) -> float:
    """Return one number."""
    array = _as_array(value)
    expect.true(array is not None and array.ndim == 0, what=what, got=value)
    return float(array)  # type: ignore[arg-type]


def whole_numbers(value: Any, what: str) -> list[int]:
    """Return a list of whole numbers, from a list, a tuple or an array."""
    array = _as_array(value)
    good = array is not None and array.ndim == 1 and bool(np.all(array == np.round(array)))
    expect.true(good and bool(np.isfinite(array).all()), what=what, got=value)
    assert array is not None
    return [int(entry) for entry in array]


def parts(value: Any, count: int | None, what: str) -> list[Any]:
    """Return the parts of a tuple or list, of so many if a number is given."""
    good = isinstance(value, list | tuple) and count in (None, len(value))
    expect.true(good, what=what, got=value)
    return list(value)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal, without trusting anything to compare itself.

    A number of NumPy equals Python's; a tuple does not equal a list.
    """
    if isinstance(one, Handle) or isinstance(other, Handle):
        return False
    one, other = (v.item() if isinstance(v, np.generic) else v for v in (one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(map(str, one)) == list(map(str, other)) and all(
            same(a, b) for a, b in zip(one.values(), other.values(), strict=True)
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        alike = type(one) is type(other) and len(one) == len(other)
        return alike and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return bool(one == other or (one != one and other != other))
    return type(one) is type(other) and isinstance(one, str | bytes | type(None)) and one == other


def same_unordered(one: dict[str, Any], other: Any) -> bool:
    """Compare dictionaries whatever the order of their names."""
    names = isinstance(other, dict) and all(isinstance(name, str) for name in other)
    return names and set(one) == set(other) and all(same(one[key], other[key]) for key in one)


def place_of(item: Any, items: Sequence[Any]) -> int | None:
    """Return where an equal item stands, or None."""
    return next((i for i, other in enumerate(items) if same_unordered(other, item)), None)


def _as_array(value: Any) -> Array | None:
    if isinstance(value, Handle) or value is None:
        return None
    if hasattr(value, "detach") and hasattr(value, "numpy"):  # a tensor, made by the codec
        value = value.detach().numpy()
    try:
        array = np.asarray(value)
        return array.astype(np.float64) if array.dtype.kind in "biuf" or not array.size else None
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None
