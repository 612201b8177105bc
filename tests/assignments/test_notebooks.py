"""Every notebook as a student meets it: agreeing with its contract, kind when unfinished."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from autograder.authoring import build_assignment, build_stub
from autograder.authoring.variant import read_wrong_variant
from course.checking import Report, run_checks
from course.checking.report import Status

from .material import (
    ROOT,
    SETTINGS,
    SLUGS,
    assignment_of,
    auto_tasks,
    is_explored,
    outputs,
    reference_of,
    right_answers_of,
    run_notebook,
    solved,
)


@dataclass(frozen=True)
class Own:
    """What only this notebook shows.

    Attributes
    ----------
    waits_for
        Numbers of some tasks for which its explorations wait.
    explorations
        At least so many cells are there to be looked at.
    pictures
        So many pictures in all, where some explorations print instead; None where each has one.
    prints
        Whether a finished notebook prints anything.
    unfinished, finished
        What is to be found in its outputs.
    """

    waits_for: tuple[int, ...] = ()
    explorations: int = 4
    pictures: int | None = None
    prints: bool = True
    unfinished: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()


OWN = {
    "a1_sgd_vs_adam": Own(waits_for=(3, 4, 5, 9), explorations=8, prints=False),
    "a2_backprop_by_hand": Own(waits_for=(3, 5, 7, 9, 11), explorations=8, prints=False),
    "a3_grid_search": Own(waits_for=(1, 2, 5, 7, 8, 11), explorations=8),
    "a4_distributed_training": Own(waits_for=(1, 4), pictures=7),
    "a5_parallel_algorithms": Own(
        waits_for=(3, 5, 7),
        pictures=5,
        unfinished=("10 % serial: a5_t1: how large is a chunk",),
        finished=("the same forest: True", "spawn ended with 0"),
    ),
    "a6_flask_serving": Own(waits_for=(1, 5, 7)),
}

# a5 sends functions to processes by name, and only a kernel has them in ``__main__``: its right
# answers are in test_a5_notebook.py.
IN_THIS_PROCESS = [slug for slug in SLUGS if slug != "a5_parallel_algorithms"]
EXAMPLE_ONLY = sorted(ROOT.glob("solutions/*/wrong/*visible_example_only*.py"))


def own(slug: str) -> Own:
    return OWN.get(slug, Own())


def prose(slug: str) -> str:
    return "\n".join(cell.source for cell in assignment_of(slug).cells if cell.kind == "markdown")


def explorations(slug: str) -> list[int]:
    """Return where among the cells those are that are there to be looked at."""
    return [i for i, cell in enumerate(assignment_of(slug).cells) if "explore" in cell.tags]


def checks_of(slug: str, answers: Mapping[str, str], *tasks: str) -> dict[str, Report]:
    """Run the visible checks of tasks, in this process; what has no answer stays a stub."""
    assignment = assignment_of(slug)
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in assignment.cells:
        if cell.kind == "code" and cell.role != "check" and "explore" not in cell.tags:
            given = answers.get(str(cell.task)) if cell.role == "answer" else None
            exec(given or cell.source, names)
    return {task: run_checks(task, names, assignment.directory) for task in tasks}


def has_picture(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in outputs([cell]))


def streams(notebook: NotebookNode, *names: str) -> list[str]:
    """Return what was printed to these streams."""
    found = outputs(notebook.cells)
    return [output.text for output in found if output.get("name") in names]


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_finished_notebook_shows_every_picture_passes_its_checks_and_warns_of_nothing(
    slug: str, tmp_path: Path
) -> None:
    notebook = run_notebook(slug, solved(slug), tmp_path)
    shown, printed = outputs(notebook.cells), "".join(streams(notebook, "stdout"))
    assert not [output for output in shown if output.output_type == "error"]
    # a6 asks an application for a fault of its own, which a right answer logs.
    assert not [text for text in streams(notebook, "stderr") if "a request failed" not in text]
    assert "cannot run yet" not in printed
    assert own(slug).prints or not printed
    assert all(text in printed for text in own(slug).finished), printed

    passed = set(re.findall(r"(\w+): (\d+) of \2 visible checks passed", str(shown)))
    assert {task for task, _ in passed} == auto_tasks(slug)

    for cell in filter(is_explored, notebook.cells):
        expected = has_picture(cell) if own(slug).pictures is None else cell.outputs
        assert expected, f"nothing to see from:\n{cell.source}"
    pictures = [output for output in shown if "image/png" in output.get("data", {})]
    assert own(slug).pictures in (None, len(pictures))


@pytest.mark.parametrize("slug", SLUGS)
def test_unfinished_notebook_runs_to_its_end_with_kind_words(slug: str, tmp_path: Path) -> None:
    notebook = run_notebook(slug, build_stub(slug, SETTINGS), tmp_path)
    shown = outputs(notebook.cells)
    assert not [output for output in shown if output.output_type == "error"]
    printed = "".join(streams(notebook, "stdout"))
    waiting = set(re.findall(r"cannot run yet\. (\w+)", printed))
    assert waiting
    assert waiting >= {f"{slug.split('_')[0]}_t{number}" for number in own(slug).waits_for}
    assert waiting <= auto_tasks(slug)
    assert all(text in str(shown) for text in own(slug).unfinished)


@pytest.mark.parametrize("slug", IN_THIS_PROCESS)
def test_visible_checks_pass_the_reference_and_every_other_right_answer(slug: str) -> None:
    for variant in (reference_of(slug), *right_answers_of(slug)):
        answers = {**reference_of(slug).answers, **variant.answers}
        for report in checks_of(slug, answers, *auto_tasks(slug)).values():
            assert report.passed, (variant.name, str(report))


@pytest.mark.parametrize("slug", SLUGS)
def test_visible_checks_tell_the_untouched_stub_that_it_is_not_written(slug: str) -> None:
    for report in checks_of(slug, {}, *auto_tasks(slug)).values():
        assert report.results
        assert {result.status for result in report.results} == {Status.NOT_WRITTEN}, str(report)


@pytest.mark.parametrize("path", EXAMPLE_ONLY, ids=lambda path: path.stem)
def test_answer_made_for_the_visible_example_does_get_the_values_of_the_example(
    path: Path,
) -> None:
    """Otherwise the variant would not show that the hidden tests see more."""
    slug = path.parts[-3]
    answers = read_wrong_variant(path, assignment_of(slug).contract).answers
    (task,) = answers
    report = checks_of(slug, {**reference_of(slug).answers, **answers}, task)[task]
    passed = [result.title for result in report.results if result.status is Status.PASSED]
    assert len(passed) >= len(report.results) - 1, str(report)


@pytest.mark.parametrize("slug", IN_THIS_PROCESS)
def test_graded_cells_need_little_time(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every class runs them a thousand times; the warm process has the libraries loaded."""
    checks = assignment_of(slug).directory / "checks.py"
    (tmp_path / "checks.py").write_bytes(checks.read_bytes())
    monkeypatch.chdir(tmp_path)
    for library in ("torch", "matplotlib.pyplot", "pandas", "flask"):
        import_module(library)
    cells = [cell for cell in solved(slug).cells if cell.cell_type == "code"]
    names: dict[str, Any] = {"__name__": "__main__"}
    start = time.process_time()
    for cell in cells:
        if not is_explored(cell):
            exec(cell.source, names)
    needed = time.process_time() - start
    passed = re.findall(r"(\d+) of \1 visible checks passed", capsys.readouterr().out)
    assert len(passed) == len(auto_tasks(slug))
    assert needed < 2.0


@pytest.mark.parametrize("slug", SLUGS)
def test_source_builds_with_points_tests_variants_and_hints_agreeing(
    slug: str, tmp_path: Path
) -> None:
    assert build_assignment(slug, SETTINGS, tmp_path).exists()


@pytest.mark.parametrize("slug", SLUGS)
def test_headings_and_table_say_what_the_contract_says(slug: str) -> None:
    for task in assignment_of(slug).contract.tasks:
        worth = f"({task.level}, {task.points:g} points, about {task.minutes} minutes)"
        assert f"### Task {task.id}: {task.title} {worth}" in prose(slug)
        row = rf"\| {task.id} \|.*\| {task.level} \| {task.points:g} \| {task.minutes} min \|"
        assert re.search(row, prose(slug)), task.id


@pytest.mark.parametrize("slug", SLUGS)
def test_every_exploration_stands_between_words(slug: str) -> None:
    cells = assignment_of(slug).cells
    assert len(explorations(slug)) >= own(slug).explorations
    for i in explorations(slug):
        assert cells[i - 1].kind == cells[i + 1].kind == "markdown", cells[i].line


@pytest.mark.parametrize("slug", SLUGS)
def test_every_exploration_follows_a_question(slug: str) -> None:
    cells = assignment_of(slug).cells
    unasked = [cells[i].line for i in explorations(slug) if "?" not in cells[i - 1].source]
    assert not unasked


@pytest.mark.parametrize("slug", SLUGS)
def test_every_prediction_is_answered_below(slug: str) -> None:
    cells = assignment_of(slug).cells
    asked = [i for i in explorations(slug) if "Before you look" in cells[i - 1].source]
    # A heading begins something else.
    assert not [cells[i].line for i in asked if cells[i + 1].source.startswith("#")]
