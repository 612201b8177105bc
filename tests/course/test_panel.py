"""What all panels share: they ask, draw and tell, and no trouble leaves a slider."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from flask import Flask
from matplotlib.figure import Figure

import course
from course.panel import Panel, slider


class Unprintable(Exception):
    def __str__(self) -> str:
        raise TypeError("no")


class Squares(Panel):
    """A panel whose student's function is one of a number."""

    def __init__(self, function: Callable[[int], Any], *, fails: bool = False) -> None:
        self._function, self._fails = function, fails
        self.number = slider(widgets.IntSlider, "number", 2, 0, 9)
        super().__init__([self.number])

    def compute(self) -> None:
        self.value = 0
        self.value = int(self._function(self.number.value))

    def draw(self) -> Figure | None:
        if self._fails:
            raise ZeroDivisionError("ink")
        if self.trouble:
            return None
        figure = Figure(figsize=(2.0, 1.0))
        figure.subplots().plot([0, self.value])
        return figure

    def subject(self) -> str:
        return f"f({self.number.value})"

    def finding(self) -> str:
        return f"{self.subject()} = {self.value} < 100"


def raising(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises this, whatever it is asked."""

    def function(*_: Any, **__: Any) -> Any:
        raise error

    return function


def size_of(panel: Panel) -> tuple[int, int]:
    """Return width and height of the panel's PNG, which stand in its first bytes."""
    header = base64.b64decode(panel.picture()["image/png"])[16:24]
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")


def test_moved_slider_replaces_picture_and_words() -> None:
    panel = Squares(lambda x: x * x)
    before = panel.picture()
    shown: list[dict[str, str]] = []
    panel._display = type("Handle", (), {"update": lambda _, data, raw: shown.append(data)})()
    panel.number.value = 3
    assert before["text/plain"] == "f(2) = 4 < 100"
    assert shown == [panel.picture()]
    assert shown[0]["image/png"] != before["image/png"]
    assert repr(panel) == shown[0]["text/plain"] == "f(3) = 9 < 100"
    assert panel.message.value == '<div role="status">f(3) = 9 &lt; 100</div>'


def test_picture_has_the_look_of_the_course_and_is_no_figure_of_pyplot() -> None:
    with mpl.rc_context({"figure.dpi": 33, "savefig.dpi": "figure"}):
        assert size_of(Squares(abs)) == (220, 110)
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotImplementedError("a9_t1: square"), "a9_t1: square"),
        (NotImplementedError(), "NotImplementedError"),
        (ValueError("too <small>"), "too <small>"),
        (ValueError(), "ValueError"),
        (KeyError("x"), "KeyError: 'x'"),
        (SystemExit(3), "SystemExit: 3"),
        (Unprintable(), "Unprintable: (its message cannot be shown)"),
    ],
)
def test_what_a_students_function_raises_is_told_in_words(error: BaseException, told: str) -> None:
    panel = Squares(raising(error))
    assert panel.trouble == told
    assert panel.picture() == {"text/plain": f"f(2): {told}"}
    assert "<small>" not in panel.message.value
    panel.number.value = 5
    assert repr(panel) == f"f(5): {told}"


@pytest.mark.parametrize(
    ("answer", "told"), [("four", "invalid literal"), (None, "TypeError: int() argument")]
)
def test_answer_that_cannot_be_used_is_told_in_words(answer: Any, told: str) -> None:
    panel = Squares(lambda _: answer)
    assert panel.trouble.startswith(told)
    panel._function = abs
    panel.number.value = 3
    assert not panel.trouble, "trouble ends with its reason"
    assert "image/png" in panel.picture()


def test_picture_that_cannot_be_drawn_is_told_after_what_came_before() -> None:
    assert Squares(abs, fails=True).picture() == {"text/plain": "f(2): ZeroDivisionError: ink"}
    assert "KeyError" in repr(Squares(raising(KeyError()), fails=True))


def test_keyboard_interrupt_stops_the_cell() -> None:
    with pytest.raises(KeyboardInterrupt):
        Squares(raising(KeyboardInterrupt()))


def app_raising(error: BaseException) -> Callable[[], Flask]:
    app = Flask("theirs")
    app.testing = True  # so that the client passes on what a view raises
    app.post("/predict")(raising(error))
    return lambda: app


@pytest.mark.parametrize("error", [SystemExit(3), Unprintable(), KeyError("x")])
@pytest.mark.parametrize(
    ("make", "slider_name"),
    [
        (lambda error: course.chain_stepper(raising(error)), "x"),
        (lambda error: course.checker_scope(raising(error)), "h"),
        (lambda error: course.cores_panel(raising(error)), "workers"),
        (lambda error: course.pipeline_panel(raising(error)), "stages"),
        (lambda error: course.search_panel(raising(error)), "rows"),
        (lambda error: course.optimizer_race({"mine": raising(error)}), "steps"),
        (lambda error: course.request_console(app_raising(error)), "repeats"),
    ],
    ids=["chain", "checker", "cores", "pipeline", "search", "race", "console"],
)
def test_no_trouble_leaves_a_slider_of_any_panel(
    make: Callable[[BaseException], Any], slider_name: str, error: BaseException
) -> None:
    panel = make(error)
    moved = getattr(panel, slider_name)
    moved.value = moved.max
    told = type(error).__name__
    assert told in repr(panel)
    assert told in panel.message.value
    assert panel.picture()["text/plain"] == repr(panel)


@pytest.mark.parametrize(
    ("kind", "value", "ends", "nearest"),
    [
        (widgets.IntSlider, 0, (1, 8), "1"),
        (widgets.IntSlider, 2.5, (1, 8), "2"),
        (widgets.FloatSlider, 4.0, (-3.0, 3.0), "3"),
        (widgets.FloatLogSlider, 1e-14, (-13, 0), "1e-13"),
    ],
)
def test_value_beyond_its_slider_is_refused(
    kind: Any, value: float, ends: tuple[float, float], nearest: str
) -> None:
    with pytest.raises(ValueError, match=f"size is .* beyond .* the nearest there is {nearest}$"):
        slider(kind, "size", value, *ends)
