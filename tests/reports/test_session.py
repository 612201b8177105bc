"""Whoever runs the command must learn what is left to do."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

from rich.console import Console

from autograder.batch import Graded
from autograder.outcomes import SubmissionResult
from autograder.reports import ExitStatus, Session, report
from autograder.reports.settings_table import settings_table
from autograder.settings import Settings


def session(results: list[SubmissionResult], *chosen: str, tier: str = "T1") -> Session:
    return Session(
        slug="x1",
        chosen=chosen or tuple(result.student for result in results),
        graded=tuple(Graded(result.student, result, 1.0, is_new=True) for result in results),
        tier=tier,
        summary=Path("reports/x1.html"),
        log=Path("x1.log"),
    )


def printed(run: Session) -> str:
    stream = io.StringIO()
    report(run, Console(file=stream, width=100))
    return stream.getvalue()


def test_complete_class_is_done(settled: list[SubmissionResult]) -> None:
    run = session(settled)
    assert run.status is ExitStatus.DONE
    text = printed(run)
    assert "provisional" not in text
    assert "Summary: reports/x1.html" in text


def test_missing_marks_are_counted_and_the_command_for_them_given(
    settled: list[SubmissionResult], undecided: list[SubmissionResult]
) -> None:
    run = session([*settled, *undecided])
    assert run.status is ExitStatus.INCOMPLETE
    text = printed(run)
    assert "1 deferred, so the marks are provisional" in text
    assert "autograder grade x1 --only deferred\n" in text
    assert "1 not graded, so the marks are provisional" in text
    assert "autograder grade x1 --only failed\n" in text


def test_run_that_was_stopped_is_incomplete(settled: list[SubmissionResult]) -> None:
    run = session(settled, "ada", "grace", "linus")
    assert run.status is ExitStatus.INCOMPLETE
    assert "Stopped with 1 to go. The same command goes on from there." in printed(run)
    again = dataclasses.replace(run, rerun=True)
    assert "Stopped with 1 to go. The same command begins anew" in printed(again)


def test_weak_confinement_is_not_passed_over_in_silence(settled: list[SubmissionResult]) -> None:
    assert "grade only code that you trust" in printed(session(settled, tier="T4"))
    assert "grade only code that you trust" not in printed(session(settled, tier="T1"))


def test_settings_table_names_value_and_origin(tmp_path: Path) -> None:
    (tmp_path / "autograder.toml").write_text("cell_cpu_s = 7.5\n")
    stream = io.StringIO()
    Console(file=stream, width=200).print(settings_table(Settings(course_dir=tmp_path)))
    lines = {
        line.split("│")[1].strip(): line for line in stream.getvalue().splitlines() if "│" in line
    }
    assert lines.keys() >= Settings.model_fields.keys()
    assert [cell.strip() for cell in lines["cell_cpu_s"].split("│")[2:4]] == [
        "7.5",
        "autograder.toml",
    ]
