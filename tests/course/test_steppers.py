"""The two panels drive the student's own functions, and speak kindly of what goes wrong in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course import chain_stepper, checker_scope
from course.arrays import Array

PNG = "iVBORw0KGgo"


def links(x: float) -> list[float]:
    u = np.sin(x)
    w = np.exp(-(u**2))
    return [np.cos(x), 2.0 * u, -w, -np.sin(w)]


def central(f: Any, w: Array, h: float = 1e-5) -> Array:
    return np.array([(f(w + h * one) - f(w - h * one)) / (2.0 * h) for one in np.eye(len(w))])


def test_moving_x_asks_the_students_function_once_with_the_new_value() -> None:
    asked: list[float] = []

    def noted(x: float) -> list[float]:
        asked.append(x)
        return links(x)

    stepper = chain_stepper(noted, x=1.0)
    assert asked == [1.0]
    stepper.x.value = 0.5
    assert asked == [1.0, 0.5]
    assert stepper.x.continuous_update is False
    slope = (np.cos(np.exp(-(np.sin(0.5001) ** 2))) - stepper.values[-1]) / 1e-4
    assert stepper.slopes[0] == pytest.approx(slope, rel=1e-3)
    assert "dy/dx" in repr(stepper)


def test_every_step_has_a_picture_and_words_of_its_own() -> None:
    stepper = chain_stepper(links, step=0)
    seen = set()
    for step in range(9):
        stepper.step.value = step
        picture = stepper.picture()
        assert picture["image/png"].startswith(PNG)
        seen.add(picture["text/plain"])
    assert len(seen) == 9


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda x: 1 / 0, "ZeroDivisionError"),
        (lambda x: [1.0], "four links are expected"),
        (lambda x: None, "TypeError"),
    ],
)
def test_trouble_in_the_students_links_is_told_and_the_picture_stays(
    broken: Any, said: str
) -> None:
    stepper = chain_stepper(broken)
    assert said in stepper.summary()
    assert stepper.picture()["image/png"].startswith(PNG)


def test_moving_h_asks_the_students_gradient_with_the_new_h() -> None:
    asked: list[float] = []

    def noted(f: Any, w: Array, h: float = 1e-5) -> Array:
        asked.append(h)
        return central(f, w, h)

    scope = checker_scope(noted)
    before = len(asked)
    assert before > 40  # the curve
    assert scope.error < 1e-8
    scope.h.value = 0.1
    assert asked[before:] == [pytest.approx(0.1)]
    assert scope.error > 1e-3
    assert scope.picture()["image/png"].startswith(PNG)


@pytest.mark.parametrize("broken", [lambda f, w, h: 1 / 0, lambda f, w, h: np.zeros(3)])
def test_trouble_in_the_students_gradient_is_told(broken: Any) -> None:
    scope = checker_scope(broken)
    assert "cannot be shown" in scope.summary()
    assert np.isnan(scope.error)


def test_values_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="x is 4"):
        chain_stepper(links, x=4.0)
    with pytest.raises(ValueError, match="step is 9"):
        chain_stepper(links, step=9)
    with pytest.raises(ValueError, match="h is 2"):
        checker_scope(central, h=2.0)
