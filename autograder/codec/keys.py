"""Keys of dicts: which cross, and how many of them would be an attack."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from autograder.codec.arrays import NUMBER_TYPES
from autograder.codec.types import LimitsOfValues

_TEXTS = frozenset(map(id, (str, bytes, np.str_, np.bytes_)))
_KEYS = _TEXTS | set(map(id, (type(None), bool, int, float, complex, *NUMBER_TYPES)))
_SAME_HASH = 64  # no malice needed for 32 of them: -1 and -2 have one hash, as have their tuples


def is_key(value: Any, depth: int) -> bool:
    """Tell whether a value is a scalar, or a tuple of keys at most ``depth`` levels deep."""
    if type(value) is tuple:
        return depth > 0 and all(is_key(item, depth - 1) for item in value)
    return id(type(value)) in _KEYS  # by identity: a metaclass may redefine ==


class KeyBudget:
    """Counts keys whose hash a sender can choose: numbers, and tuples that hold them.

    A dict of n keys with one hash costs n**2 / 2 comparisons: 3 seconds for 16,384
    ints, most of an hour for half a million. So few keys of one dict may share a
    hash, and a message may hold only so many of these keys. (The hash of a text is
    salted afresh in every process, so that nobody can choose it.)
    """

    def __init__(self, limits: LimitsOfValues) -> None:
        self._limit = limits.number_keys
        self._used = 0

    def flaw(self, key: Any, hashes: Counter[int]) -> str | None:
        """Count one more key; say what is wrong if it is one too many.

        Parameters
        ----------
        key
            One for which :func:`is_key` holds.
        hashes
            How often each hash has occurred in the same dict.
        """
        if id(type(key)) in _TEXTS:
            return None
        self._used += 1
        if self._used > self._limit:
            return f"more than {self._limit} keys that are not text"
        number = hash(key)
        hashes[number] += 1
        return "too many keys of one hash" if hashes[number] > _SAME_HASH else None
