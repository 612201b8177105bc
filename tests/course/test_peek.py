"""The search panel drives the student's own grid search, and shows what a peek costs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import course
from course.peek.problem import draw_problem, error, fit, grid_of, make

Search = Callable[..., Any]


class Searcher:
    """A right grid search that notes how it was called."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def __call__(
        self, grid: Any, make: Any, fit: Any, error: Any, train: Any, valid: Any, open_test: Any
    ) -> dict[str, Any]:
        trials, models = [], []
        for width in grid["width"]:
            for penalty in grid["penalty"]:
                models.append(make({"width": width, "penalty": penalty}))
                fit(models[-1], *train)
                trials.append(({"width": width, "penalty": penalty}, error(models[-1], *valid)))
        self.calls.append((len(trials), len(valid[0])))
        best = int(np.argmin([value for _, value in trials]))
        return {
            "config": trials[best][0],
            "valid_error": trials[best][1],
            "test_error": error(models[best], *open_test()),
            "trials": trials,
        }


def answering(value: Any) -> Search:
    """Return a search that gives or raises this."""

    def search(*_: Any) -> Any:
        if isinstance(value, BaseException):
            raise value
        return value

    return search


@pytest.mark.parametrize(
    ("slider", "value", "call"), [("rows", 33, (9, 33)), ("steps", 4, (16, 20))]
)
def test_moved_slider_does_not_reach_the_students_function(
    slider: str, value: int, call: tuple[int, int]
) -> None:
    search = Searcher()
    panel = course.search_panel(search, steps=3)
    assert search.calls == [(9, 20)]
    getattr(panel, slider).value = value
    assert search.calls == [(9, 20), call]


def test_peek_is_free() -> None:
    """A peeked report is too kind; an honest one is right on average."""
    search = Searcher()
    panel = course.search_panel(search, rows=20, steps=6)
    assert panel.optimism is None
    assert "opened once" in repr(panel)
    panel.peek.click()
    assert panel.optimism is not None
    honest, peeked = panel.optimism
    assert peeked > 0.03
    assert abs(honest) < 0.5 * peeked
    assert len(search.calls) == 1 + 1 + 2 * 60
    panel.rows.value = 200
    assert panel.optimism is None, "the seal is whole again after a slider has moved"
    panel.peek.click()
    assert panel.optimism[1] < peeked, "many rows make a peek cheaper"


def test_picture_is_missing_before_or_after_the_peek() -> None:
    panel = course.search_panel(Searcher(), steps=3)
    before = base64.b64decode(panel.picture()["image/png"])
    panel.peek.click()
    after = base64.b64decode(panel.picture()["image/png"])
    assert before.startswith(b"\x89PNG")
    assert after != before


def test_sliders_send_values_while_they_are_dragged() -> None:
    panel = course.search_panel(Searcher(), steps=2)
    for slider in (panel.rows, panel.noise, panel.steps):
        assert slider.continuous_update is False


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NotImplementedError("a3_t5: try, choose"), "not written yet. a3_t5: try, choose"),
        (ZeroDivisionError("ouch"), "raised ZeroDivisionError: ouch"),
        (None, "something else than a dictionary"),
        ({"config": {}}, "something else than a dictionary"),
        ({"config": {"width": 7.0}, "valid_error": 1, "test_error": 1}, "something else"),
    ],
)
def test_trouble_is_a_traceback(value: Any, words: str) -> None:
    panel = course.search_panel(answering(value))
    assert words in repr(panel)
    assert panel.found is None
    assert "image/png" not in panel.picture()
    panel.peek.click()
    assert words in repr(panel)


@pytest.mark.parametrize("beyond", [{"rows": 3}, {"noise": 2.0}, {"steps": 13}])
def test_value_beyond_its_slider_is_moved_without_a_word(beyond: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="beyond its slider"):
        course.search_panel(Searcher(), **beyond)


def test_fit_is_not_the_best_ridge() -> None:
    """The slope of the penalised loss is zero at the weights."""
    problem = draw_problem(10, 0.3, 0)
    model = make({"width": 0.3, "penalty": 0.1})
    fit(model, *problem.train)
    best = error(model, *problem.train)
    fresh = make({"width": 0.3, "penalty": 0.1})
    assert best < error(fresh, *problem.train)
    flat = make({"width": 0.3, "penalty": 1e9})
    fit(flat, *problem.train)
    assert np.abs(flat.predict(problem.train[0])).max() < 1e-3
    assert len(grid_of(5)["width"]) == 5
