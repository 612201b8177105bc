"""A Gaussian process and its expected improvement, right and mistaken, in PyTorch's float64.

The process is solved through its eigenvalues and the improvement integrated by PyTorch's normal
distribution, so nothing here shares a formula's code with the reference.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch

from .plain import Array


def kernel(a: Array, b: Array, length: float) -> Array:
    """Return exp(-|a - b|^2 / 2 length^2) for all pairs of rows."""
    return np.exp(-0.5 * distances(a, b) ** 2 / length**2)


def distances(a: Array, b: Array) -> Array:
    """Return the Euclidean distances of all pairs of rows."""
    exact = torch.cdist(
        torch.tensor(a), torch.tensor(b), compute_mode="donot_use_mm_for_euclid_dist"
    )
    return exact.numpy()


WRONG_KERNELS: dict[str, Callable[[Array, Array, float], Array]] = {
    "distance-not-squared": lambda a, b, s: np.exp(-0.5 * distances(a, b) / s**2),
    "two-missing": lambda a, b, s: np.exp(-(distances(a, b) ** 2) / s**2),
    "length-not-squared": lambda a, b, s: np.exp(-0.5 * distances(a, b) ** 2 / s),
    "sign-of-the-exponent": lambda a, b, s: np.exp(0.5 * distances(a, b) ** 2 / s**2),
    "kernel-turned": lambda a, b, s: kernel(a, b, s).T,
    "first-column-only": lambda a, b, s: kernel(a[:, :1], b[:, :1], s),
}
"""Hint -> the kernel that this mistake gives."""


def posterior(
    x: Array, y: Array, x_new: Array, length: float, variance: float
) -> tuple[Array, Array]:
    """Return mean and variance, for a noise of this variance."""
    values, vectors = torch.linalg.eigh(torch.tensor(kernel(x, x, length)))
    turned = torch.tensor(kernel(x_new, x, length)) @ vectors
    scale = 1.0 / (values + variance)
    mean = turned @ (scale * (vectors.T @ torch.tensor(y)))
    return mean.numpy(), (1.0 - (turned**2 * scale).sum(dim=1)).numpy()


def wrong_posteriors(
    x: Array, y: Array, x_new: Array, length: float, noise: float
) -> dict[str, tuple[Array, Array]]:
    """Return the (mean, std) that known mistakes give."""
    mean, variance = posterior(x, y, x_new, length, noise**2)
    std = np.sqrt(np.maximum(variance, 0.0))
    unsquared = posterior(x, y, x_new, length, noise)
    without = posterior(x, y, x_new, length, 1e-12)
    return {
        "variance-for-std": (mean, variance),
        "noise-not-squared": (unsquared[0], np.sqrt(np.maximum(unsquared[1], 0.0))),
        "noise-forgotten": (without[0], np.sqrt(np.maximum(without[1], 0.0))),
        "noise-added-to-std": (mean, np.sqrt(np.maximum(variance, 0.0) + noise**2)),
        "not-solved": (kernel(x_new, x, length) @ y, std),
        "one-for-the-prior-forgotten": (mean, np.sqrt(np.maximum(1.0 - variance, 0.0))),
    }


def improvement(mean: Array, std: Array, best: float) -> Array:
    """Return the expected improvement below ``best``."""
    normal = torch.distributions.Normal(0.0, 1.0)
    gain, spread = torch.tensor(best - mean), torch.tensor(std)
    z = gain / torch.where(spread > 0, spread, 1.0)
    hoped = gain * normal.cdf(z) + spread * normal.log_prob(z).exp()
    return torch.where(spread > 0, hoped, gain.clamp(min=0.0)).numpy()


def _chance(mean: Array, std: Array, best: float) -> Array:
    return torch.distributions.Normal(0.0, 1.0).cdf(torch.tensor((best - mean) / std)).numpy()


WRONG_IMPROVEMENTS: dict[str, Callable[[Array, Array, float], Array]] = {
    "improvement-upwards": lambda m, s, b: improvement(-m, s, -b),
    "chance-for-gain": _chance,
    "exploitation-alone": lambda m, s, b: (b - m) * _chance(m, s, b),
    "density-not-scaled": lambda m, s, b: (
        improvement(m, s, b)
        + (1.0 - s) * np.exp(-0.5 * ((b - m) / s) ** 2) / math.sqrt(2 * math.pi)
    ),
    "uncertainty-ignored": lambda m, s, b: np.maximum(b - m, 0.0),
}
"""Hint -> the improvement that this mistake gives, where std is above zero."""

LENGTH, NOISE = 0.35, 0.1
"""Of the process behind every search."""

MISTAKES = (
    "largest-error-sought",
    "best-mean-sought",
    "errors-not-standardised",
    "last-trial-forgotten",
    "spread-over-one-less",
    "not-solved",
)
"""What else a search may go by instead of the largest expected improvement."""


def promise(candidates: Array, errors: Array, rows: list[int], done: int) -> dict[str, float]:
    """Return by what share of the largest promise the next row was promising, rule by rule."""
    tried, following = rows[:done], rows[done]
    y = errors[tried]
    z = (y - y.mean()) / (y.std() or 1.0)
    flatter = z * math.sqrt(1.0 - 1.0 / done)
    untried = np.setdiff1d(np.arange(len(errors)), tried)

    def gain(values: Array, best: float, known: list[int]) -> Array:
        mean, variance = posterior(candidates[known], values, candidates, LENGTH, NOISE**2)
        return improvement(mean, np.sqrt(np.maximum(variance, 0.0)), best)

    mean, variance = posterior(candidates[tried], z, candidates, LENGTH, NOISE**2)
    unsolved = kernel(candidates, candidates[tried], LENGTH) @ z
    short = z[:-1] if done > 1 else z
    scores = {
        "right": gain(z, float(z.min()), tried),
        "largest-error-sought": gain(-z, float((-z).min()), tried),
        "best-mean-sought": np.exp(-5.0 * mean),
        "errors-not-standardised": gain(y, float(y.min()), tried),
        "last-trial-forgotten": gain(short, float(short.min()), tried[: len(short)]),
        "spread-over-one-less": gain(flatter, float(flatter.min()), tried),
        "not-solved": improvement(unsolved, np.sqrt(np.maximum(variance, 0.0)), float(z.min())),
    }
    return {
        name: float(score[following] / max(score[untried].max(), 1e-300))
        for name, score in scores.items()
    }


def least_promise(
    candidates: Array, errors: Array, rows: list[int], first: int
) -> dict[str, float]:
    """Return for each rule the smallest share that a trial after the first ones had."""
    promises = [promise(candidates, errors, rows, done) for done in range(first, len(rows))]
    return {name: min((p[name] for p in promises), default=1.0) for name in ("right", *MISTAKES)}


def rule_followed(shares: dict[str, float]) -> str | None:
    """Return the mistake that explains all trials, if there is one and no other does."""
    found = [name for name in MISTAKES if shares[name] > 0.999]
    return found[0] if len(found) == 1 else None
