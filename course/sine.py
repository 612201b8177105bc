"""A sine wave with noise: the smallest data a network can bend to."""

from __future__ import annotations

import numpy as np

from course.arrays import Array


def noisy_sine(n: int = 40, noise: float = 0.1, seed: int = 0) -> tuple[Array, Array]:
    r"""Draw points near one period of a sine wave.

    .. math:: t = \sin(x) + \varepsilon, \qquad \varepsilon \sim N(0, \text{noise}^2)

    The :math:`x` are spread evenly at random over :math:`[0, 2\pi)` and sorted, so that the
    result can be drawn as it is. Another seed gives other points of the same wave: that is
    how to get test data.

    Parameters
    ----------
    n
        Number of points, at least 1.
    noise
        Standard deviation of the noise, in the unit of ``t``; 0 for the wave itself.
    seed
        The same seed gives the same points, every time.

    Returns
    -------
    x, t
        Inputs in radians and targets, each of shape (n, 1).

    Raises
    ------
    ValueError
        If ``n`` is below 1 or ``noise`` is negative.
    """
    if n < 1:
        raise ValueError(f"n is {n}, but at least 1 point is needed")
    if noise < 0:
        raise ValueError(f"noise is {noise}, but a standard deviation cannot be negative")
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0.0, 2.0 * np.pi, size=(n, 1)), axis=0)
    return x, np.sin(x) + noise * rng.standard_normal((n, 1))
