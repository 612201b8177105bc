"""In a real browser, the search panel calls the student's own grid search, and peeks on demand."""

from __future__ import annotations

import pytest

from .conftest import Show
from .lab import Sheet

pytestmark = pytest.mark.slow

SEARCH = """
import course

def mine(grid, make, fit, error, train, valid, open_test):
    trials, models = [], []
    for width in grid["width"]:
        for penalty in grid["penalty"]:
            models.append(make({"width": width, "penalty": penalty}))
            fit(models[-1], *train)
            config = {"width": width, "penalty": penalty}
            trials.append((config, error(models[-1], *valid)))
    with open("asked.txt", "a") as log:
        print(len(trials), len(valid[0]), file=log)
    best = min(range(len(trials)), key=lambda i: trials[i][1])
    return {"config": trials[best][0], "valid_error": trials[best][1], "trials": trials,
            "test_error": error(models[best], *open_test())}

course.search_panel(mine, rows=20, steps=4)
"""
"""A student's own grid search, which writes down how large the grid and the validation set were."""


def called(sheet: Sheet) -> list[list[int]]:
    """Return grid size and validation rows of each call of the student's search."""
    return [[int(number) for number in line.split()] for line in sheet.asked()]


def wait_for_words(sheet: Sheet, words: str) -> None:
    """Wait until the panel says this."""
    sheet.page.wait_for_function(
        "words => document.querySelector('.jp-Notebook [role=status]')?.innerText.includes(words)",
        arg=words,
        timeout=60_000,
    )


def test_slider_calls_the_students_search_once_it_rests(show: Show) -> None:
    sheet = show(SEARCH)
    assert called(sheet) == [[16, 20]]
    sheet.drag("rows to choose by", 40)
    sheet.keep("search_moved")
    calls = called(sheet)
    assert len(calls) == 2, "it ran while the slider was still moving"
    assert calls[1][0] == 16
    assert calls[1][1] > 25


def test_button_searches_again_and_tells_what_the_peek_was_worth(show: Show) -> None:
    sheet = show(SEARCH)
    earlier = len(called(sheet))
    with sheet.another_picture():
        sheet.page.click("button:has-text('Peek at the test set')")
        wait_for_words(sheet, "too kind by")
    sheet.keep("search_peeked")
    assert len(called(sheet)) > earlier + 40
