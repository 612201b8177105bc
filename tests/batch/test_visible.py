"""What a student wrote must not act on the terminal of whoever grades."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.batch import Graded, show_progress, visible
from autograder.outcomes import SubmissionResult, TaskResult


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä 数 ✓", "plain ä 数 ✓"),
        ("\x1b[2J\x1b]0;title\x07", r"\x1b[2J\x1b]0;title\x07"),
        ("\u202eright to left", r"\u202eright to left"),
        ("carriage\rreturn", r"carriage\rreturn"),
        ("\x9b31m", r"\x9b31m"),
        ("half \ud800", r"half \ud800"),
        ("two\nlines", "two\nlines"),
        ("a\tb", "a    b"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
    ],
)
def test_only_printable_characters_are_left(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_long_text_is_cut_after_its_escapes_are_counted() -> None:
    assert visible("\x1b" * 100, 20) == r"\x1b\x1b\x1b\x1b\x1"[:19] + "…"
    assert visible("x" * 20, 20) == "x" * 20
    assert visible("x" * 21, 20) == "x" * 19 + "…"


def test_progress_line_shows_a_students_name_as_it_is() -> None:
    name = "[red]ada[/red]\x1b[31m"
    task = TaskResult(task="b1_t1", max_points=4.0, reason="no notebook")
    result = SubmissionResult(
        student=name, assignment="b1", notebook="b1", tasks=(task,), tier="not run"
    )
    stream = io.StringIO()
    with show_progress(Console(file=stream, width=80), 10) as watcher:
        watcher.started(name)
        watcher.finished(Graded(name, result, 1.25, is_new=True))
    assert stream.getvalue() == "[ 1/10] [red]ada[/red]\\x1b[31m: not graded (1.2 s)\n"


def test_bar_on_a_terminal_takes_no_markup_from_a_name() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=100, force_terminal=True, color_system=None)
    with show_progress(console, 2) as watcher:
        watcher.started("[blink]x\x1b]0;y\x07")
    written = stream.getvalue()
    assert "[blink]x\\x1b]0;y\\x07" in written
    assert "\x1b]0;" not in written
