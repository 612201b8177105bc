"""What decides a classic mark, piece by piece."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.classic import KernelRefused, find_kernel, keep_made, read_marks
from autograder.classic.outline import Outline, Part, merge
from autograder.contract import Kind
from autograder.outcomes import MarksFrom, Outcome, SubmissionResult, TaskResult

from .conftest import check_cell, notebook, written


def shown(*outputs: NotebookNode) -> TaskResult:
    """Return the mark of a test cell worth two points that showed these outputs."""
    nb = notebook(check_cell("t", "1", 2), written("w"))
    nb.cells[0].outputs = list(outputs)
    (task,) = read_marks(nb)
    return task


def output(kind: str, **fields: Any) -> NotebookNode:
    return nbformat.v4.new_output(kind, **fields)


def returned(text: str) -> NotebookNode:
    return output("execute_result", data={"text/plain": text})


def test_marks_follow_nbgraders_rules() -> None:
    error = output("error", ename="AssertionError", evalue="2 is not 3", traceback=[])
    assert shown().score == 2
    assert shown(output("stream", name="stdout", text="fine")).score == 2
    assert shown(output("stream", name="stderr", text="a warning")).score == 0
    assert shown(error).score == 0
    assert shown(error).tests[0].message == "AssertionError: 2 is not 3"
    assert shown(returned("0.5")).score == 0.5
    assert shown(returned("0.5")).outcome is Outcome.FAILED
    assert shown(returned("2")).outcome is Outcome.PASSED
    assert shown(returned("'text'")).score == 2


@pytest.mark.parametrize("odd", [returned("999"), output("execute_result", data={})])
def test_mark_that_cannot_be_read_is_never_given(odd: NotebookNode) -> None:
    task = shown(odd)
    assert task.score is None
    assert task.outcome is Outcome.NOT_GRADED


FORGED = {
    "../out.txt": b"",
    "/abs.txt": b"",
    "a/../../b.txt": b"",
    ".hidden": b"",
    "sub/.hidden/x": b"",
    "p2.ipynb": b"{}",
    "timestamp.txt": b"3000-01-01",
    "there.csv": b"changed",
    "there.csv/below": b"",
    "link/x.txt": b"",
    "": b"",
    "a\nb": b"",
    7: b"",
    "text.txt": "not bytes",
    "huge.bin": bytes((16 << 20) + 1),
    "x" * 201: b"",
}


def test_made_files_stay_in_the_folder_and_replace_nothing(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "there.csv").write_bytes(b"mine")
    (folder / "link").symlink_to(outside)
    dropped = keep_made(folder, {**FORGED, "plot.png": b"png", "sub/data.csv": b"1"})
    assert dropped == len(FORGED)
    found = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    made = {"plot.png", "sub/data.csv", "there.csv"}
    assert found == {f"folder/{name}" for name in made}
    assert (folder / "there.csv").read_bytes() == b"mine"


def test_made_files_are_bounded(tmp_path: Path) -> None:
    many: dict[object, object] = {f"{number}.txt": b"x" for number in range(150)}
    assert keep_made(tmp_path, many) == 50
    assert len(list(tmp_path.iterdir())) == 100


KERNELS = {
    "this-python": ["python3", "-m", "ipykernel_launcher"],
    "other-python": [shutil.which("env"), "python3", "-m", "ipykernel_launcher"],
    "bash": [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"],
    "gone": ["no-such-program", "--slave"],
}


def test_source_says_which_program_runs_the_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    for name, argv in KERNELS.items():
        (tmp_path / "kernels" / name).mkdir(parents=True)
        spec = {"argv": argv, "display_name": name, "language": "any"}
        (tmp_path / "kernels" / name / "kernel.json").write_text(json.dumps(spec))
    for spec in (None, {}, {"name": "python3"}, {"name": "python"}, {"name": "this-python"}):
        assert find_kernel(spec) is None
    for name in ("other-python", "bash"):
        found = find_kernel({"name": name})
        assert found is not None
        assert found["argv"] == KERNELS[name]
    with pytest.raises(KernelRefused, match="'no-such-kernel' is not installed"):
        find_kernel({"name": "no-such-kernel"})
    with pytest.raises(KernelRefused, match="needs 'no-such-program'"):
        find_kernel({"name": "gone"})


def test_results_of_several_notebooks_become_one() -> None:
    cells = (("p1", "t"), ("p1", "gone"), ("p2", "t"))
    parts = tuple(Part(f"{nb}/{cell}", cell, Kind.AUTO, 2, nb) for nb, cell in cells)
    task = shown(returned("0.5"))
    result = SubmissionResult(
        student="ada",
        assignment="ps1",
        notebook="p1",
        tasks=(task,),
        tier="T1",
        marks_from=MarksFrom.TEST_CELLS,
    )
    whole = merge([result], Outline("ps1", ("p1", "p2"), parts))
    scores = {item.task: item.score for item in whole.tasks}
    assert scores == {"p1/t": 0.5, "p1/gone": None, "p2/t": 0}
    assert "deleted" in whole.tasks[1].reason
    assert "not handed in" in whole.tasks[2].tests[0].message
