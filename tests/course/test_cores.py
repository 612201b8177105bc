"""The cores panel and functions that travel."""

from __future__ import annotations

import pickle
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from course import cores_panel, portable
from course.plots.cores import CoreTimes, plot_cores


def halves(n: int, workers: int) -> list[tuple[int, int]]:
    ends = [n * worker // workers for worker in range(workers + 1)]
    return list(pairwise(ends))


def test_times_follow_amdahl() -> None:
    times = CoreTimes.of([1] * 8, halves(8, 4), 4, 50)
    assert (times.serial, times.length) == (8, 10)
    assert times.speed_up == pytest.approx(times.bound) == pytest.approx(1.6)
    assert len(plot_cores(times).get_yticklabels()) == 4


@pytest.mark.parametrize("cut", [[(0, 3)], [(0, 4), (3, 8)], [(0, 2), (2, 5), (5, 8)]])
def test_chunks_that_do_not_fit_are_refused(cut: Any) -> None:
    with pytest.raises(ValueError, match="chunks"):
        CoreTimes.of([1] * 8, cut, 2, 0)


def test_panel_asks_the_students_own_function() -> None:
    asked: list[tuple[int, int]] = []

    def chunks(n: int, workers: int) -> list[tuple[int, int]]:
        asked.append((n, workers))
        return halves(n, workers)

    panel = cores_panel(chunks, workers=4)
    panel.workers.value = 6
    panel.serial.value = 30
    assert asked == [(24, 4), (24, 6), (24, 6)]
    assert "image/png" in panel.picture()


def test_panel_says_what_is_wrong() -> None:
    panel = cores_panel(lambda n, workers: [(0, 1)])
    assert "every job" in repr(panel)
    assert "every job" in panel.message.value
    assert "image/png" not in panel.picture()
    with pytest.raises(ValueError, match="serial part, % is 95, beyond"):
        cores_panel(halves, serial=95)


def test_portable_function_works_where_its_name_means_nothing() -> None:
    base = 40
    travelling = pickle.dumps(portable(lambda x: base + x))
    code = "import pickle, sys; print(pickle.load(sys.stdin.buffer)(2))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=travelling, capture_output=True, check=True
    )
    assert done.stdout.split() == [b"42"]
