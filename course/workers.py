"""Workers that meet after every step, and workers that do not: a simulation without a clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course.arrays import Array


def simulate_workers(
    ticks_per_gradient: Sequence[int], lr: float, *, ticks: int, synchronous: bool
) -> Array:
    r"""Descend :math:`w^2 / 2` from :math:`w = 1` with several workers; return the loss by tick.

    Synchronous: all compute a gradient at the same weights, the step takes the mean of them
    when the slowest is through. Asynchronous: each hands in its gradient when it has it, as a
    step of its own of size ``lr / workers``, and starts again from the weights of that moment. Its
    gradient belongs to the weights it started from: it is *late* by all steps made meanwhile.

    Parameters
    ----------
    ticks_per_gradient
        How many ticks each worker needs for one gradient, at least 1.
    lr
        The learning rate.
    ticks
        How long the simulation runs.

    Returns
    -------
    array of shape (ticks + 1,)
        The loss at the beginning and after each tick.

    Raises
    ------
    ValueError
        If there is no worker, or one needs less than one tick.
    """
    pace = np.asarray(ticks_per_gradient, dtype=int)
    if pace.size == 0 or pace.min() < 1:
        raise ValueError(f"each worker needs at least one tick; these need {list(pace)}")
    w, fetched = 1.0, np.ones(len(pace))
    losses = [0.5]
    for tick in range(1, ticks + 1):
        if synchronous:
            w -= lr * w if tick % pace.max() == 0 else 0.0
        else:
            for worker in np.flatnonzero(tick % pace == 0):
                w -= lr / len(pace) * fetched[worker]
                fetched[worker] = w
        losses.append(w**2 / 2)
    return np.array(losses)
