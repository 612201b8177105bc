"""Hidden tests of a2_t5, a network of any depth. Every parameter is compared apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.grading import Draw, Student, expect

from .networks import Case, Layers, some_case
from .promises import TOLERANCE, call_with_shapes, expect_unchanged, parts_of


def value_and_slopes(student: Student, case: Case) -> tuple[Any, Sequence[Any]]:
    """Return the student's loss and pairs of slopes."""
    got = call_with_shapes(student, "loss_and_slopes", *case.arguments)
    value, slopes = parts_of(got, 2, "loss_and_slopes returns (loss, slopes)")
    return value, pairs_of(slopes, len(case.layers), "slopes has a pair (dw, db) for each layer")


def pairs_of(got: Any, count: int, what: str) -> Sequence[Any]:
    """Return a list of the student's, once it is known to hold pairs."""
    return [parts_of(pair, 2, what) for pair in parts_of(got, count, what)]


def expect_slopes(case: Case, got: Sequence[Any], part: int) -> None:
    """Expect the slopes of all weights (part 0) or of all biases (part 1)."""
    _, want = case.value_and_slopes()
    upward = _without_activation(case)
    samples, name = len(case.x), ("weights", "biases")[part]
    for number in range(len(case.layers), 0, -1):  # the last layer first, as the pass goes
        right = want[number - 1][part]
        expect.close(
            got[number - 1][part],
            right,
            what=f"the slopes of the {name} of layer {number} are those of the loss",
            inputs=case.inputs,
            misconceptions={
                "factor-two-forgotten": right / 2.0,
                "mean-over-samples-only": right * case.t.shape[-1],
                "mean-forgotten": right * (case.t.size if case.loss == "mse" else samples),
                "slope-sign": -right,
                "activation-slope-forgotten": upward[number - 1][part],
                "weights-transposed": right.T if part == 0 else right,
                "bias-in-a-row": right[None],
            },
            **TOLERANCE,
        )


def _without_activation(case: Case) -> Layers:
    """Return the slopes of a backward pass that takes no notice of activations."""
    outputs = case.outputs()
    y = outputs[-1]
    if case.loss == "mse":
        upstream = 2.0 * (y - case.t) / y.size
    else:
        e = np.exp(y - y.max(axis=1, keepdims=True))
        upstream = (e / e.sum(axis=1, keepdims=True) - np.eye(y.shape[1])[case.t]) / len(y)
    slopes: Layers = []
    for (w, _), a in zip(reversed(case.layers), reversed(outputs[:-1]), strict=True):
        slopes.insert(0, (a.T @ upstream, upstream.sum(axis=0)))
        upstream = upstream @ w.T
    return slopes


@pytest.mark.task("a2_t5", points=2)
def test_forward_keeps_what_each_layer_is_given(student: Student, draw: Draw) -> None:
    for activation in ("tanh", "relu"):
        case = some_case(draw, activation=activation)
        what = "forward returns the input and the output of each layer, in this order"
        got = parts_of(
            call_with_shapes(student, "forward", case.layers, case.x, activation),
            len(case.layers) + 1,
            what,
        )
        want = case.outputs()
        squashed = np.tanh(want[-1]) if activation == "tanh" else np.maximum(want[-1], 0.0)
        for number, outputs in enumerate(want):
            last = number == len(case.layers)
            expect.close(
                got[number],
                outputs,
                what=f"entry {number} of what forward returns, for {activation}",
                inputs=case.inputs,
                misconceptions={"last-layer-squashed": squashed} if last else {},
                **TOLERANCE,
            )


@pytest.mark.task("a2_t5", points=1)
def test_loss_is_the_mean(student: Student, draw: Draw) -> None:
    case = some_case(draw)
    value, _ = value_and_slopes(student, case)
    want, _ = case.value_and_slopes()
    expect.close(
        value,
        want,
        what="the loss 'mse' is the mean of the squared errors over all entries of y",
        inputs=case.inputs,
        misconceptions={
            "mean-over-samples-only": want * case.t.shape[1],
            "mean-forgotten": want * case.t.size,
            "half-the-loss": want / 2.0,
        },
        **TOLERANCE,
    )
    case = some_case(draw, loss="cross_entropy")
    value, _ = value_and_slopes(student, case)
    want, _ = case.value_and_slopes()
    expect.close(
        value,
        want,
        what="the loss 'cross_entropy' is the mean cross-entropy of the logits y",
        inputs=case.inputs,
        misconceptions={"mean-forgotten": want * len(case.x)},
        **TOLERANCE,
    )
    w, b = case.layers[-1]
    sure = replace(case, layers=[*case.layers[:-1], (3000.0 * w, b)])
    line = some_case(draw, depth=1, loss="cross_entropy")
    far = np.where(np.arange(len(line.x)) == 0, 1e5, 1.0)[:, None]  # one row above or below all
    for large in (sure, replace(line, x=far * line.x)):
        value, _ = value_and_slopes(student, large)
        expect.close(
            value,
            large.value_and_slopes()[0],
            what="the loss 'cross_entropy' is right for logits of any size",
            inputs=large.inputs,
            **TOLERANCE,
        )


@pytest.mark.task("a2_t5", points=2)
def test_slopes_of_all_weights(student: Student, draw: Draw) -> None:
    case = some_case(draw)
    expect_slopes(case, value_and_slopes(student, case)[1], 0)


@pytest.mark.task("a2_t5", points=1)
def test_slopes_of_all_biases(student: Student, draw: Draw) -> None:
    case = some_case(draw)
    expect_slopes(case, value_and_slopes(student, case)[1], 1)


@pytest.mark.task("a2_t5", points=1)
def test_slopes_through_relu(student: Student, draw: Draw) -> None:
    case = some_case(draw, activation="relu")
    _, slopes = value_and_slopes(student, case)
    expect_slopes(case, slopes, 0)
    expect_slopes(case, slopes, 1)


@pytest.mark.task("a2_t5", points=1)
def test_slopes_of_the_cross_entropy(student: Student, draw: Draw) -> None:
    case = some_case(draw, loss="cross_entropy")
    _, slopes = value_and_slopes(student, case)
    expect_slopes(case, slopes, 0)
    expect_slopes(case, slopes, 1)


@pytest.mark.task("a2_t5", points=1)
def test_one_layer_and_many(student: Student, draw: Draw) -> None:
    for depth in (1, 2, 6):
        case = some_case(draw, depth=depth)
        _, slopes = value_and_slopes(student, case)
        expect_slopes(case, slopes, 0)
        expect_slopes(case, slopes, 1)


@pytest.mark.task("a2_t5", points=2)
def test_step_uses_the_old_weights_all_the_way_down(student: Student, draw: Draw) -> None:
    case = some_case(draw)
    lr = 0.1 * draw.integer(5, 9)
    what = "descend returns new layers: a pair (w, b) for each"
    got = call_with_shapes(
        student, "descend", case.layers, case.x, case.t, lr, case.activation, case.loss
    )
    layers = pairs_of(got, len(case.layers), what)
    _, slopes = case.value_and_slopes()
    want = case.moved_on(lr, slopes)
    wrong = {
        "weights-updated-mid-pass": case.moved_mid_pass(lr),
        "climbs": case.moved_on(-lr, slopes),
        "rate-forgotten": case.moved_on(1.0, slopes),
    }
    for number in range(len(layers)):  # the first layer first: it is the one that a mix-up reaches
        for part, name in enumerate(("weights", "biases")):
            expect.close(
                layers[number][part],
                want[number][part],
                what=f"descend moves the {name} of layer {number + 1} against their slope",
                inputs={"lr": lr, **case.inputs},
                misconceptions={hint: moved[number][part] for hint, moved in wrong.items()},
                **TOLERANCE,
            )
    other = some_case(draw, activation="relu", loss="cross_entropy")
    moved = pairs_of(
        student.call("descend", other.layers, other.x, other.t, lr, "relu", "cross_entropy"),
        len(other.layers),
        what,
    )
    wanted = other.moved_on(lr, other.value_and_slopes()[1])
    expect.close(
        moved[0][0],
        wanted[0][0],
        what="descend passes on which activation and which loss are asked for",
        inputs={"lr": lr, **other.inputs},
        **TOLERANCE,
    )


@pytest.mark.task("a2_t5", points=1)
def test_passes_change_no_argument(student: Student, draw: Draw) -> None:
    case = some_case(draw, depth=2)
    before = {"x": case.x, "t": case.t}
    for number, (w, b) in enumerate(case.layers, start=1):
        before |= {f"w of layer {number}": w, f"b of layer {number}": b}
    held = {name: student.put(array) for name, array in before.items()}
    parts = list(held.values())[2:]
    layers = list(zip(parts[::2], parts[1::2], strict=True))
    student.call("loss_and_slopes", layers, held["x"], held["t"])
    moved = student.call("descend", layers, held["x"], held["t"], 0.5)
    first = pairs_of(moved, 2, "descend returns new layers: a pair (w, b) for each")[0][0]
    expect.true(
        np.shape(first) == case.layers[0][0].shape
        and not np.allclose(first, case.layers[0][0], atol=1e-6),
        what="descend moves the weights of layer 1",
        got=first,
    )
    expect_unchanged(held, before, "a pass or a step")
