"""The V and the river: repeatable, split without overlap, and not to be parted by a line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from course import river, v_shape
from course.classes import LabelledPoints

Make = Callable[..., LabelledPoints]
BOTH = pytest.mark.parametrize("make", [v_shape, river])


@BOTH
def test_same_seed_gives_the_same_points_and_another_one_others(make: Make) -> None:
    one, same, other = make(seed=3), make(seed=3), make(seed=4)
    np.testing.assert_array_equal(one.x_train, same.x_train)
    np.testing.assert_array_equal(one.labels_test, same.labels_test)
    assert not np.array_equal(one.x_train, other.x_train)


@BOTH
def test_every_point_is_in_one_part_and_both_classes_in_each(make: Make) -> None:
    points = make(n=403)
    parts = [points.x_train, points.x_valid, points.x_test]
    assert [len(part) for part in parts] == [241, 81, 81]
    assert len(np.unique(np.concatenate(parts), axis=0)) == 403
    for labels in (points.labels_train, points.labels_valid, points.labels_test):
        assert set(labels) == {0, 1}


@BOTH
def test_no_line_parts_the_classes_but_their_rule_does(make: Make) -> None:
    points = make(n=2000, noise=0.0)
    x, labels = points.x_train, points.labels_train
    columns = np.column_stack([np.ones(len(x)), x])
    by_line = columns @ np.linalg.lstsq(columns, labels, rcond=None)[0] > 0.5
    assert np.mean(by_line == labels) < 0.9
    rules = {
        v_shape: x[:, 1] > 1.5 * np.abs(x[:, 0]) - 1.0,
        river: np.abs(x[:, 1] - np.sin(2.5 * x[:, 0])) < 0.5,
    }
    np.testing.assert_array_equal(labels, rules[make])


@BOTH
def test_impossible_wishes_are_refused(make: Make) -> None:
    with pytest.raises(ValueError, match="at least 10 points"):
        make(n=9)
    with pytest.raises(ValueError, match="cannot be negative"):
        make(noise=-0.1)
