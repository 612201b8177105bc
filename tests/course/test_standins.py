"""Stand-ins take the steps of the library they wrap, from whatever weights they are given."""

from __future__ import annotations

import numpy as np

import course


def test_sgd_stand_in_keeps_its_velocity_and_takes_the_weights_it_is_given() -> None:
    sgd = course.StandInSGD(lr=0.1, momentum=0.5)
    w = np.array([1.0])
    np.testing.assert_allclose(sgd.step(w, np.array([4.0])), [0.6])
    np.testing.assert_allclose(sgd.step(np.array([0.6]), np.array([2.0])), [0.2])
    np.testing.assert_allclose(sgd.step(np.array([5.0]), np.array([-1.0])), [4.9])
    np.testing.assert_array_equal(w, [1.0])


def test_adam_stand_in_follows_the_example_of_the_notebook() -> None:
    adam = course.StandInAdam(lr=0.1, beta1=0.5, beta2=0.75, eps=1.0)
    w = adam.step(np.array([1.0]), np.array([4.0]))
    np.testing.assert_allclose(w, [0.92])
    np.testing.assert_allclose(adam.step(w, np.array([2.0])), [0.85372627], rtol=1e-7)


def test_results_stay_as_they_were() -> None:
    adam = course.StandInAdam(lr=0.1)
    first = adam.step(np.zeros((2, 3)), np.ones((2, 3)))
    before = first.copy()
    adam.step(first, np.ones((2, 3)))
    np.testing.assert_array_equal(first, before)
