"""The notebook of a2 as a student meets it: agreeing with its contract, kind when unfinished."""

from __future__ import annotations

import re
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import nbclient
import pytest
from nbformat import NotebookNode

from autograder.authoring import (
    build_assignment,
    build_stub,
    build_variant_notebook,
    load_assignment,
    load_solutions,
)
from autograder.contract import Kind
from autograder.settings import load_settings
from course.checking import Report, run_checks
from course.checking.report import Status

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a2_backprop_by_hand"
SETTINGS = load_settings(ROOT)
ASSIGNMENT = load_assignment(SLUG, SETTINGS)
SOLUTIONS = load_solutions(ASSIGNMENT, SETTINGS)
AUTO = [task.id for task in ASSIGNMENT.contract.tasks if task.kind is Kind.AUTO]
IMPORTS = next(cell.source for cell in ASSIGNMENT.cells if cell.kind == "code")


def prose() -> str:
    return "\n".join(cell.source for cell in ASSIGNMENT.cells if cell.kind == "markdown")


def checks_of(answers: dict[str, str]) -> dict[str, Report]:
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    for task in AUTO:
        exec(answers[task], names)
    return {task: run_checks(task, names, ASSIGNMENT.directory) for task in AUTO}


def solved() -> NotebookNode:
    path = ROOT / "solutions" / SLUG / "reference.py"
    return build_variant_notebook(SLUG, path, SETTINGS)


def run(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook with a stock Jupyter kernel, as a student does."""
    (folder / "checks.py").write_bytes((ASSIGNMENT.directory / "checks.py").read_bytes())
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(folder)}}
    )
    return client.execute()


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def test_source_builds_with_points_tests_variants_and_hints_agreeing(tmp_path: Path) -> None:
    assert build_assignment(SLUG, SETTINGS, tmp_path).exists()


def test_headings_and_table_say_what_the_contract_says() -> None:
    for task in ASSIGNMENT.contract.tasks:
        worth = f"({task.level}, {task.points:g} points, about {task.minutes} minutes)"
        assert f"### Task {task.id}: {task.title} {worth}" in prose()
        row = rf"\| {task.id} \|.*\| {task.level} \| {task.points:g} \| {task.minutes} min \|"
        assert re.search(row, prose()), task.id


def test_every_picture_has_a_question_or_a_task_before_it() -> None:
    cells = ASSIGNMENT.cells
    pictures = [i for i, cell in enumerate(cells) if "explore" in cell.tags]
    assert len(pictures) >= 8
    for i in pictures:
        assert "?" in cells[i - 1].source or "Things to try" in cells[i - 1].source, cells[i].line


def test_visible_checks_pass_the_reference_and_every_other_right_answer() -> None:
    for variant in (SOLUTIONS.reference, *SOLUTIONS.right):
        for report in checks_of({**SOLUTIONS.reference.answers, **variant.answers}).values():
            assert report.passed, (variant.name, str(report))


def test_visible_checks_tell_the_untouched_stub_that_it_is_not_written() -> None:
    stubs = {str(cell.task): cell.source for cell in ASSIGNMENT.cells if cell.role == "answer"}
    for report in checks_of(stubs).values():
        assert report.results
        assert {result.status for result in report.results} == {Status.NOT_WRITTEN}, str(report)


@pytest.mark.parametrize(
    "variant",
    [variant for variant in SOLUTIONS.wrong if "visible_example_only" in variant.name],
    ids=lambda variant: variant.name,
)
def test_answer_made_for_the_visible_example_does_get_the_values_of_the_example(
    variant: Any,
) -> None:
    """Otherwise the variant would not show that the hidden tests see more."""
    (task,) = variant.answers
    report = checks_of({**SOLUTIONS.reference.answers, **variant.answers})[task]
    passed = [result.title for result in report.results if result.status is Status.PASSED]
    assert len(passed) >= len(report.results) - 1, str(report)


def test_unfinished_notebook_runs_to_its_end_with_kind_words(tmp_path: Path) -> None:
    notebook = run(build_stub(SLUG, SETTINGS), tmp_path)
    said = "".join(output.text for output in outputs(notebook) if output.output_type == "stream")
    waiting = set(re.findall(r"cannot run yet\. (a2_t\d+)", said))
    assert waiting >= {"a2_t3", "a2_t5", "a2_t7", "a2_t9", "a2_t11"}
    assert waiting <= set(AUTO)
    assert not [output for output in outputs(notebook) if output.output_type == "error"]


def test_finished_notebook_shows_every_picture_and_warns_of_nothing(tmp_path: Path) -> None:
    notebook = run(solved(), tmp_path)
    for cell in notebook.cells:
        shown = [
            output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
        ]
        if "explore" in cell.metadata.get("tags", []):
            assert shown, f"no picture from:\n{cell.source}"
    streams = [output.text for output in outputs(notebook) if output.output_type == "stream"]
    assert streams == []


def test_graded_cells_need_little_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every class runs them a thousand times; the warm process has the libraries loaded."""
    monkeypatch.chdir(ASSIGNMENT.directory)
    import_module("torch")
    import_module("matplotlib.pyplot")
    graded = [
        cell.source
        for cell in solved().cells
        if cell.cell_type == "code" and "explore" not in cell.metadata.get("tags", [])
    ]
    names: dict[str, Any] = {}
    start = time.process_time()
    for source in graded:
        exec(source, names)
    needed = time.process_time() - start
    assert len(re.findall("visible checks passed", capsys.readouterr().out)) == len(AUTO)
    assert needed < 2.0
