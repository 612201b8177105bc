"""A mark that is missing is no zero, neither on paper nor in the export."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from .conftest import Batch


@pytest.fixture(scope="session")
def exported(marked: Batch) -> dict[str, dict[str, str]]:
    """What ``nbgrader export`` writes, by student; one of them has every cell marked."""
    log = marked.course.run("export")
    assert "marks are not final and were left empty" in log
    with (marked.course.root / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_complete_mark_is_exported(exported: dict[str, dict[str, str]]) -> None:
    row = exported["zoe"]
    assert (row["score"], row["max_score"], row["provisional"]) == ("6.5", "7.0", "")


@pytest.mark.parametrize(
    ("student", "waiting"),
    [("ada", "1 cell without a mark"), ("not_json", "3 cells without a mark")],
)
def test_missing_mark_is_exported_as_nothing(
    exported: dict[str, dict[str, str]], student: str, waiting: str
) -> None:
    row = exported[student]
    assert (row["score"], row["raw_score"], row["provisional"]) == ("", "", waiting)


def test_feedback_says_that_marks_are_missing(feedback: Callable[[str], str]) -> None:
    headings = {
        name: BeautifulSoup(feedback(name), "html.parser").h4.get_text()  # type: ignore[union-attr]
        for name in ("ada", "zoe")
    }
    assert "provisional: 1 cell without a mark" in headings["ada"]
    assert "provisional" not in headings["zoe"]
