"""Hidden tests of a2_t3, activations, their slopes, and the log loss."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autograder.grading import Draw, Student, expect

from .promises import TOLERANCE, Array, expect_kept


def grid(draw: Draw, low: float, high: float) -> Array:
    """Draw numbers in a shape with two axes."""
    return draw.array(draw.integer(1, 3), draw.integer(2, 5), low=low, high=high)


def by_torch(z: Array, t: Array) -> float:
    """Return the mean log loss by PyTorch, which computes it from the logits too."""
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    return float(loss(torch.tensor(z), torch.tensor(t)))


@pytest.mark.task("a2_t3", points=1)
def test_sigmoid_near_and_far(student: Student, draw: Draw) -> None:
    z = grid(draw, -4.0, 4.0)
    far = np.array([-1e4, -800.0, -30.0, 30.0, 800.0, 1e4])
    for values in (z, far):
        expect.close(
            student.call("sigmoid", values),
            torch.sigmoid(torch.tensor(values)).numpy(),
            what="sigmoid(z) is 1 / (1 + exp(-z)), and a finite number for every z",
            inputs={"z": values},
            misconceptions={
                "sigmoid-reversed": torch.sigmoid(torch.tensor(-values)).numpy(),
                "tanh-for-sigmoid": np.tanh(values),
            },
            **TOLERANCE,
        )
    expect_kept(student, "sigmoid", z=z)


@pytest.mark.task("a2_t3", points=1)
def test_sigmoid_slope_is_told_by_its_value(student: Student, draw: Draw) -> None:
    a = grid(draw, 0.05, 0.95)
    again = 1.0 / (1.0 + np.exp(-a))
    expect.close(
        student.call("sigmoid_slope", a),
        a * (1.0 - a),
        what="sigmoid_slope(a) is the slope where the sigmoid's value is a",
        inputs={"a": a},
        misconceptions={
            "slope-at-wrong-quantity": again * (1.0 - again),
            "slope-of-another": 1.0 - a**2,
        },
        **TOLERANCE,
    )
    expect_kept(student, "sigmoid_slope", a=a)


@pytest.mark.task("a2_t3", points=1)
def test_tanh_slope_is_told_by_its_value(student: Student, draw: Draw) -> None:
    a = grid(draw, -0.95, 0.95)
    expect.close(
        student.call("tanh_slope", a),
        1.0 - a**2,
        what="tanh_slope(a) is the slope where the value of tanh is a",
        inputs={"a": a},
        misconceptions={
            "slope-at-wrong-quantity": 1.0 - np.tanh(a) ** 2,
            "slope-of-another": a * (1.0 - a),
            "square-forgotten": 1.0 - a,
        },
        **TOLERANCE,
    )
    expect_kept(student, "tanh_slope", a=a)


@pytest.mark.task("a2_t3", points=1)
def test_relu_and_its_slope(student: Student, draw: Draw) -> None:
    z = np.append(draw.array(draw.integer(2, 5)), [0.0, 1e-3, -1e-3, 5.0, -5.0])
    a = np.maximum(z, 0.0)
    expect.close(
        student.call("relu", z),
        a,
        what="relu(z) keeps what is above 0 and replaces what is below by 0",
        inputs={"z": z},
        misconceptions={"relu-is-absolute": np.abs(z)},
        **TOLERANCE,
    )
    expect_kept(student, "relu", z=z)
    expect.close(
        student.call("relu_slope", a),
        (a > 0.0).astype(float),
        what="relu_slope(a) is 1 where the unit is on, and 0 where it is off",
        inputs={"a": a},
        misconceptions={
            "slope-at-the-kink": np.ones(a.shape),
            "relu-slope-is-relu": a,
            "kink-half-way": np.where(a > 0.0, 1.0, 0.5),
        },
        **TOLERANCE,
    )
    expect_kept(student, "relu_slope", a=a)


@pytest.mark.task("a2_t3", points=1)
def test_log_loss_is_a_mean_over_all_entries(student: Student, draw: Draw) -> None:
    z = grid(draw, -3.0, 3.0)
    t = np.round(draw.array(*z.shape, low=0.0, high=1.0), 2)
    single = np.logaddexp(0.0, z) - t * z
    expect.close(
        student.call("log_loss", z, t),
        by_torch(z, t),
        what="log_loss(z, t) is the mean of -t log p - (1 - t) log(1 - p), with p = sigmoid(z)",
        inputs={"z": z, "t": t},
        misconceptions={
            "sum-for-mean": single.sum(),
            "half-the-loss": float(np.mean(-t * np.log(1.0 / (1.0 + np.exp(-z))))),
            "loss-sign": -single.mean(),
        },
        **TOLERANCE,
    )
    expect_kept(student, "log_loss", z=z, t=t)


@pytest.mark.task("a2_t3", points=1)
def test_log_loss_of_a_saturated_unit_is_a_number(student: Student, draw: Draw) -> None:
    size = draw.integer(2, 5)
    z = np.repeat([1000.0, -1000.0], size) * draw.array(2 * size, low=0.8, high=1.5)
    t = np.repeat([1.0, 0.0], size)
    expect.close(
        student.call("log_loss", z, t),
        0.0,
        what="a unit that is sure and right has no loss, however sure it is",
        atol=1e-6,
        inputs={"z": z, "t": t},
    )


@pytest.mark.task("a2_t3", points=2)
def test_log_loss_of_a_sure_and_wrong_unit_is_as_large_as_it_is(
    student: Student, draw: Draw
) -> None:
    for scale in (12.0, 30.0, 60.0, 1500.0):
        z = scale * draw.array(draw.integer(2, 6), low=0.7, high=1.0)
        z[0] = -z[0]
        t = (z < 0.0).astype(float)
        clipped = {
            f"{eps:g}": np.mean(np.minimum(np.abs(z), -np.log(eps)))
            for eps in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
        }
        got = student.call("log_loss", z, t)
        cut = isinstance(got, float) and any(
            abs(got - value) < 0.02 * value for value in clipped.values()
        )
        expect.close(
            got,
            by_torch(z, t),
            what="a unit that is sure and wrong has a loss that grows with how sure it is",
            inputs={"z": z, "t": t},
            misconceptions={"honest-values-clipped": got} if cut else {},
            **TOLERANCE,
        )
