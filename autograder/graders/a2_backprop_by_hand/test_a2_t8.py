"""Hidden tests of a2_t8, batch normalisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import batch_norm

from autograder.grading import Draw, Handle, Student, expect

from .promises import TOLERANCE, Array, attribute_of, expect_unchanged, parts_of

# eps divides by more than the spread of a column; float32 leaves about 1e-5 of slopes.
SLOPES = {"rtol": 1e-3, "atol": 1e-4}


def some_batch(draw: Draw) -> tuple[Array, Array, Array, Array]:
    """Draw x, upstream, gamma and beta; the columns have different places and spreads."""
    samples, size = draw.integer(3, 8), draw.integer(2, 4)
    if samples == size:
        samples += 1
    x = draw.array(samples, size, low=-1.0, high=1.0) * draw.array(size, low=0.5, high=3.0)
    x = x + draw.array(size, low=-4.0, high=4.0)
    return (
        x,
        draw.array(samples, size, low=-2.0, high=2.0),
        draw.array(size, low=0.5, high=2.0),
        draw.array(size, low=1.0, high=2.0),
    )


def layer(student: Student, gamma: Array, beta: Array, **settings: float) -> Handle:
    """Make a layer with these scales and shifts."""
    made = student.new("BatchNorm", len(gamma), **settings)
    made.set("gamma", gamma)
    made.set("beta", beta)
    return made


def by_torch(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> torch.Tensor:
    """Return the layer's answer in training, by PyTorch."""
    tensors = [v if isinstance(v, torch.Tensor) else torch.tensor(v) for v in (x, gamma, beta)]
    return batch_norm(tensors[0], None, None, tensors[1], tensors[2], training=True, eps=eps)


def slopes_by_torch(x: Array, upstream: Array, gamma: Array, beta: Array) -> list[Array]:
    """Return the slopes of x, gamma and beta, by PyTorch."""
    tensors = [torch.tensor(v).requires_grad_() for v in (x, gamma, beta)]
    scalar = (by_torch(*tensors) * torch.tensor(upstream)).sum()
    return [slope.numpy() for slope in torch.autograd.grad(scalar, tensors)]


@pytest.mark.task("a2_t8", points=2)
def test_columns_are_normalised_over_the_batch(student: Student, draw: Draw) -> None:
    x, _, gamma, beta = some_batch(draw)
    eps = 0.5
    spread = np.sqrt(x.var(axis=0) + eps)
    centred = x - x.mean(axis=0)
    held = {"x": student.put(x)}
    expect.close(
        layer(student, gamma, beta, eps=eps).call("forward", held["x"]),
        by_torch(x, gamma, beta, eps).numpy(),
        what="in training each column is centred and scaled by the batch, then by gamma, beta",
        inputs={"x": x, "gamma": gamma, "beta": beta, "eps": eps},
        misconceptions={
            "normalised-by-rows": gamma
            * (x - x.mean(axis=1, keepdims=True))
            / np.sqrt(x.var(axis=1, keepdims=True) + eps)
            + beta,
            "variance-one-less": gamma * centred / np.sqrt(x.var(axis=0, ddof=1) + eps) + beta,
            "eps-forgotten": gamma * centred / x.std(axis=0) + beta,
            "eps-outside-root": gamma * centred / (x.std(axis=0) + eps) + beta,
            "variance-for-spread": gamma * centred / (x.var(axis=0) + eps) + beta,
            "scale-and-shift-forgotten": centred / spread,
        },
        **TOLERANCE,
    )
    expect_unchanged(held, {"x": x}, "forward")
    narrow = 0.003 * x  # so narrow that eps is as large as the variances
    fresh = student.new("BatchNorm", len(gamma))
    expect.close(
        fresh.call("forward", narrow),
        by_torch(narrow, np.ones(len(gamma)), np.zeros(len(gamma))).numpy(),
        what="at first gamma is 1 and beta is 0, and eps is 1e-5",
        inputs={"x": narrow},
        misconceptions={"eps-forgotten": 0.003 * centred / narrow.std(axis=0)},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t8", points=2)
def test_predictions_use_what_training_remembered(student: Student, draw: Draw) -> None:
    x, other, gamma, beta = some_batch(draw)
    for settings in ({}, {"momentum": 0.4}):
        momentum = settings.get("momentum", 0.1)
        made = layer(student, gamma, beta, **settings)
        mean, var = np.zeros(len(gamma)), np.ones(len(gamma))
        for batch in (x, other, x + 1.0):
            made.call("forward", batch)
            mean = (1.0 - momentum) * mean + momentum * batch.mean(axis=0)
            var = (1.0 - momentum) * var + momentum * batch.var(axis=0)
        wrong_way = [
            momentum**3 * start
            + (1.0 - momentum)
            * sum(momentum ** (2 - k) * f(batch) for k, batch in enumerate((x, other, x + 1.0)))
            for start, f in ((0.0, lambda a: a.mean(axis=0)), (1.0, lambda a: a.var(axis=0)))
        ]
        for name, want, swapped in zip(
            ("running_mean", "running_var"), (mean, var), wrong_way, strict=True
        ):
            expect.close(
                attribute_of(made, name, "the layer"),
                want,
                what=f"{name} moves by the share momentum towards each batch in training",
                inputs={"batches": [x, other, x + 1.0], "momentum": momentum},
                misconceptions={
                    "momentum-the-wrong-way": swapped,
                    "nothing-remembered": np.full(want.shape, float(name == "running_var")),
                },
                **TOLERANCE,
            )
        for _ in range(2):
            expect.close(
                made.call("forward", other, training=False),
                gamma * (other - mean) / np.sqrt(var + 1e-5) + beta,
                what="with training=False the remembered means and variances are used, and kept",
                inputs={"batches": [x, other, x + 1.0], "x": other, "momentum": momentum},
                misconceptions={
                    "predicts-by-its-own-batch": by_torch(other, gamma, beta).numpy(),
                    "nothing-remembered": gamma * other / np.sqrt(1.0 + 1e-5) + beta,
                },
                **TOLERANCE,
            )
    one = layer(student, gamma, beta).call("forward", other[:1], training=False)
    expect.close(
        one,
        gamma * other[:1] / np.sqrt(1.0 + 1e-5) + beta,
        what="at first the remembered mean is 0 and the variance 1",
        inputs={"x": other[:1]},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t8", points=2)
def test_slopes_of_x_go_through_mean_and_variance_too(student: Student, draw: Draw) -> None:
    x, upstream, gamma, beta = some_batch(draw)
    want = slopes_by_torch(x, upstream, gamma, beta)[0]
    g, spread = upstream * gamma, np.sqrt(x.var(axis=0) + 1e-5)
    x_hat = (x - x.mean(axis=0)) / spread
    expect.close(
        slopes(layer(student, gamma, beta), x, upstream)[0],
        want,
        what="the slopes of x count that each x also moves the mean and the variance of its column",
        inputs={"x": x, "upstream": upstream, "gamma": gamma},
        misconceptions={
            "mean-and-variance-held": g / spread,
            "variance-held": (g - g.mean(axis=0)) / spread,
            "mean-held": (g - x_hat * (g * x_hat).mean(axis=0)) / spread,
            "gamma-forgotten": want / gamma,
        },
        **SLOPES,
    )


def slopes(made: Handle, x: Array, upstream: Array) -> Any:
    """Return the student's three slopes after a pass in training."""
    made.call("forward", x)
    what = "backward returns three slopes: of x, of gamma and of beta"
    return parts_of(made.call("backward", upstream), 3, what)


@pytest.mark.task("a2_t8", points=1)
def test_slopes_of_gamma_and_beta(student: Student, draw: Draw) -> None:
    x, upstream, gamma, beta = some_batch(draw)
    got = slopes(layer(student, gamma, beta), x, upstream)
    want = slopes_by_torch(x, upstream, gamma, beta)
    expect.close(
        got[1],
        want[1],
        what="the slopes of gamma add up upstream times the normalised x",
        inputs={"x": x, "upstream": upstream},
        misconceptions={
            "gamma-slope-of-x": (upstream * x).sum(axis=0),
            "divided-by-samples": want[1] / len(x),
            "gamma-slope-of-output": (upstream * by_torch(x, gamma, beta).numpy()).sum(axis=0),
        },
        **SLOPES,
    )
    expect.close(
        got[2],
        want[2],
        what="the slopes of beta add up upstream",
        inputs={"upstream": upstream},
        misconceptions={"divided-by-samples": want[2] / len(x)},
        **SLOPES,
    )


@pytest.mark.task("a2_t8", points=1)
def test_column_without_spread_gives_beta(student: Student, draw: Draw) -> None:
    x, upstream, gamma, beta = some_batch(draw)
    x[:, 0] = 2.0
    for batch in (x, x[:1]):
        made = layer(student, gamma, beta)
        got = made.call("forward", batch)
        expect.close(
            got,
            by_torch(np.vstack([batch, batch]), gamma, beta).numpy()[: len(batch)],
            what="a column whose entries are all equal, and a batch of one row, give beta",
            inputs={"x": batch, "beta": beta},
            **TOLERANCE,
        )
        backward = slopes(made, batch, upstream[: len(batch)])
        expect.true(
            bool(np.isfinite(np.concatenate([np.ravel(part) for part in backward])).all()),
            what="all slopes are finite there",
            got=list(backward),
        )
