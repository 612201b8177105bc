"""Pictures of searches show what they were given."""

from __future__ import annotations

import numpy as np
import pytest

import course


def test_heat_map_loses_a_value_or_a_mark() -> None:
    errors = np.array([[1.0, 2.0, np.nan], [4.0, 0.5, 3.0]])
    axes = course.plot_heat_map([1, 2], ["a", "b", "c"], errors, marks={"best": (1, 1)}, title="t")
    np.testing.assert_array_equal(np.asarray(axes.images[0].get_array()), errors)
    assert [text.get_text() for text in axes.get_xticklabels()] == ["a", "b", "c"]
    (mark,) = axes.lines
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == (1, 1)


def test_heat_map_of_another_shape_is_drawn() -> None:
    with pytest.raises(ValueError, match=r"shape \(2, 2\), but there are 3 rows"):
        course.plot_heat_map([1, 2, 3], [1, 2], np.zeros((2, 2)))


def test_heat_map_without_any_number_cannot_be_drawn() -> None:
    axes = course.plot_heat_map([1], [1], [[np.nan]])
    axes.get_figure().canvas.draw()


def test_learning_curves_are_drawn_on_different_scales() -> None:
    small, large = np.array([[0.1, 0.5], [0.2, 0.3]]), np.array([[2.0, 9.0], [3.0, 4.0]])
    panels = course.plot_learning_curves({"a": ([1, 10], small), "b": ([1, 10], large)})
    assert panels[0].get_ylim() == panels[1].get_ylim()
    np.testing.assert_array_equal(panels[1].lines[1].get_ydata(), large[:, 1])
    with pytest.raises(ValueError, match="3 sizes"):
        course.plot_learning_curves({"a": ([1, 2, 3], small)})
    with pytest.raises(ValueError, match="empty"):
        course.plot_learning_curves({})


def test_progress_rises_or_trips_over_nan() -> None:
    axes = course.plot_progress({"one": [3.0, 5.0, np.nan, 1.0], "two": [[4.0, 2.0], [2.0, 4.0]]})
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [3.0, 3.0, 3.0, 1.0])
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), [3.0, 2.0])
    with pytest.raises(ValueError, match="empty"):
        course.plot_progress({})


def test_posterior_points_elsewhere_than_to_the_largest_gain() -> None:
    x = np.linspace(0.0, 1.0, 5)
    panels = course.plot_posterior(
        x, x, 0.1 + x, ([0.0], [0.0]), truth=x, gain=[0, 1, 3, 2, 0], xlabel="x"
    )
    assert len(panels) == 2
    assert any(line.get_xdata()[0] == 0.5 for line in panels[1].lines if len(line.get_xdata()) == 2)
    assert len(course.plot_posterior(x, x, x, ([0.0], [0.0]))) == 1


def test_gaps_do_not_add_up() -> None:
    axes = course.plot_gaps({"bias": 1.0, "variance": -0.5}, floor=2.0)
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
    assert ends == [2.0, 3.0, 2.5]
