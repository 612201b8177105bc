"""A simulated cache: what a matrix product costs when memory is far away."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np

Counts = np.ndarray[Any, np.dtype[np.int64]]
MATRICES = ("A", "B", "C")


class Cache:
    """A cache that keeps the lines used last (*least recently used* goes first).

    Memory comes in lines of ``line`` neighbouring numbers. Asking for a number whose line is
    there is a hit; otherwise it is a miss, the line is fetched, and if the cache is full, the line
    that was not used for the longest time has to go. Any line may lie anywhere (the cache is
    *fully associative*); real caches leave less choice.

    Parameters
    ----------
    lines
        How many lines there is room for.
    line
        How many numbers a line has.

    Attributes
    ----------
    hits, misses
        Counted since it was made.

    Raises
    ------
    ValueError
        If there is no room for a line, or a line holds nothing.
    """

    def __init__(self, lines: int, line: int) -> None:
        if lines < 1 or line < 1:
            raise ValueError(f"a cache has at least one line of one number; not {lines}, {line}")
        self._room = lines
        self._line = line
        self._there: OrderedDict[int, None] = OrderedDict()
        self.hits = 0
        self.misses = 0

    def touch(self, address: int) -> bool:
        """Ask for one number; return whether it was there."""
        wanted = address // self._line
        if wanted in self._there:
            self._there.move_to_end(wanted)
            self.hits += 1
            return True
        self._there[wanted] = None
        if len(self._there) > self._room:
            self._there.popitem(last=False)
        self.misses += 1
        return False


def count_misses(order: Any, n: int, k: int, m: int, *, lines: int, line: int) -> dict[str, Counts]:
    """Run a matrix product in a given order of steps; return who missed how often.

    A is (n, k), B is (k, m) and C is (n, m). They lie one after another in memory, row by row,
    each beginning a line of its own. The step (i, l, j) asks for A[i, l], B[l, j] and C[i, j].

    Parameters
    ----------
    order
        The steps, as rows (i, l, j); an array of shape (steps, 3).
    lines, line
        The cache, as for :class:`Cache`.

    Returns
    -------
    dict
        For "A", "B" and "C" an array of that matrix's shape: the misses of each entry.

    Raises
    ------
    ValueError
        If the steps are no rows of three, or one lies outside of the matrices.
    """
    steps = np.asarray(order, dtype=np.int64)
    if steps.ndim != 2 or steps.shape[1] != 3:
        raise ValueError(f"the steps are rows (i, l, j); these have the shape {steps.shape}")
    if len(steps) and ((steps < 0) | (steps >= (n, k, m))).any():
        raise ValueError(f"a step lies outside of {n} x {k} times {k} x {m}")
    cache = Cache(lines, line)
    shapes = {"A": (n, k), "B": (k, m), "C": (n, m)}
    sizes = [-(-rows * columns // line) * line for rows, columns in shapes.values()]
    starts = [0, sizes[0], sizes[0] + sizes[1]]
    i, inner, j = steps.T
    places = {"A": (i, inner), "B": (inner, j), "C": (i, j)}
    flat = [places[name][0] * shapes[name][1] + places[name][1] for name in MATRICES]
    addresses = np.column_stack([f + start for f, start in zip(flat, starts, strict=True)])
    missed = np.array([[not cache.touch(address) for address in row] for row in addresses.tolist()])
    misses: dict[str, Counts] = {}
    for column, name in enumerate(MATRICES):
        rows, columns = shapes[name]
        late = flat[column][missed[:, column]] if len(steps) else np.zeros(0, dtype=np.int64)
        counts = np.bincount(late, minlength=rows * columns).astype(np.int64)
        misses[name] = counts.reshape(rows, columns)
    return misses
