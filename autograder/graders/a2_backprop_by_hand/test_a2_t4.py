"""Hidden tests of a2_t4, softmax and cross-entropy from logits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from autograder.grading import Draw, Student, expect

from .promises import TOLERANCE, Array, expect_kept, torch_slopes


def some_logits(draw: Draw) -> tuple[Array, Array]:
    """Draw logits, more rows than columns, and a label for each row."""
    classes = draw.integer(2, 5)
    samples = classes + draw.integer(1, 6)
    z = draw.array(samples, classes, low=-2.0, high=2.0)
    return z, draw.rng.integers(0, classes, size=samples)


def probabilities(z: Array, axis: int = 1) -> Array:
    """Return the softmax by PyTorch."""
    return torch.softmax(torch.tensor(np.asarray(z)), dim=axis).numpy()


def loss_of(z: Array, labels: Array) -> float:
    """Return the mean cross-entropy by PyTorch."""
    return float(cross_entropy(torch.tensor(z), torch.tensor(labels)))


def slopes_of(z: Array, labels: Array) -> Array:
    """Return the slopes of the mean cross-entropy by PyTorch."""
    return torch_slopes(lambda z: cross_entropy(z, torch.tensor(labels)), z)[0]


def log_of_own_class(p: Array, labels: Array) -> Any:
    """Return log p of the right class, for each row."""
    return np.log(np.abs(p[np.arange(len(p)), labels]) + 1e-300)


@pytest.mark.task("a2_t4", points=1)
def test_probabilities_of_each_row(student: Student, draw: Draw) -> None:
    z, _ = some_logits(draw)
    expect.close(
        student.call("softmax", z),
        probabilities(z),
        what="softmax(z) turns each row of logits into probabilities",
        inputs={"z": z},
        misconceptions={
            "softmax-by-columns": probabilities(z, axis=0),
            "softmax-of-everything": np.exp(z) / np.exp(z).sum(),
            "not-exponentials": z / z.sum(axis=1, keepdims=True),
            "softmax-twice": probabilities(probabilities(z)),
        },
        **TOLERANCE,
    )
    expect_kept(student, "softmax", z=z)


@pytest.mark.task("a2_t4", points=2)
def test_large_logits_overflow_nowhere(student: Student, draw: Draw) -> None:
    z, labels = some_logits(draw)
    for lift in (1000.0, -1000.0, 1e5):
        # A row far above the others too: taking off one maximum of all would empty the others.
        lifted = z + lift + np.where(np.arange(len(z)) == 0, 2000.0, 0.0)[:, None]
        expect.close(
            student.call("softmax", lifted),
            probabilities(z),
            what="adding a number to all logits of a row changes no probability",
            inputs={"z": lifted},
            misconceptions={"softmax-by-columns": probabilities(lifted, axis=0)},
            **TOLERANCE,
        )
        wide = 1000.0 * z + lift  # rows with logits far from each other
        expect.close(
            student.call("softmax", wide),
            probabilities(wide),
            what="softmax is right for logits of any size",
            inputs={"z": wide},
            misconceptions={"softmax-by-columns": probabilities(wide, axis=0)},
            rtol=1e-4,
            atol=1e-2,
        )
        expect.close(
            student.call("cross_entropy", lifted, labels),
            loss_of(z, labels),
            what="adding a number to all logits of a row does not change the loss",
            inputs={"z": lifted, "labels": labels},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t4", points=1)
def test_loss_is_the_mean_surprise(student: Student, draw: Draw) -> None:
    z, labels = some_logits(draw)
    p = probabilities(z)
    expect.close(
        student.call("cross_entropy", z, labels),
        loss_of(z, labels),
        what="cross_entropy(z, labels) is the mean of -log p over the samples, p from softmax(z)",
        inputs={"z": z, "labels": labels},
        misconceptions={
            "sum-for-mean": loss_of(z, labels) * len(z),
            "mean-over-entries": loss_of(z, labels) / z.shape[1],
            "loss-sign": -loss_of(z, labels),
            "logits-taken-for-probabilities": -log_of_own_class(z, labels).mean(),
            "softmax-twice": -log_of_own_class(probabilities(p), labels).mean(),
            "labels-as-columns": float(-np.mean(np.log(p[:, labels]))),
            "probability-without-log": float(1 - p[np.arange(len(p)), labels].mean()),
        },
        **TOLERANCE,
    )
    expect_kept(student, "cross_entropy", z=z, labels=labels)


@pytest.mark.task("a2_t4", points=1)
def test_loss_of_a_sure_and_wrong_answer_is_not_clipped(student: Student, draw: Draw) -> None:
    classes = draw.integer(2, 4)
    z = np.zeros((classes, classes)) + draw.array(classes, 1)
    far = 800.0 + 800.0 * draw.number(0.1, 1.0)  # beyond what exp can tell
    labels = (np.arange(classes) + 1) % classes
    for distance in (30.0, far):
        sure = z + distance * np.eye(classes)
        got = student.call("cross_entropy", sure, labels)
        want = loss_of(sure, labels)
        single = np.logaddexp.reduce(sure, axis=1) - sure[np.arange(classes), labels]
        limits = -np.log([1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-300])
        cut = isinstance(got, float) and any(
            abs(got - np.mean(np.minimum(single, limit))) < 0.02 * got for limit in limits
        )
        expect.close(
            got,
            want,
            what="a network that is sure and wrong has a loss that grows with how sure it is",
            inputs={"z": sure, "labels": labels},
            misconceptions={"honest-values-clipped": got} if cut else {},
            **TOLERANCE,
        )


@pytest.mark.task("a2_t4", points=2)
def test_slopes_of_the_logits(student: Student, draw: Draw) -> None:
    z, labels = some_logits(draw)
    want = slopes_of(z, labels)
    one_hot = np.eye(z.shape[1])[labels]
    p = probabilities(z)
    expect.close(
        student.call("cross_entropy_slope", z, labels),
        want,
        what="cross_entropy_slope(z, labels) tells how the mean loss rises with each logit",
        inputs={"z": z, "labels": labels},
        misconceptions={
            "mean-forgotten": want * len(z),
            "mean-over-entries": want / z.shape[1],
            "slope-sign": -want,
            "logits-taken-for-probabilities": (z - one_hot) / len(z),
            "softmax-twice": (probabilities(p) - one_hot) / len(z),
            "slope-of-p": -one_hot / p / len(z),
            "labels-not-taken-off": p / len(z),
        },
        rtol=1e-4,
        atol=1e-6,
    )
    expect_kept(student, "cross_entropy_slope", z=z, labels=labels)
    lifted = z + 1000.0
    expect.close(
        student.call("cross_entropy_slope", lifted, labels),
        want,
        what="adding 1000 to all logits does not change the slopes",
        inputs={"z": lifted, "labels": labels},
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.task("a2_t4", points=1)
def test_labels_that_are_no_column_are_refused(student: Student, draw: Draw) -> None:
    z, labels = some_logits(draw)
    for z_one, labels_one in ((z[:1], labels[:1]), (z[:, :1], np.zeros(len(z), dtype=int))):
        expect.close(
            student.call("cross_entropy", z_one, labels_one),
            loss_of(z_one, labels_one),
            what="one sample is enough, and so is one class",
            inputs={"z": z_one, "labels": labels_one},
            atol=1e-5,
        )
    place = draw.integer(0, len(z) - 1)
    for stranger in (-1, z.shape[1]):
        wrong = labels.copy()
        wrong[place] = stranger
        for name in ("cross_entropy", "cross_entropy_slope"):
            expect.raises(
                lambda name=name, wrong=wrong: student.call(name, z, wrong),
                what=f"{name} raises a ValueError for the label {stranger} of "
                f"{z.shape[1]} classes, which is no column",
                inputs={"labels": wrong, "classes": z.shape[1]},
                hint="strange-label-accepted",
            )
