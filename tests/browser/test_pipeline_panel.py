"""In a real browser, moving a slider of the pipeline panel asks the student's own schedule."""

from __future__ import annotations

import pytest

from .conftest import Show
from .lab import Sheet

pytestmark = pytest.mark.slow

PANEL = """
import course

def mine(stages, micro_batches):
    with open("asked.txt", "a") as log:
        print(stages, micro_batches, file=log)
    rows, n, m = [], stages, micro_batches
    for s in range(n):
        there = [""] * s + [f"F{i}" for i in range(m)] + [""] * (n - 1 - s)
        rows.append(there + [""] * (n - 1 - s) + [f"B{i}" for i in range(m)] + [""] * s)
    return rows

course.pipeline_panel(mine, stages=4, micro_batches=4)
"""
"""A student's own schedule, which writes down what it is asked for."""


def called(sheet: Sheet) -> list[tuple[int, ...]]:
    """Return the stages and micro-batches of each call of the student's function."""
    return [tuple(int(number) for number in line.split()) for line in sheet.asked()]


def test_each_slider_asks_the_students_schedule_once(show: Show) -> None:
    sheet = show(PANEL)
    assert called(sheet) == [(4, 4)]
    sheet.drag("micro-batches", 40)
    sheet.keep("pipeline_more_micro_batches")
    calls = called(sheet)
    assert len(calls) == 2, "it ran while the slider was still moving"
    stages, micro_batches = calls[1]
    assert stages == 4
    assert micro_batches > 4
    sheet.drag("stages", 60)
    sheet.keep("pipeline_more_stages")
    stages, unchanged = called(sheet)[-1]
    assert stages > 4
    assert unchanged == micro_batches
    idle = (stages - 1) / (stages - 1 + micro_batches)
    assert f"idle for {idle:.1%}" in sheet.page.inner_text(".jp-Notebook [role=status]")
