"""Hidden inputs, drawn from a recorded seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


class Draw:
    """Draws the inputs of one hidden test.

    The same class draws the example that a student is shown when the test
    fails. Then it is *disclosed*: from another seed, with every size at its
    smallest and every number rounded, so that the example can be followed by
    hand and tells nothing about the hidden inputs.
    """

    def __init__(self, seed: int, *, disclosed: bool = False) -> None:
        self.restart(seed, disclosed=disclosed)

    def restart(self, seed: int, *, disclosed: bool) -> None:
        """Begin the sequence of draws afresh."""
        self.seed = seed
        self.disclosed = disclosed
        self.rng = np.random.default_rng(seed)

    def array(self, *shape: int, low: float = -1.0, high: float = 1.0) -> np.ndarray[Any, Any]:
        """Draw a float64 array, uniform in [low, high); ``()`` gives a 0-d array."""
        values = np.asarray(self.rng.uniform(low, high, size=shape))
        if self.disclosed:
            # Rounded to two significant digits of the range, and never to zero exactly:
            # a zero would hide what a factor does.
            unit = 10.0 ** np.floor(np.log10(max(abs(low), abs(high), 1e-300)) - 1)
            rounded = np.round(values / unit) * unit
            values = np.asarray(np.where(rounded == 0.0, unit, rounded))
        return values

    def number(self, low: float = -1.0, high: float = 1.0) -> float:
        """Draw a float, uniform in [low, high)."""
        return float(self.array(low=low, high=high))

    def integer(self, lo: int, hi: int) -> int:
        """Draw an integer in [lo, hi]; the smallest when disclosed."""
        drawn = int(self.rng.integers(lo, hi, endpoint=True))
        return lo if self.disclosed else drawn

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options; the first when disclosed."""
        drawn = int(self.rng.integers(len(options)))
        return options[0 if self.disclosed else drawn]
