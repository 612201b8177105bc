"""Whether a message that students read gives away what a hidden test expected."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from autograder.grading.comparisons import Array

_NUMBER = re.compile(r"[-+]?\d+\.\d+(?:[eE][-+]?\d+)?")
_TELLING_DIGITS = 5
"""A number printed with so many digits, or more, agrees with another by chance only rarely."""


def revealed(message: str, wanted: Iterable[Array], own: Iterable[Array] = ()) -> tuple[str, ...]:
    """Return the numbers in a message that are expected values of hidden runs, as printed.

    Parameters
    ----------
    wanted
        Expected values of hidden inputs.
    own
        Values that the student's code gave, perhaps in the wrong place: they are no secret.
    """
    printed = [text for text in _NUMBER.findall(message) if _digits(text) >= _TELLING_DIGITS]
    if not printed:
        return ()
    hidden, given = _joined(wanted), _joined(own)
    return tuple(text for text in printed if _is_among(text, hidden) and not _is_among(text, given))


def _joined(arrays: Iterable[Array]) -> Array:
    values = [array.ravel().astype(np.float64) for array in arrays if array.dtype.kind == "f"]
    return np.concatenate(values) if values else np.empty(0)


def _digits(text: str) -> int:
    """Count the significant digits of a printed number."""
    mantissa = re.split("[eE]", text)[0]
    return len(mantissa.lstrip("+-0.").replace(".", ""))


def _is_among(text: str, known: Array) -> bool:
    value = float(text)
    half_unit = 0.5 * 10.0 ** -(_digits(text) - 1) * 10.0 ** np.floor(np.log10(abs(value) or 1.0))
    return bool(np.any(np.abs(known - value) <= half_unit))
