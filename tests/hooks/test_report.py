"""The report says what broke, and shows a student's text as text."""

from __future__ import annotations

import pytest
from jinja2 import Environment

from autograder.hooks.display import markdown2html
from autograder.hooks.report import as_comment, as_html, as_text, headline, plain
from autograder.outcomes import Outcome, TaskResult, TestResult

NASTY = "expected 1, got '</pre><script>alert(1)</script>```\n```\n**bold** $x$ [a](javascript:b)'"


def a_test(outcome: Outcome, message: str = "", hint: str = "", points: float = 1) -> TestResult:
    return TestResult(
        name=f"test_that_is_{outcome.name.lower()}",
        task="lab_t1",
        points=points,
        outcome=outcome,
        message=message,
        hint_text=hint,
    )


def a_task(*tests: TestResult, reason: str = "") -> TaskResult:
    return TaskResult(task="lab_t1", max_points=3, tests=tests, reason=reason)


def rendered(markdown: str) -> str:
    context = Environment(autoescape=False).from_string("").new_context({})
    return markdown2html(context, markdown)


def test_partial_credit_names_each_property_and_its_points() -> None:
    task = a_task(
        a_test(Outcome.PASSED, points=2), a_test(Outcome.FAILED, "the weights differ", "A hint.")
    )
    assert headline(task) == "2 of 3 points"
    for text in (as_text(task), as_html(task)):
        assert "that is passed" in text
        text = text.replace("&nbsp;", " ")
        assert "2 of 2" in text
        assert "0 of 1" in text
        assert "the weights differ" in text
        assert "A hint." in text
    assert "that is passed" not in as_comment(task)


@pytest.mark.parametrize(
    ("outcome", "start"),
    [(Outcome.DEFERRED, "Not graded yet: no GPU here"), (Outcome.NOT_GRADED, "Not graded: ")],
)
def test_undecided_task_says_why_and_names_no_score(outcome: Outcome, start: str) -> None:
    task = a_task(a_test(Outcome.PASSED), a_test(outcome, "no GPU here."))
    assert headline(task).startswith(start)
    assert headline(task).endswith("no GPU here")
    assert "of 3 points" not in as_comment(task)


def test_students_text_cannot_leave_its_place_in_html() -> None:
    page = as_html(a_task(a_test(Outcome.FAILED, NASTY, "<b>hint</b>")))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;hint" in page


def test_students_text_cannot_leave_its_place_in_a_comment() -> None:
    page = rendered(as_comment(a_task(a_test(Outcome.FAILED, NASTY))))
    assert page.count("<pre>") == page.count("</pre>") == 1
    inside = page.split("<pre>")[1].split("</pre>")[0]
    assert "**bold** $x$ [a](javascript:b)" in inside
    assert "&lt;script&gt;" in inside
    assert "<a " not in page


@pytest.mark.parametrize(
    "text",
    [
        "The file <img src=x>.txt was not used",
        "# not a heading",
        "1. not a list",
        "a1_t3 and __init__ and *stars* and `ticks`",
        "[a](javascript:b) &lt; $x$",
        "caf\\xe9.txt",
    ],
)
def test_plain_text_reads_the_same_after_rendering(text: str) -> None:
    page = rendered(plain(text))
    assert page.startswith("<p>")
    shown = page.strip().removeprefix("<p>").removesuffix("</p>")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, char)
    assert shown == text
