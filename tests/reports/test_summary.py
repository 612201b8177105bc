"""The summary page must load nothing, run nothing, and admit what is missing."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

from autograder.contract import Contract
from autograder.outcomes import Outcome, SubmissionResult
from autograder.reports import render_summary, write_summary

from .conftest import hidden_test, submission

MADE = datetime(2024, 5, 1, 12, 30)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>\u202e\x1b[2J"
SAFE_TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "h2",
        "p",
        "strong",
        "dl",
        "div",
        "dt",
        "dd",
        "section",
        "svg",
        "rect",
        "text",
        "line",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "br",
        "footer",
    ]
)


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_of_students_stays_text(contract: Contract) -> None:
    failed = hidden_test("test_a", Outcome.FAILED, message=EVIL)
    results = [submission(EVIL, failed, notes=("Note: " + EVIL,)), submission("zoe", damaged=EVIL)]
    page = Tags(render_summary("x1", contract, results, MADE))
    assert page.tags <= SAFE_TAGS
    assert not {name for name, _ in page.attributes if name.startswith("on")}
    assert page.text.count("<script>alert(1)</script>") == 4  # name, message, note, damage
    assert not {"\x1b", "\u202e"} & set(page.text)
    assert "<em>titles</em>" in page.text


def test_page_needs_nothing_from_elsewhere(
    contract: Contract, settled: list[SubmissionResult]
) -> None:
    html = render_summary("x1", contract, settled, MADE)
    page = Tags(html)
    assert not {name for name, _ in page.attributes} & {"src", "href", "data", "action"}
    assert "url(" not in html
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_page_is_provisional_while_a_mark_is_missing(
    contract: Contract, settled: list[SubmissionResult], undecided: list[SubmissionResult]
) -> None:
    complete = Tags(render_summary("x1", contract, settled, MADE)).text
    partial = Tags(render_summary("x1", contract, [*settled, *undecided], MADE)).text
    assert "rovisional" not in complete
    assert "Provisional. 2 of 4" in " ".join(partial.split())
    assert "Marks (provisional)" in partial


def test_outcomes_are_told_in_words_and_symbols(
    contract: Contract, settled: list[SubmissionResult], undecided: list[SubmissionResult]
) -> None:
    text = Tags(render_summary("x1", contract, [*settled, *undecided], MADE)).text
    for told in ("✓ passed", "✗ failed", "… deferred", "? not graded"):
        assert f"{told}\n" in text


def test_written_tasks_are_said_to_be_left_out(
    contract: Contract, settled: list[SubmissionResult]
) -> None:
    text = Tags(render_summary("x1", contract, settled, MADE)).text
    assert "not in these numbers: Why (x1_t2, 3 points)." in text


def test_plot_says_in_words_what_it_shows(
    contract: Contract, settled: list[SubmissionResult]
) -> None:
    page = Tags(render_summary("x1", contract, settled, MADE))
    label = dict(page.attributes)["aria-label"]
    assert "2 points: 1" in label
    assert "4 points: 1" in label


def test_class_without_results_gives_a_page(contract: Contract) -> None:
    text = Tags(render_summary("x1", contract, [], MADE)).text
    assert "0 submissions" in text
    assert "none yet" in text


def test_page_is_written_over_the_last_one(
    contract: Contract, settled: list[SubmissionResult], page_path: Path
) -> None:
    write_summary(page_path, "x1", contract, [])
    write_summary(page_path, "x1", contract, settled)
    text = page_path.read_text(encoding="utf-8")
    assert "2 submissions" in text
    assert text.rstrip().endswith("</html>")
