"""The command line must say what it can do, and what went wrong, without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli import main

COMMANDS = ("init", "new", "build", "grade", "settings", "demo")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command line in this process; return its exit status."""
    monkeypatch.setattr(sys, "argv", ["autograder", *arguments])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as end:
        main()
    code = end.value.code
    return code if isinstance(code, int) else 0


def test_help_names_every_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    listed = capsys.readouterr().out
    assert [name for name in COMMANDS if name not in listed] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_gives_an_example(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, command, "--help") == 0
    assert f"Example: autograder {command}" in capsys.readouterr().out


def test_new_assignment_can_be_built_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "my-course"
    assert run(monkeypatch, "init", str(home)) == 0
    assert run(monkeypatch, "new", "b1_errors", "--course", str(home)) == 0
    assert run(monkeypatch, "build", "b1_errors", "--course", str(home)) == 0
    assert (home / "source/b1_errors/b1_errors.ipynb").is_file()
    assert "nbgrader generate_assignment b1_errors" in capsys.readouterr().out
    assert '"my-course"' in (home / "nbgrader_config.py").read_text()


def test_error_of_the_user_ends_with_message_hint_and_status_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "grade", "b1_errors", "--course", str(tmp_path)) == 2
    written = capsys.readouterr()
    assert "is not a course directory" in written.err
    assert "Hint: " in written.err
    assert "Traceback" not in written.err
    assert written.out == ""


def test_message_is_printed_as_it_is_without_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "[bold]course"
    folder.mkdir()
    assert run(monkeypatch, "grade", "b1_errors", "--course", str(folder)) == 2
    assert "[bold]course" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("init", "{file}/course"), "Not a directory"),
        (("init", "{tmp}/course", "--assignments", "{tmp}/nowhere"), "does not exist"),
        (("new", "b1_errors", "--course", "{tmp}"), "is no course directory"),
        (("settings", "--course", "{tmp}/nowhere"), "does not exist"),
        (("redteam", "nope", "--course", "{tmp}"), "There is no assignment 'nope'"),
        (("redteam", "--attacks", "{tmp}/nowhere"), "does not exist"),
    ],
)
def test_path_that_cannot_be_is_refused_without_a_traceback(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").write_text("in the way")
    places = {"tmp": str(tmp_path), "file": str(tmp_path / "file")}
    assert run(monkeypatch, *(word.format(**places) for word in words)) == 2
    written = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert said in written
    assert "Traceback" not in written
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_unknown_option_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "grade", "b1_errors", "--fast") == 2
    assert "--fast" in capsys.readouterr().err


def test_settings_show_value_and_origin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOGRADER_CALL_CPU_S", "3.5")
    assert run(monkeypatch, "settings", "--course", str(tmp_path)) == 0
    line = next(row for row in capsys.readouterr().out.splitlines() if "call_cpu_s" in row)
    assert "3.5" in line
    assert "environment" in line


def test_module_and_command_are_the_same(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("autograder ")
    assert done.stderr == ""
