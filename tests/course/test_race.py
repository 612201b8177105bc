"""The race drives the student's own classes, and speaks kindly of what goes wrong in them."""

from __future__ import annotations

import base64
import functools
import math
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

import course
from course.arrays import Array
from course.race.picture import draw_race
from course.race.runs import run_race
from course.race.tracks import STEEP, TRACKS


class SGD:
    """Notes how it was constructed and what it was asked."""

    made: list[dict[str, Any]] = []  # noqa: RUF012 - one list for the class is the point
    asked: list[tuple[Array, Array]] = []  # noqa: RUF012

    def __init__(self, lr: float, momentum: float = 0.0, schedule: object = None) -> None:
        SGD.made.append({"lr": lr, "momentum": momentum, "schedule": schedule})
        self.lr, self.momentum, self.v = lr, momentum, np.zeros(2)

    def step(self, w: Array, g: Array) -> Array:
        SGD.asked.append((w.copy(), g.copy()))
        self.v = self.momentum * self.v + g
        return w - self.lr * self.v


class Adam:
    def __init__(
        self, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8
    ) -> None:
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m: Array | None = None
        self.v: Array | None = None
        self.t = 0

    def step(self, w: Array, g: Array) -> Array:
        if self.m is None or self.v is None:
            self.m, self.v = np.zeros_like(w), np.zeros_like(w)
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m, v = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        return np.asarray(w - self.lr * m / (np.sqrt(v) + self.eps))


class Switched(Adam):
    """An Adam with a switch of its own."""

    def __init__(self, lr: float = 0.1, bias_correction: bool = True) -> None:
        super().__init__(lr)
        self.switched_on = bias_correction

    def step(self, w: Array, g: Array) -> Array:
        return w - self.lr * g if self.switched_on else w


def answering(value: object) -> Any:
    """Return an optimizer class whose step gives or raises this value."""

    class Answering:
        def __init__(self, lr: float = 0.1) -> None:
            pass

        def step(self, w: Array, g: Array) -> object:
            if isinstance(value, BaseException):
                raise value
            return value

    return Answering


@pytest.fixture(autouse=True)
def _forget() -> None:
    SGD.made.clear()
    SGD.asked.clear()


@pytest.mark.parametrize(("slider", "value"), [("lr", 0.05), ("momentum", 0.75)])
def test_moved_slider_does_not_reach_the_students_class(slider: str, value: float) -> None:
    race = course.optimizer_race({"SGD": SGD}, steps=5)
    assert (len(SGD.made), len(SGD.asked)) == (1, 5)
    before = race.runs["SGD"].path
    race.controls["SGD"][slider].value = value
    assert len(SGD.made) == 2
    assert SGD.made[-1] == {**SGD.made[0], slider: value}
    assert len(SGD.asked) == 10
    assert not np.array_equal(race.runs["SGD"].path, before)


def test_path_is_not_the_students_own() -> None:
    race = course.optimizer_race({"SGD": SGD}, steps=3, start={"SGD": {"lr": 0.01}})
    w = np.array(TRACKS["quadratic"].start)
    for point, (asked_w, asked_g) in zip(race.runs["SGD"].path, SGD.asked, strict=False):
        assert point == pytest.approx(w)
        assert asked_w == pytest.approx(w)
        assert asked_g == pytest.approx([w[0], STEEP * w[1]])
        w = w - 0.01 * asked_g
    assert race.runs["SGD"].path[-1] == pytest.approx(w)


def test_shared_controls_do_nothing() -> None:
    race = course.optimizer_race({"SGD": SGD}, steps=5)
    race.steps.value = 9
    assert len(race.runs["SGD"].path) == 10
    race.surface.value = "valley"
    assert race.runs["SGD"].path[0] == pytest.approx(TRACKS["valley"].start)


@pytest.mark.parametrize("name", TRACKS)
def test_slope_of_a_surface_is_wrong(name: str) -> None:
    track = TRACKS[name]
    rng, h = np.random.default_rng(0), 1e-6
    for w in rng.uniform(-2, 2, size=(10, 2)):
        for axis, shift in enumerate(np.eye(2) * h):
            slope = (track.loss(*(w + shift)) - track.loss(*(w - shift))) / (2 * h)
            assert track.gradient(w)[axis] == pytest.approx(slope, rel=1e-6, abs=1e-6)
    assert track.loss(*np.array(track.goal)) == 0


def test_sliders_send_values_while_they_are_dragged() -> None:
    race = course.optimizer_race({"SGD": SGD, "Adam": Adam}, steps=2)
    assert list(race.controls["SGD"]) == ["lr", "momentum"]
    assert list(race.controls["Adam"]) == ["lr", "beta1", "beta2", "eps", "bias_correction"]
    sliders = [
        c for group in race.controls.values() for c in group.values() if hasattr(c, "readout")
    ]
    assert len(sliders) == 6
    assert all(slider.continuous_update is False for slider in [*sliders, race.steps])


def test_optimizer_gets_settings_it_does_not_take() -> None:
    bound = functools.partial(SGD, schedule=len)
    race = course.optimizer_race({"SGD": bound}, steps=1)
    assert not race.runs["SGD"].trouble
    assert SGD.made[0]["schedule"] is len


def test_switched_off_correction_still_corrects() -> None:
    race = course.optimizer_race({"Adam": Adam}, steps=8, start={"Adam": {"lr": 0.1}})
    corrected = race.runs["Adam"].path
    assert np.abs(corrected[1] - corrected[0]) == pytest.approx(0.1, rel=1e-4)
    race.controls["Adam"]["bias_correction"].value = False
    w, m, v = np.array(TRACKS["quadratic"].start), np.zeros(2), np.zeros(2)
    for point in race.runs["Adam"].path:
        assert point == pytest.approx(w)
        g = TRACKS["quadratic"].gradient(w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - 0.1 * m / (np.sqrt(v) + 1e-8)


def test_own_switch_of_an_optimizer_is_overlooked() -> None:
    race = course.optimizer_race({"own": Switched}, steps=3)
    moved = race.runs["own"].path
    race.controls["own"]["bias_correction"].value = False
    assert not np.array_equal(moved[-1], moved[0])
    assert np.array_equal(race.runs["own"].path[-1], moved[0])
    assert not race.runs["own"].trouble


@pytest.mark.parametrize(
    ("value", "state", "told"),
    [
        (NotImplementedError("a1_t5: write it"), "not written yet", "a1_t5: write it"),
        (NotImplementedError(), "not written yet", "not written yet"),
        (KeyError("beta"), "stopped", "your code raised KeyError: 'beta'"),
        (ValueError("too small"), "stopped", "your code raised ValueError: too small"),
        (SystemExit(0), "stopped", "your code raised SystemExit"),
        (None, "stopped", "returned None; it must return the new weights"),
        ("w", "stopped", "returned str"),
        (np.zeros(3), "stopped", "shape (3,)"),
        (np.array([math.nan, 0.0]), "stopped", "no finite weights"),
        (np.array([1e9, 0.0]), "diverged", "grew beyond a million"),
    ],
)
def test_trouble_in_the_students_code_leaves_the_panel(
    value: object, state: str, told: str
) -> None:
    race = course.optimizer_race({"mine": answering(value), "SGD": SGD}, steps=4)
    run = race.runs["mine"]
    assert run.state == state
    assert told in run.trouble
    assert told in repr(race)
    assert "mine" in race.message.value
    assert len(race.runs["SGD"].path) == 5, "the other one races all the same"
    assert f"mine ({state})" in legend_of(race)
    race.controls["mine"]["lr"].value = 0.3  # nor does it raise in a callback


def test_stub_whose_constructor_raises_breaks_the_panel() -> None:
    class Stub:
        def __init__(self, lr: float, beta1: float = 0.9, beta2: float = 0.999) -> None:
            raise NotImplementedError("a1_t5: keep the settings")

    race = course.optimizer_race({"Adam": Stub})
    assert list(race.controls["Adam"]) == ["lr", "beta1", "beta2", "bias_correction"]
    assert race.runs["Adam"].trouble == "not written yet. a1_t5: keep the settings"


def test_students_text_is_read_as_html_or_mathematics() -> None:
    bad = answering(RuntimeError("<script>alert(1)</script> $\\frac{$"))
    race = course.optimizer_race({"<b>$x^$": bad})
    assert "<script>" not in race.message.value
    assert "&lt;script&gt;" in race.message.value
    assert "<b>$x^$</b>" not in str(race.panel.children[1].children[0].children[0].value)
    assert race.picture()["image/png"]


def test_exception_that_cannot_be_printed_breaks_the_panel() -> None:
    class Unprintable(Exception):
        def __str__(self) -> str:
            raise TypeError("no")

    race = course.optimizer_race({"mine": answering(Unprintable())})
    assert "Unprintable: (its message cannot be shown)" in race.runs["mine"].trouble


def test_keyboard_interrupt_is_swallowed() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_race(answering(KeyboardInterrupt()), {}, TRACKS["valley"], 3, corrected=True)


def test_optimizer_that_reuses_its_array_flattens_the_path() -> None:
    class InPlace:
        def __init__(self, lr: float) -> None:
            self.w = np.zeros(2)

        def step(self, w: Array, g: Array) -> Array:
            self.w[:] = w - 0.01 * g
            return self.w

    path = course.optimizer_race({"mine": InPlace}, steps=5).runs["mine"].path
    assert len({tuple(point) for point in path}) == 6


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"optimizers": {}}, "optimizers has"),
        ({"surface": "moon"}, "no surface 'moon'; choose one of"),
        ({"steps": 0}, "steps is 0"),
        ({"start": {"Adam": {"lr": 0.1}}}, r"start names also \['Adam'\]"),
        ({"start": {"SGD": {"beta1": 0.1}}}, "no control for beta1"),
        ({"start": {"SGD": {"lr": 1e5}}}, "lr is 100000.0, beyond its slider"),
    ],
)
def test_race_takes_nonsense(arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        course.optimizer_race(**{"optimizers": {"SGD": SGD}, **arguments})


def test_picture_lacks_a_path_or_a_label() -> None:
    race = course.optimizer_race({"SGD": SGD, "Adam": Adam}, steps=7)
    figure = draw_race(TRACKS["quadratic"], race.runs)
    left, right = figure.axes
    assert legend_of(race) == ["SGD", "Adam"]
    for run, line in zip(race.runs.values(), path_lines(left), strict=True):
        assert np.allclose(line.T, run.path)
    assert len(right.lines) == 2
    assert (left.get_xlabel(), right.get_xlabel()) == ("weight $w_1$", "steps taken")
    assert right.get_yscale() == "log"


def test_picture_is_no_png() -> None:
    bundle = course.optimizer_race({"SGD": SGD}, steps=3).picture()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "SGD: loss" in bundle["text/plain"]


def legend_of(race: Any) -> list[str]:
    (legend,) = draw_race(TRACKS[race.surface.value], race.runs).legends
    return [text.get_text() for text in legend.get_texts()]


def path_lines(ax: Axes) -> list[Array]:
    """Return the drawn paths, each of shape (2, points)."""
    return [np.array(line.get_data()) for line in ax.lines if len(line.get_xdata()) > 1]
