"""Pictures and panel about parallel training: what they draw, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.pipeline import pipeline_panel
from course.plots.memory import plot_memory
from course.plots.timeline import idle_share, plot_pipeline
from course.workers import simulate_workers

TABLE = [["F0", "F1", "", "", "B0", "B1"], ["", "F0", "F1", "B0", "B1", ""]]


def test_memory_bars_add_up_in_a_readable_unit() -> None:
    ax = plot_memory(
        {"whole": {"weights": 4e9, "optimizer": 8e9}, "cut": {"weights": 1e9}}, limit_bytes=10e9
    )
    assert "GB" in ax.get_xlabel()
    assert [text.get_text().strip() for text in ax.texts] == ["12 GB", "1 GB"]


@pytest.mark.parametrize("ledgers", [{}, {"a": {"weights": -1.0}}])
def test_memory_refuses_nonsense(ledgers: Any) -> None:
    with pytest.raises(ValueError, match=r"empty|negative"):
        plot_memory(ledgers)


def test_timeline_shows_every_job_and_the_bubble() -> None:
    ax = plot_pipeline(TABLE)
    jobs = [job for row in TABLE for job in row if job]
    assert sorted(text.get_text() for text in ax.texts) == sorted(jobs)
    assert idle_share(TABLE) == pytest.approx(1 / 3)


@pytest.mark.parametrize("schedule", [[], [["F0"], []], [["X1"]], [["F"]]])
def test_timeline_refuses_what_is_no_schedule(schedule: Any) -> None:
    with pytest.raises(ValueError, match=r"one row a stage|no F0"):
        plot_pipeline(schedule)


def test_panel_asks_the_students_function_for_each_move() -> None:
    asked: list[tuple[int, int]] = []

    def schedule(stages: int, micro_batches: int) -> list[list[str]]:
        asked.append((stages, micro_batches))
        return TABLE

    panel = pipeline_panel(schedule, stages=2, micro_batches=2)
    panel.stages.value = 5
    panel.micro_batches.value = 9
    assert asked == [(2, 2), (5, 2), (5, 9)]
    assert "idle for 33.3%" in panel.message.value
    assert set(panel.picture()) == {"image/png", "text/plain"}


def test_panel_says_what_is_wrong_with_a_schedule() -> None:
    def unwritten(stages: int, micro_batches: int) -> list[list[str]]:
        raise NotImplementedError("not yet")

    panel = pipeline_panel(unwritten)
    assert "not yet" in panel.message.value
    assert set(panel.picture()) == {"text/plain"}


def test_synchronous_workers_step_as_fast_as_the_slowest() -> None:
    losses = simulate_workers([1, 1, 6], 0.5, ticks=12, synchronous=True)
    assert np.flatnonzero(np.diff(losses)).tolist() == [5, 11]
    assert losses[-1] == pytest.approx(0.25**2 / 2)


def test_late_gradients_hurt_at_large_rates_only() -> None:
    small, large = (
        simulate_workers([1, 1, 1, 20], rate, ticks=400, synchronous=False) for rate in (0.2, 2.0)
    )
    assert small[-1] < 1e-6
    assert large[200:].max() > small[200:].max()


@pytest.mark.parametrize("pace", [[], [1, 0]])
def test_workers_need_time(pace: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one tick"):
        simulate_workers(pace, 0.1, ticks=3, synchronous=True)
