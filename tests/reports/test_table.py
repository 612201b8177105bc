"""The table must tell every outcome in words, and must not obey what students wrote."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console

from autograder.outcomes import Outcome, SubmissionResult
from autograder.reports import results_table

from .conftest import hidden_test, submission


def printed(results: Sequence[SubmissionResult], *, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=150, force_terminal=terminal, color_system=None)
    console.print(results_table("x1", results))
    return stream.getvalue()


def row(text: str, student: str) -> list[str]:
    line = next(line for line in text.splitlines() if student in line)
    return [cell.strip() for cell in line.strip("│┃ ").split("│")]


def test_marks_outcomes_and_findings_stand_in_the_row(settled: list[SubmissionResult]) -> None:
    text = printed(settled)
    header = [[cell.strip() for cell in line.split("┃")] for line in text.splitlines()[2:4]]
    assert [line[2] for line in header] == ["t1", "of 4"]
    assert row(text, "ada")[:4] == ["ada", "4", "4 of 4", "✓ passed"]
    assert row(text, "grace") == ["grace", "2", "2 of 4", "✗ failed", "looks like velocity reset"]
    assert "it was put back" in text


def test_many_tasks_leave_room_for_what_was_found() -> None:
    tests = [hidden_test("test_a", Outcome.FAILED, message="seven words say what was not right")]
    one = submission("ada", *tests)
    tasks = tuple(
        one.tasks[0].model_copy(update={"task": f"a1_sgd_t{number}"}) for number in range(1, 13)
    )
    text = printed([one.model_copy(update={"tasks": tasks})])
    assert "sgd_t1" not in text
    assert "t12" in text
    assert max(map(len, row(text, "ada"))) >= 24


def test_missing_mark_is_never_shown_as_a_number(undecided: list[SubmissionResult]) -> None:
    text = printed(undecided)
    assert row(text, "linus") == ["linus", "…", "?", "… deferred", "deferred: needs a GPU"]
    assert row(text, "zoe") == ["zoe", "?", "?", "? not graded", "not graded: not a notebook"]


def test_failure_without_a_hint_shows_the_first_line_or_the_property() -> None:
    said = hidden_test("test_velocity_is_kept", Outcome.FAILED, message="\n  got 2\nlong")
    silent = hidden_test("test_velocity_is_kept", Outcome.FAILED)
    assert row(printed([submission("ada", said)]), "ada")[-1] == "got 2"
    assert row(printed([submission("ada", silent)]), "ada")[-1] == "not so: velocity is kept"


def test_text_of_students_neither_styles_nor_moves_the_terminal() -> None:
    evil = "[bold]x[/bold]\x1b[2J\x1b]0;title\x07\rgone\u202e"
    results = [submission(evil, hidden_test("test_a", Outcome.FAILED, message=evil), notes=(evil,))]
    for terminal in (True, False):
        text = printed(results, terminal=terminal)
        assert "[bold]x[/bold]\\x1b[2J" in text
        assert not {"\x07", "\r", "\u202e"} & set(text)
        assert "\x1b[2J" not in text
        assert "\x1b]0;" not in text


def test_flood_of_findings_is_cut() -> None:
    notes = tuple(f"note {number} " + "x" * 500 for number in range(50))
    passed = hidden_test("test_a", Outcome.PASSED)
    text = printed([submission("ada", passed, notes=notes)])
    assert "and 47 more" in text
    assert "note 3" not in text
    assert "x" * 161 not in text.replace("\n", "")
