"""The demo must never delete what it did not make."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.demo.folder import MARKER, prepare_folder
from autograder.errors import UserError


def test_earlier_demo_is_replaced(tmp_path: Path) -> None:
    folder = prepare_folder(tmp_path / "demo", keep=False)
    (folder / "old.txt").write_text("old")
    assert prepare_folder(tmp_path / "demo", keep=False) == folder
    assert [path.name for path in folder.iterdir()] == [MARKER]


def test_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work")
    with pytest.raises(UserError, match="no demo made it"):
        prepare_folder(tmp_path, keep=False)
    assert mine.read_text() == "years of work"


def test_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("a file")
    with pytest.raises(UserError, match="no demo made it"):
        prepare_folder(tmp_path / "demo", keep=False)
    assert (tmp_path / "demo").read_text() == "a file"


def test_link_is_not_followed_even_to_a_demo(tmp_path: Path) -> None:
    real = prepare_folder(tmp_path / "real", keep=False)
    (tmp_path / "link").symlink_to(real)
    with pytest.raises(UserError, match="no demo made it"):
        prepare_folder(tmp_path / "link", keep=False)
    assert (real / MARKER).is_file()


def test_kept_demo_gets_a_neighbour(tmp_path: Path) -> None:
    names = [prepare_folder(tmp_path / "demo", keep=True).name for _ in range(3)]
    assert names == ["demo", "demo-2", "demo-3"]


def test_empty_folder_is_used(tmp_path: Path) -> None:
    assert prepare_folder(tmp_path, keep=False) == tmp_path
