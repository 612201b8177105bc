"""Collecting copies what a student may read, and nothing a link points to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory

from autograder.hooks.collect import CollectRegularFiles

from .lab import Course

SECRET = "a hidden test"
STAMP = "2024-05-01 12:00:00 UTC"
Inbound = Callable[[str], Path]


@pytest.fixture
def inbound(tmp_path: Path) -> Inbound:
    """Return the folder that a student hands in through the exchange."""

    def make(student: str) -> Path:
        folder = tmp_path / "exchange/lab101/inbound" / f"{student}+lab+{STAMP}+x"
        (folder / "figures").mkdir(parents=True)
        (folder / "lab.ipynb").write_text("{}")
        (folder / "figures/plot.txt").write_text("plot")
        (folder / "timestamp.txt").write_text(STAMP)
        return folder

    (tmp_path / "secret.txt").write_text(SECRET)
    return make


@pytest.fixture
def collect(tmp_path: Path, course: Course) -> Callable[[], Path]:
    """Collect, and return the folder of submissions."""

    def run() -> Path:
        root = tmp_path / "course"
        root.mkdir()
        coursedir = CourseDirectory(root=str(root), course_id="lab101", assignment_id="lab")
        coursedir.db_url = course.database  # making one takes seconds
        coursedir.max_dir_size = 100  # kB
        collector = CollectRegularFiles(coursedir=coursedir, authenticator=Authenticator())
        collector.root = str(tmp_path / "exchange")
        collector.check_owner = False
        collector.start()
        return root / "submitted"

    return run


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_ordinary_files_are_collected(inbound: Inbound, collect: Callable[[], Path]) -> None:
    inbound("ada")
    folder = collect() / "ada/lab"
    assert listing(folder) == {"lab.ipynb", "figures/plot.txt", "timestamp.txt"}
    assert os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def test_collected_folders_have_the_mode_of_this_account(
    inbound: Inbound, collect: Callable[[], Path], tmp_path: Path
) -> None:
    inbound("ada")
    (tmp_path / "usual").mkdir()
    folder = collect() / "ada/lab"
    assert folder.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_links_and_pipes_are_left_and_the_rest_is_taken(
    inbound: Inbound, collect: Callable[[], Path], tmp_path: Path
) -> None:
    folder = inbound("eve")
    (folder / "notes.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "staff").symlink_to(tmp_path)
    (folder / "endless").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    submitted = collect()
    assert listing(submitted / "eve/lab") == {"lab.ipynb", "figures/plot.txt", "timestamp.txt"}
    assert SECRET not in "".join(p.read_text() for p in submitted.rglob("*") if p.is_file())


def test_linked_submission_is_not_collected(
    inbound: Inbound, collect: Callable[[], Path], tmp_path: Path
) -> None:
    target = inbound("ada")
    (target.parent / f"eve+lab+{STAMP}+y").symlink_to(target)
    submitted = collect()
    assert (submitted / "ada/lab/lab.ipynb").exists()
    assert not (submitted / "eve/lab").exists()


def test_one_submission_that_is_too_large_does_not_stop_the_others(
    inbound: Inbound, collect: Callable[[], Path]
) -> None:
    (inbound("ada") / "big.bin").write_bytes(bytes(90_000))
    (inbound("big") / "huge.bin").write_bytes(bytes(150_000))
    inbound("zoe")
    submitted = collect()
    assert (submitted / "ada/lab/big.bin").exists()
    assert not (submitted / "big/lab/huge.bin").exists()
    assert (submitted / "big/lab/lab.ipynb").exists()
    assert (submitted / "zoe/lab/lab.ipynb").exists()


def test_student_whose_name_is_markup_is_not_collected(
    inbound: Inbound, collect: Callable[[], Path]
) -> None:
    inbound("<img src=x onerror=alert(1)>")
    inbound("ada")
    assert {path.name for path in collect().iterdir()} == {"ada"}
