"""What a warm parent imports before anybody has asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.batch import Course
from autograder.headstart import parents_ahead
from autograder.sandbox import PRELOAD, modules_for
from autograder.settings import load_settings

from .conftest import SLUG

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("import numpy", {"torch._dynamo", "pandas", "flask"}),
        ("from torch import optim", {"pandas", "flask"}),
        ("import pandas as pd", {"torch._dynamo", "flask"}),
        ("from flask import Flask", {"torch._dynamo", "pandas"}),
    ],
)
def test_only_what_the_instructors_files_mention_is_imported(
    tmp_path: Path, source: str, missing: set[str]
) -> None:
    folder = tmp_path / "source" / "a1"
    folder.mkdir(parents=True)
    (folder / "a1.ipynb").write_text(source)
    chosen = set(modules_for(load_settings(tmp_path), "a1"))
    named = {name for name in PRELOAD if not name.startswith("gunicorn")}
    assert named - chosen == missing


def test_everything_is_imported_for_an_assignment_that_is_not_there(tmp_path: Path) -> None:
    assert modules_for(load_settings(tmp_path), "a1") == PRELOAD


def test_file_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "graders" / "a1"
    folder.mkdir(parents=True)
    (folder / "test_a1.py").write_text("import numpy")
    (folder / "gone.py").symlink_to("nowhere")
    (folder / "folder.py").mkdir()
    assert "pandas" not in modules_for(load_settings(tmp_path), "a1")


def test_assignment_that_serves_gets_the_server() -> None:
    settings = load_settings(ROOT)
    assert "gunicorn.app.base" in modules_for(settings, "a6_flask_serving")
    assert "gunicorn.app.base" not in modules_for(settings, "a1_sgd_vs_adam")


def test_parents_are_closed_whatever_comes_after(copy_course: Callable[[], Course]) -> None:
    course = copy_course()
    ahead = parents_ahead(course.settings, SLUG, 1, rerun=True)
    (parent,) = ahead.__enter__()
    assert parent.is_alive
    assert not ahead.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not parent.is_alive
    with parents_ahead(course.settings, "nothing_submitted", 1, rerun=True) as none:
        assert none == []


def test_grading_begins_without_what_takes_a_second_to_import() -> None:
    code = (
        "import sys, autograder.cli, autograder.reports.grading; "
        "print([name for name in ('torch', 'rfc3987_syntax', 'lark') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
