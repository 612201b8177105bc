"""The plots hold what they promise: one artist for each run, sample and hill, with labels."""

from __future__ import annotations

import math
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from mpl_toolkits.mplot3d.art3d import Path3DCollection, Poly3DCollection

import course
from course import TanhNetwork
from course.plots.style import BLUE, CYCLE, MUTED, STYLE, VERMILLION
from course.plots.surfaces import _is_seen

RUNS = {"SGD": [4.0, 2.0, 1.0], "Adam": [4.0, 1.0, 0.1]}


def legend_of(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_error_curve_is_missing_or_altered() -> None:
    ax = course.plot_error_curves(RUNS)
    lines = {line.get_label(): line for line in ax.lines}
    assert set(lines) == {"SGD", "Adam"}
    for name, errors in RUNS.items():
        assert lines[name].get_ydata() == pytest.approx(errors)
        assert list(lines[name].get_xdata()) == [0, 1, 2]
    assert legend_of(ax) == ["SGD", "Adam"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("steps taken", "mean squared error")


def test_curves_differ_only_in_colour() -> None:
    ax = course.plot_error_curves({str(k): [1.0, 0.5] for k in range(4)})
    assert len({line.get_color() for line in ax.lines}) == 4
    assert len({str(line._dash_pattern) for line in ax.lines}) == 4  # type: ignore[attr-defined]


@pytest.mark.parametrize(("log", "scale"), [(True, "log"), (False, "linear")])
def test_log_option_does_nothing(log: bool, scale: str) -> None:
    assert course.plot_error_curves(RUNS, log=log).get_yscale() == scale


@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize("end", [math.inf, math.nan, 1e300])
def test_diverging_run_presses_the_others_flat(end: float, log: bool) -> None:
    runs = {**RUNS, "wild": [4.0, 8.0, 1e5, end]}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = course.plot_error_curves(runs, log=log)
        ax.figure.canvas.draw()
    assert legend_of(ax) == ["SGD", "Adam", "wild (diverged)"]
    assert ax.get_ylim()[1] < 1e4
    assert [line.get_marker() for line in ax.lines].count("X") == 1


def test_spike_counts_as_divergence() -> None:
    ax = course.plot_error_curves({"spiky": [1.0, 1e6, 0.5]})
    assert legend_of(ax) == ["spiky"]


def test_run_that_starts_at_nan_fails() -> None:
    ax = course.plot_error_curves({"lost": [math.nan, math.nan], **RUNS})
    assert legend_of(ax)[0] == "lost (diverged)"


@pytest.mark.parametrize("runs", [{}, {"empty": []}, {"table": [[1.0, 2.0]]}])
def test_error_curves_take_nonsense(runs: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match=r"curves is empty|have shape"):
        course.plot_error_curves(runs)


def test_one_panel_of_four_stands_alone() -> None:
    x, t = course.noisy_sine(12)
    panels = course.plot_fits({str(k): np.sin for k in range(4)}, x, t)
    spec = panels[-1].get_subplotspec()
    assert spec is not None
    assert spec.get_geometry()[:2] == (2, 2)


def test_jumping_curve_cannot_be_told_from_another() -> None:
    jumps = 1.0 + 0.5 * np.tile([1.0, -1.0], 50)
    pale, strong = course.plot_error_curves({"jumpy": jumps}, window=20).lines
    np.testing.assert_array_equal(pale.get_ydata(), jumps)
    assert pale.get_alpha() is not None
    np.testing.assert_allclose(strong.get_ydata(), 1.0)
    assert strong.get_label() == "jumpy"
    # Each mean stands in the middle of the steps that it averages.
    np.testing.assert_allclose(np.asarray(strong.get_xdata())[[0, -1]], [9.5, 89.5])


def test_value_cannot_be_read_off_a_logarithmic_axis() -> None:
    ax = course.plot_error_curves({"race": np.geomspace(0.5, 0.012, 50)})
    ax.figure.canvas.draw()
    numbers = {text.get_text() for text in ax.get_yticklabels()}
    assert {"0.02", "0.05", "0.1", "0.2", "0.5"} <= numbers
    wide = course.plot_error_curves({"long way": np.geomspace(1.0, 1e-9, 50)})
    wide.figure.canvas.draw()
    assert len(wide.get_yticks()) < 20


def test_window_is_wider_than_the_run_or_nothing() -> None:
    strong = course.plot_error_curves({"short": [3.0, 1.0]}, window=50).lines[-1]
    np.testing.assert_allclose(strong.get_ydata(), [2.0])
    with pytest.raises(ValueError, match="window is 0"):
        course.plot_error_curves(RUNS, window=0)


def test_given_axes_are_ignored() -> None:
    _, ax = plt.subplots()
    assert course.plot_error_curves(RUNS, ax=ax) is ax


def test_drawing_changes_the_students_own_style() -> None:
    before = dict(mpl.rcParams)
    course.plot_error_curves(RUNS)
    course.plot_surface(course.hills().height)
    assert dict(mpl.rcParams) == before


def test_style_is_not_used_when_asked_for() -> None:
    assert mpl.rcParams["axes.spines.top"]
    course.use_style()
    assert not mpl.rcParams["axes.spines.top"]
    assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(CYCLE)
    assert set(STYLE) <= set(mpl.rcParams)


def test_fit_lacks_data_truth_or_model() -> None:
    x, t = course.noisy_sine(12)
    panels = course.plot_fits({"sin": np.sin, "zero": np.zeros_like}, x, t, truth=np.sin)
    assert len(panels) == 2
    for ax in panels:
        assert [line.get_label() for line in ax.lines] == ["data", "truth", "model"]
        assert len(ax.lines[0].get_xdata()) == 12
        assert ax.get_xlabel() == "x (rad)"
    assert panels[0].get_ylim() == panels[1].get_ylim()
    assert panels[1].get_title(loc="left") == f"zero: RMSE {np.sqrt(np.mean(t**2)):.3f}"


def test_fits_take_nonsense() -> None:
    x, t = course.noisy_sine(12)
    with pytest.raises(ValueError, match="do not fit"):
        course.plot_fits({}, x, t)
    with pytest.raises(ValueError, match="do not fit"):
        course.plot_fits({"sin": np.sin}, x, t[:5])
    with pytest.raises(ValueError, match=r"flat has shape \(300,\)"):
        course.plot_fits({"flat": lambda x: x[:, 0]}, x, t)


def test_hidden_unit_is_missing() -> None:
    network = TanhNetwork([1, 4, 3, 1])
    x, _ = course.noisy_sine()
    (ax,) = course.plot_hidden_units(network.hidden, x)
    assert len(ax.lines) == 4
    along = ax.lines[2].get_xdata()
    expected = network.hidden(np.reshape(along, (-1, 1)))[0][:, 2]
    assert ax.lines[2].get_ydata() == pytest.approx(expected)
    assert len(course.plot_hidden_units(network.hidden, x, layer=1)[0].lines) == 3
    for number, text in enumerate(ax.texts):  # each number stands on its own line
        east, height = text.get_position()
        assert text.get_text() == str(number)
        assert height == pytest.approx(network.hidden([[east]])[0][0, number])


def test_map_of_a_hidden_unit_is_turned_or_missing() -> None:
    network = TanhNetwork([2, 7, 1])
    panels = course.plot_hidden_units(network.hidden, course.hills().x)
    assert len(panels) == 7
    (image,) = panels[3].images
    assert image.get_extent() == [0, 10, 0, 10]
    shown = np.asarray(image.get_array())
    south_east = network.hidden([[10.0, 0.0]])[0][0, 3]
    assert shown[0, -1] == pytest.approx(south_east)  # the first row is the lowest: south
    assert image.get_clim() == (-1, 1)


def test_hidden_units_take_nonsense() -> None:
    network = TanhNetwork([1, 4, 1])
    with pytest.raises(ValueError, match="no hidden layer 1; there are 1"):
        course.plot_hidden_units(network.hidden, [[0.0], [1.0]], layer=1)
    with pytest.raises(ValueError, match=r"x has shape \(2, 3\)"):
        course.plot_hidden_units(network.hidden, np.zeros((2, 3)))


def test_surface_lacks_land_samples_or_units() -> None:
    data = course.hills()
    ax = course.plot_surface(data.height, data.split(0), title="Hills")
    (land,) = (c for c in ax.collections if isinstance(c, Poly3DCollection))
    samples = [c for c in ax.collections if isinstance(c, Path3DCollection)]
    assert [c.get_label() for c in samples] == ["train (960)", "valid (320)", "test (320)"]
    assert len({tuple(c.get_facecolor()[0]) for c in samples}) == 3
    assert len({len(c.get_paths()[0].vertices) for c in samples}) == 3, "markers look alike"
    assert all(len(c._offsets3d[0]) > 100 for c in samples)
    assert all(c.get_zorder() > land.get_zorder() for c in samples)
    labels = (ax.get_xlabel(), ax.get_ylabel(), ax.get_zlabel())
    assert labels == ("east (km)", "north (km)", "height (100 m)")


def test_samples_vanish_under_the_land() -> None:
    data = course.hills()
    ax = course.plot_surface(data.height, data.split(0))
    ax.get_legend().remove()
    canvas = ax.figure.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].astype(float)
    for color in (MUTED, BLUE, VERMILLION):
        distance = np.abs(pixels - 255 * np.array(to_rgb(color))).max(axis=2)
        assert (distance < 12).sum() > 1000, color


def test_surface_is_lit_evenly() -> None:
    ax = course.plot_surface(course.hills().height)
    (land,) = ax.collections
    brightness = land._facecolor3d[:, :3].mean(axis=1).reshape(100, 100)
    west_slope, east_slope = brightness[20, 8:16].mean(), brightness[20, 24:32].mean()
    assert west_slope > east_slope + 0.1


def test_sample_behind_a_hill_is_drawn_through_it() -> None:
    data = course.hills(noise=0)
    places = np.array([[2.0, 2.0], [2.0, 3.4], [2.0, 0.2], [9.9, 9.9]])
    seen = _is_seen(data.height, places, data.height(places))
    assert seen.tolist() == [True, False, True, True]


def test_panels_differ_in_scale_or_show_the_test_samples() -> None:
    data = course.hills()
    split = data.split(1)
    scenes = course.plot_surfaces({"truth": data.height, "flat": lambda x: 0 * x[:, :1]}, split)
    assert len(scenes) == 2
    assert {scene.get_zlim() for scene in scenes} == {(0.0, 5.5)}
    expected = np.sqrt(np.mean(split.t_valid**2))
    assert scenes[1].get_title() == f"flat\nRMSE {expected:.2f}"
    assert all(len(scene.collections) == 1 for scene in scenes)


def test_surfaces_take_nonsense() -> None:
    with pytest.raises(ValueError, match="surfaces is empty"):
        course.plot_surfaces({})
    with pytest.raises(ValueError, match=r"what the surface returned has shape \(10201,\)"):
        course.plot_surface(lambda x: x[:, 0])
    with pytest.raises(ValueError, match="returned 5 heights for 10201"):
        course.plot_surface(lambda x: x[:5, :1])


def test_plots_are_empty_pictures() -> None:
    """Every plot draws to the end and leaves ink on the paper."""
    data = course.hills()
    x, t = course.noisy_sine()
    for ax in [
        course.plot_error_curves(RUNS),
        course.plot_fits({"sin": np.sin}, x, t)[0],
        course.plot_hidden_units(TanhNetwork([2, 3, 1]).hidden, data.x)[0],
        course.plot_surface(data.height, data.split(0)),
    ]:
        canvas = ax.figure.canvas
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3]
        assert (pixels < 128).any(axis=2).mean() > 0.003


def test_borders_show_each_classifier_and_its_accuracy_on_test_points() -> None:
    points = course.v_shape()
    panels = course.plot_borders(
        {
            "the rule": lambda x: x[:, 1] > 1.5 * np.abs(x[:, 0]) - 1.0,
            "nobody": lambda x: np.zeros(len(x)),
        },
        points,
    )
    titles = [panel.get_title(loc="left") for panel in panels]
    outside = np.mean(points.labels_test == 0)
    assert titles[1] == f"nobody: {outside:.0%}"
    assert titles[0].startswith("the rule: 9")
    with pytest.raises(ValueError, match="at least one"):
        course.plot_borders({}, points)
