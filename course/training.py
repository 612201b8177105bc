"""The training loop: the same for every optimizer, so that only the optimizer differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.arrays import Array
from course.network import TanhNetwork


class BadStepError(ValueError):
    """What an optimizer returned cannot be the new weights."""


class Optimizer(Protocol):
    """What the loop asks of an optimizer: one method. Its memory is its own affair."""

    def step(self, w: Array, g: Array, /) -> ArrayLike:
        """Return new weights from weights ``w`` and slopes ``g``, all of shape (weights,)."""


def train(
    network: TanhNetwork,
    optimizer: Optimizer,
    x: ArrayLike,
    t: ArrayLike,
    steps: int,
    batch_size: int | None = None,
    seed: int = 0,
) -> list[float]:
    """Take ``steps`` optimizer steps; the network is changed in place.

    Each step takes the next batch, asks the network for its gradient there, hands a copy of the
    weights and the gradient to ``optimizer.step`` and keeps the weights that come back. An
    epoch goes through all samples once, in a new random order; its last batch may be short.

    Parameters
    ----------
    network
        The network to train, from the weights it has.
    optimizer
        An object with a method ``step(w, g)`` that returns the new weights.
    x, t
        Inputs, shape (samples, n_in), and targets, shape (samples, n_out).
    steps
        How many steps. For a fair comparison give every optimizer as many, and the same start.
    batch_size
        Samples in a batch; None for all of them, in their own order.
    seed
        Decides the order of the samples.

    Returns
    -------
    list of float
        ``steps + 1`` mean squared errors on **all** of ``x`` and ``t``: before the first step
        and after each. Weights that grow without bound give inf or nan here, not an exception.

    Raises
    ------
    ValueError
        If sizes do not fit, or ``step`` returns no array of the shape of the weights.
    """
    x, t = np.asarray(x, dtype=np.float64), np.asarray(t, dtype=np.float64)
    if steps < 0:
        raise ValueError(f"steps is {steps}, but it cannot be negative")
    if len(x) == 0:
        raise ValueError("there is nothing to train on: x has no rows")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be at least 1, or None for all")
    # Divergence is something to look at in the curves; numpy need not warn as well.
    with np.errstate(over="ignore", invalid="ignore"):
        losses = [network.loss(x, t)]
        rows = _batches(len(x), batch_size, seed)
        for _ in range(steps):
            batch = next(rows)
            gradient = network.gradient(x[batch], t[batch])
            network.set_weights(checked_step(optimizer, network.weights.copy(), gradient))
            losses.append(network.loss(x, t))
    return losses


def _batches(samples: int, batch_size: int | None, seed: int) -> Iterator[NDArray[np.intp]]:
    """Yield row numbers, epoch after epoch, without end."""
    rng = np.random.default_rng(seed)
    while True:
        if batch_size is None:
            yield np.arange(samples)
            continue
        order = rng.permutation(samples)
        yield from (order[k : k + batch_size] for k in range(0, samples, batch_size))


def checked_step(optimizer: Optimizer, w: Array, g: Array) -> Array:
    """Let the optimizer step, and say clearly when what it returns are no weights.

    Raises
    ------
    BadStepError
        If it returns something else than numbers in the shape of ``w``.
    """
    returned = optimizer.step(w, g)
    try:
        new = np.asarray(returned, dtype=np.float64).copy()  # the optimizer may reuse its own
        got = f"an array of shape {new.shape}"
    except (TypeError, ValueError, RuntimeError):  # the last: a tensor that tracks gradients
        new, got = None, f"{type(returned).__name__}"
    if returned is None or new is None or new.shape != w.shape:
        got = "None" if returned is None else got
        raise BadStepError(
            f"{type(optimizer).__name__}.step(w, g) returned {got}; it must return the new "
            f"weights, an array of the shape of w, {w.shape}"
        )
    return new
