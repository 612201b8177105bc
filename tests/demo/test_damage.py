"""Each damage must do what its name says, or the demo would prove nothing."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.demo import damage
from autograder.demo.damage import Damage


def flags(grade_id: str, **given: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": grade_id, "points": 4, **given}}


@pytest.fixture
def solved() -> NotebookNode:
    cells = [
        nbformat.v4.new_code_cell("x = 1", metadata=flags("t1_answer")),
        nbformat.v4.new_code_cell("check('t1')", metadata=flags("t1")),
        nbformat.v4.new_code_cell("plot()", metadata={"tags": ["explore"]}),
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "nb.ipynb"
    path.write_text("as fetched")
    return path


def handed_in(make: Damage, path: Path, solved: NotebookNode) -> dict[str, Any]:
    before = copy.deepcopy(solved)
    make(path, solved)
    assert solved == before, "the next student would hand in a damaged notebook"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def ids(document: dict[str, Any]) -> list[str | None]:
    return [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in document["cells"]]


def sources(document: dict[str, Any]) -> str:
    return "\n".join("".join(cell["source"]) for cell in document["cells"])


def test_half_a_notebook_is_not_json(path: Path, solved: NotebookNode) -> None:
    damage.not_json(path, solved)
    with pytest.raises(json.JSONDecodeError):
        json.loads(path.read_text())


def test_old_format_is_three(path: Path, solved: NotebookNode) -> None:
    assert handed_in(damage.old_format, path, solved)["nbformat"] == 3


def test_missing_and_untouched(path: Path, solved: NotebookNode) -> None:
    damage.untouched(path, solved)
    assert path.read_text() == "as fetched"
    damage.missing(path, solved)
    assert not path.exists()


def test_test_cells_are_deleted_doubled_and_retyped(path: Path, solved: NotebookNode) -> None:
    assert ids(handed_in(damage.deleted("t1"), path, solved)) == ["t1_answer"]
    assert ids(handed_in(damage.duplicated("t1"), path, solved)) == ["t1_answer", "t1", "t1"]
    retyped = handed_in(damage.retyped("t1"), path, solved)
    assert [cell["cell_type"] for cell in retyped["cells"]] == ["code", "markdown"]


def test_points_are_claimed(path: Path, solved: NotebookNode) -> None:
    document = handed_in(damage.worth("t1", 99), path, solved)
    assert [cell["metadata"]["nbgrader"]["points"] for cell in document["cells"]] == [4, 99]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (damage.endless, "while True:"),
        (damage.killing, "SIGKILL"),
        (damage.flooding, "1_000_000"),
    ],
)
def test_misbehaving_code_comes_before_the_answer(
    make: Callable[[str], Damage], code: str, path: Path, solved: NotebookNode
) -> None:
    source = handed_in(make("t1_answer"), path, solved)["cells"][0]["source"]
    assert code in source
    assert source.endswith("\n\nx = 1")
    compile(source, "cell", "exec")


def test_script_stands_in_markdown_and_in_an_output(path: Path, solved: NotebookNode) -> None:
    document = handed_in(damage.scripted(), path, solved)
    kinds = [cell["cell_type"] for cell in document["cells"] if "taken over" in cell["source"]]
    assert kinds == ["markdown", "code"]


def test_file_name_is_not_utf8(path: Path, solved: NotebookNode) -> None:
    damage.odd_file_name(path, solved)
    names = {os.fsencode(entry.name) for entry in path.parent.iterdir()}
    assert b"caf\xe9.txt" in names
    assert path.is_file()


def test_plots_are_left_out(path: Path, solved: NotebookNode) -> None:
    assert "plot()" not in sources(handed_in(damage.unchanged, path, solved))
    assert "plot()" in sources(handed_in(damage.save, path, solved))
