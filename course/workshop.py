"""A workshop that trains networks, and counts: after so many trainings its doors are closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.arrays import Array
from course.network import TanhNetwork

Predict = Callable[[ArrayLike], Array]
"""Takes inputs, shape (n, n_in); returns outputs, shape (n, n_out)."""


class BudgetSpentError(RuntimeError):
    """There was one training too many."""


class Workshop:
    """Trains tanh networks to order, as long as the budget lasts.

    Parameters
    ----------
    budget
        How many trainings there are; at least 1.

    Attributes
    ----------
    trainings
        The configurations that were trained so far, in order.

    Raises
    ------
    ValueError
        If the budget is below 1.
    """

    def __init__(self, budget: int) -> None:
        if budget < 1:
            raise ValueError(f"a budget of {budget} trains nothing; at least 1 is needed")
        self.budget = budget
        self.trainings: list[dict[str, Any]] = []

    def train(self, config: Mapping[str, Any], x: ArrayLike, t: ArrayLike) -> Predict:
        """Train a fresh network and return what it predicts by; see :func:`train_network`.

        Raises
        ------
        BudgetSpentError
            If the budget is spent.
        """
        if len(self.trainings) >= self.budget:
            raise BudgetSpentError(f"all {self.budget} trainings are spent; choose among them")
        self.trainings.append(dict(config))
        return train_network(config, x, t)


def train_network(
    config: Mapping[str, Any], x: ArrayLike, t: ArrayLike, steps: int = 120
) -> Predict:
    r"""Train a fresh tanh network with Adam on all rows at once; return its predictions.

    Inputs and targets are standardised inside, on the rows that are given, and the predictions
    come back in the unit of ``t``. The loss is the mean squared error of the standardised
    targets, plus ``decay`` times the mean of the squared weights. The starting weights are the
    same every time, so that one configuration always gives one network.

    Parameters
    ----------
    config
        ``layers``: the units of each hidden layer, such as ``[16, 8]``; ``lr``: Adam's learning
        rate; ``decay``: how much large weights cost, 0 by default.
    x, t
        Inputs, shape (n, n_in), and targets, shape (n, n_out).
    steps
        How many steps.

    Raises
    ------
    ValueError
        If the configuration holds something else, or a value out of range.
    """
    layers, lr, decay = _settings(config)
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(t, dtype=np.float64)
    x_middle, x_spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-12
    t_middle, t_spread = targets.mean(axis=0), targets.std(axis=0) + 1e-12
    network = TanhNetwork([inputs.shape[1], *layers, targets.shape[1]], seed=1)
    scaled = (inputs - x_middle) / x_spread, (targets - t_middle) / t_spread
    _descend(network, *scaled, lr, decay, steps)

    def predict(places: ArrayLike) -> Array:
        rows = (np.asarray(places, dtype=np.float64) - x_middle) / x_spread
        return np.asarray(network.predict(rows) * t_spread + t_middle)

    return predict


def _settings(config: Mapping[str, Any]) -> tuple[list[int], float, float]:
    """Return layers, learning rate and decay, or say which of them is no good."""
    unknown = sorted(set(config) - {"layers", "lr", "decay"})
    if unknown or not {"layers", "lr"} <= set(config):
        raise ValueError(f"a configuration has layers, lr and perhaps decay; this is {config!r}")
    layers = [int(width) for width in config["layers"]]
    lr, decay = float(config["lr"]), float(config.get("decay", 0.0))
    if not all(1 <= width <= 64 for width in layers) or len(layers) > 4:
        raise ValueError(f"layers is {layers}; up to 4 layers of 1 to 64 units are possible")
    if not (0.0 < lr <= 10.0 and 0.0 <= decay <= 10.0):
        raise ValueError(f"lr is {lr} and decay {decay}; 0 < lr <= 10 and 0 <= decay <= 10")
    return layers, lr, decay


def _descend(network: TanhNetwork, x: Array, t: Array, lr: float, decay: float, steps: int) -> None:
    """Take Adam's steps, with beta 0.9 and 0.999; the network is changed in place."""
    m, v = np.zeros_like(network.weights), np.zeros_like(network.weights)
    with np.errstate(all="ignore"):  # a rate that is too high shows in what is predicted
        for step in range(1, steps + 1):
            w = network.weights
            g = network.gradient(x, t) + 2.0 * decay * w / w.size
            m += 0.1 * (g - m)
            v += 0.001 * (g**2 - v)
            up = np.sqrt(v / (1.0 - 0.999**step)) + 1e-8
            network.weights = w - lr * (m / (1.0 - 0.9**step)) / up
