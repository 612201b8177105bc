"""The assignment that `autograder new` writes is the first thing an instructor sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import (
    build_stub,
    build_variant_notebook,
    load_assignment,
    load_solutions,
    new_assignment,
    read_hidden_tests,
)
from autograder.errors import UserError
from autograder.grading import Submission, grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import Outcome, SubmissionResult, TestResult
from autograder.settings import Settings

SLUG = "b1_errors"


@pytest.fixture(autouse=True)
def secret(settings: Settings) -> None:
    path = settings.locate(settings.secret_file)
    path.write_text("a secret of the tests alone", encoding="ascii")


def grade(notebook: Any, settings: Settings, engine: Engine) -> SubmissionResult:
    checks = settings.locate(settings.assignments_dir) / SLUG / "checks.py"
    submission = Submission("someone", SLUG, SLUG, {"checks.py": checks.read_bytes()})
    return grade_notebook(notebook, submission, settings, engine)


def results_of(result: SubmissionResult) -> list[TestResult]:
    return [test for task in result.tasks for test in task.tests]


def test_scaffolded_grader_tells_right_from_wrong(settings: Settings, engine: Engine) -> None:
    solutions = load_solutions(load_assignment(SLUG, settings), settings)
    assert len(solutions.right) == 1
    assert len(solutions.wrong) == 2
    for variant in [solutions.reference, *solutions.right, *solutions.wrong]:
        result = grade(build_variant_notebook(SLUG, variant.path, settings), settings, engine)
        ended = {test.name: test.outcome for test in results_of(result)}
        if variant.expectation is None:
            assert set(ended.values()) == {Outcome.PASSED}, variant.name
        else:
            failed = {name for name, outcome in ended.items() if outcome is Outcome.FAILED}
            assert set(variant.expectation.fails) <= failed, variant.name
            earned = {test.hint for test in results_of(result)} - {None}
            assert earned == set(variant.expectation.hints), variant.name


def test_scaffolded_stub_earns_nothing_and_its_visible_check_says_so(
    settings: Settings, engine: Engine
) -> None:
    notebook = build_stub(SLUG, settings)
    result = grade(notebook, settings, engine)
    assert [task.score for task in result.tasks] == [0.0]
    (check,) = [cell for cell in notebook.cells if cell.id == "b1_t1"]
    assert "not written yet" in str(check.outputs)


def test_scaffolded_visible_check_passes_on_the_reference(
    settings: Settings, solutions_dir: Path, engine: Engine
) -> None:
    notebook = build_variant_notebook(SLUG, solutions_dir / "reference.py", settings)
    grade(notebook, settings, engine)
    outputs = [str(cell.outputs) for cell in notebook.cells if cell.cell_type == "code"]
    assert len(outputs) == 4
    assert not any("'error'" in output for output in outputs)
    (check,) = [cell for cell in notebook.cells if cell.id == "b1_t1"]
    assert check.outputs
    assert "not written yet" not in str(check.outputs)


def test_task_ids_follow_the_slug(settings: Settings, graders_dir: Path) -> None:
    assert [task.id for task in load_assignment(SLUG, settings).contract.tasks] == [
        "b1_t1",
        "b1_t2",
    ]
    assert {test.task for test in read_hidden_tests(graders_dir)} == {"b1_t1"}


@pytest.mark.parametrize("taken", ["assignments", "solutions", "graders"])
def test_existing_assignment_is_not_touched(settings: Settings, taken: str) -> None:
    (settings.course_dir / taken / "b2_more").mkdir(parents=True)
    before = sorted(settings.course_dir.rglob("*"))
    with pytest.raises(UserError, match="already there"):
        new_assignment("b2_more", settings)
    assert sorted(settings.course_dir.rglob("*")) == before


def test_name_that_is_no_slug_is_refused(settings: Settings) -> None:
    with pytest.raises(UserError, match="cannot be the name"):
        new_assignment("../b2", settings)
