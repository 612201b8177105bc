"""A network of tanh layers whose weights lie in one flat vector.

An optimizer needs no layers: it takes a vector of weights and a vector of slopes. The network
needs matrices. Both see the same memory here: every layer is a *view* into the flat vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from course.arrays import Array, as_rows


class TanhNetwork:
    r"""Layers of tanh units, and a linear output layer for regression.

    A layer puts a column of ones before its inputs, so that the first row of its matrix holds
    the biases:

    .. math::
        Z_0 = X, \qquad Z_\ell = \tanh([1, Z_{\ell-1}]\, W_\ell), \qquad
        Y = [1, Z_{L-1}]\, W_L

    Parameters
    ----------
    sizes
        Inputs, hidden units of every layer, outputs: ``[2, 10, 5, 1]`` has two inputs, a layer
        of ten units, one of five, one output.
    seed
        The same seed gives the same starting weights, every time. They are drawn evenly from
        :math:`\pm 1 / \sqrt{n_{in} + 1}`, which keeps the units where tanh is steep as long as
        the inputs are of the order of 1.

    Attributes
    ----------
    sizes
        As given.
    weights
        All weights, shape (weights,): layer after layer, row after row. Assigning copies the
        values in, as :meth:`set_weights` does, so that the views stay views.
    layers
        One view a layer, shape (n_in + 1, n_out), bias row first. Changing an entry here
        changes it in ``weights``, and the other way round.

    Raises
    ------
    ValueError
        If there are fewer than two sizes, or one of them is below 1.
    """

    def __init__(self, sizes: Sequence[int], seed: int = 0) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(
                f"sizes is {list(sizes)}, but the number of inputs and of outputs is needed, "
                "hidden layers between them, all at least 1: for example [2, 10, 1]"
            )
        self.sizes = tuple(sizes)
        self._weights: Array = np.empty(sum((n + 1) * m for n, m in pairwise(self.sizes)))
        self.layers = _layer_views(self._weights, self.sizes)
        rng = np.random.default_rng(seed)
        for layer in self.layers:
            layer[:] = rng.uniform(-1.0, 1.0, size=layer.shape) / np.sqrt(len(layer))

    def __repr__(self) -> str:
        return f"TanhNetwork({list(self.sizes)}), {self.weights.size} weights"

    @property
    def weights(self) -> Array:
        """All weights in one flat vector."""
        return self._weights

    @weights.setter
    def weights(self, w: ArrayLike) -> None:
        self.set_weights(w)

    def set_weights(self, w: ArrayLike) -> None:
        """Copy ``w``, shape (weights,), into the network's own vector, so the views stay valid.

        Raises
        ------
        ValueError
            If ``w`` has another shape.
        """
        new = np.asarray(w, dtype=np.float64)
        if new.shape != self._weights.shape:
            raise ValueError(
                f"w has shape {new.shape}, but this network has {self._weights.size} weights "
                f"in one flat vector of shape {self._weights.shape}"
            )
        self._weights[:] = new

    def predict(self, x: ArrayLike) -> Array:
        """Return the outputs, shape (samples, n_out), for inputs of shape (samples, n_in)."""
        return _with_ones(self._activations(x)[-1]) @ self.layers[-1]

    def hidden(self, x: ArrayLike) -> list[Array]:
        """Return what every hidden layer answers, each of shape (samples, units), in (-1, 1)."""
        return self._activations(x)[1:]

    def loss(self, x: ArrayLike, t: ArrayLike) -> float:
        r"""Return the mean squared error over all samples and outputs.

        .. math:: E = \frac{1}{N K} \sum_{n=1}^{N} \sum_{k=1}^{K} (Y_{nk} - T_{nk})^2

        Its unit is that of the targets, squared.
        """
        y = self.predict(x)
        return float(np.mean((y - self._targets(t, len(y))) ** 2))

    def gradient(self, x: ArrayLike, t: ArrayLike) -> Array:
        r"""Return the slopes of :meth:`loss`, shape (weights,), in the order of the weights.

        Backpropagation: with :math:`\Delta_L = \frac{2}{NK}(Y - T)`,

        .. math::
            \frac{\partial E}{\partial W_\ell} = [1, Z_{\ell-1}]^T \Delta_\ell, \qquad
            \Delta_{\ell-1} = (\Delta_\ell \bar W_\ell^T) \odot (1 - Z_{\ell-1}^2)

        where :math:`\bar W` is :math:`W` without its bias row, and :math:`1 - Z^2` is the slope
        of tanh, written with its value.

        Raises
        ------
        ValueError
            If ``x`` or ``t`` has a shape that does not fit the network.
        """
        activations = self._activations(x)
        y = _with_ones(activations[-1]) @ self.layers[-1]
        delta = 2.0 * (y - self._targets(t, len(y))) / y.size
        gradient = np.empty_like(self.weights)
        slots = _layer_views(gradient, self.sizes)
        for slot, layer, z in zip(slots[::-1], self.layers[::-1], activations[::-1], strict=True):
            slot[:] = _with_ones(z).T @ delta
            # For the inputs themselves this is not their slope, but there it is never used.
            delta = (delta @ layer[1:].T) * (1.0 - z**2)
        return gradient

    def _activations(self, x: ArrayLike) -> list[Array]:
        """Return the inputs and what every hidden layer makes of them."""
        activations = [as_rows(x, self.sizes[0], "x")]
        for layer in self.layers[:-1]:
            activations.append(np.tanh(_with_ones(activations[-1]) @ layer))
        return activations

    def _targets(self, t: ArrayLike, samples: int) -> Array:
        """Return the targets; a shape that numpy would silently broadcast is refused."""
        targets = as_rows(t, self.sizes[-1], "t")
        if len(targets) != samples:
            raise ValueError(f"x has {samples} rows and t has {len(targets)}; they must pair up")
        return targets


def _with_ones(z: Array) -> Array:
    """Put a column of ones first: (samples, n) becomes (samples, n + 1)."""
    return np.column_stack([np.ones(len(z)), z])


def _layer_views(flat: Array, sizes: Sequence[int]) -> list[Array]:
    """Cut a flat vector into one matrix a layer; a reshaped slice is a view, not a copy."""
    views, start = [], 0
    for n_in, n_out in pairwise(sizes):
        stop = start + (n_in + 1) * n_out
        views.append(flat[start:stop].reshape(n_in + 1, n_out))
        start = stop
    return views
