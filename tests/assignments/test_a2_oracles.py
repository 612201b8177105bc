"""What the hidden tests of a2 expect: PyTorch, known mistakes and the reference, side by side."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

import course
from autograder.graders.a2_backprop_by_hand import judges, networks, waters
from autograder.grading import Draw

from .material import load_answers


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    return load_answers("a2_backprop_by_hand")


@pytest.mark.parametrize("depth", [1, 3, 6])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_slopes_of_torch_of_the_reference_and_of_differences_agree(
    reference: ModuleType, depth: int, activation: str, loss: str
) -> None:
    case = networks.some_case(Draw(7), depth, activation=activation, loss=loss)
    value, slopes = case.value_and_slopes()
    got, by_reference = reference.loss_and_slopes(*case.arguments)
    assert got == pytest.approx(value, rel=1e-12)
    for number, (w, b) in enumerate(case.layers):
        for part, (own, other) in enumerate(zip(slopes[number], by_reference[number], strict=True)):
            np.testing.assert_allclose(own, other, rtol=1e-10, atol=1e-13)

            def loss_with(
                moved: object, number: int = number, part: int = part, w: object = w, b: object = b
            ) -> float:
                layers = list(case.layers)
                layers[number] = (moved, b) if part == 0 else (w, moved)  # type: ignore[assignment]
                return float(reference.loss_and_slopes(layers, case.x, case.t, activation, loss)[0])

            numeric = reference.numeric_gradient(loss_with, (w, b)[part])
            assert reference.relative_error(numeric, own) < 1e-6


def test_update_mid_pass_differs_wherever_a_layer_lies_below() -> None:
    case = networks.some_case(Draw(3))
    right = case.moved_on(0.5, case.value_and_slopes()[1])
    wrong = case.moved_mid_pass(0.5)
    np.testing.assert_allclose(wrong[-1][0], right[-1][0])  # the last layer comes first
    for number in range(len(right) - 1):
        assert np.abs(wrong[number][0] - right[number][0]).max() > 1e-2


def test_judges_know_which_gradients_are_right(reference: ModuleType) -> None:
    rng = np.random.default_rng(0)
    c, w = rng.uniform(1.0, 2.0, (2, 3)), rng.uniform(0.3, 1.2, (2, 3))
    cases = judges.planted(c)
    assert {case.right for case in cases} == {True, False}
    for case in cases:
        numeric = reference.numeric_gradient(case.f, w)
        error = reference.relative_error(case.gradient(w), numeric)
        # A hundredfold distance to the tolerance of 1e-5 on either side.
        assert error < 1e-7 if case.right else error > 5e-4, (case.name, error)


@pytest.mark.parametrize("make", [waters.some_v, waters.some_river])
def test_hidden_data_are_others_than_those_of_the_course(make: object) -> None:
    assert callable(make)
    seen = {course.v_shape().x_train.tobytes(), course.river().x_train.tobytes()}
    for seed in range(20):
        task = make(Draw(seed))
        assert task.x_train.tobytes() not in seen
        x = task.places
        for known in (
            x[:, 1] > 1.5 * np.abs(x[:, 0]) - 1.0,
            np.abs(x[:, 1] - np.sin(2.5 * x[:, 0])) < 0.5,
        ):
            assert task.accuracy(known.astype(int)) < 0.9, "the course's rule would pass"
        assert 0.1 < np.mean(task.truth) < 0.9
