"""Points and words that students of a2 get. (test_audits.py judges its grader.)"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.authoring import (
    Variant,
    build_stub,
    build_variant_notebook,
    load_assignment,
    load_solutions,
)
from autograder.contract import Kind
from autograder.grading import Submission, grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import Outcome, SubmissionResult, TestResult
from autograder.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a2_backprop_by_hand"
ASSIGNMENT = load_assignment(SLUG, load_settings(ROOT))
SOLUTIONS = load_solutions(ASSIGNMENT, load_settings(ROOT))
POINTS = {task.id: task.points for task in ASSIGNMENT.contract.tasks if task.kind is Kind.AUTO}
CHECKS = (ROOT / "assignments" / SLUG / "checks.py").read_bytes()
DELEGATES = [variant for variant in SOLUTIONS.wrong if "delegates" in variant.name]

Grade = Callable[[Path | None], SubmissionResult]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    course_dir = tmp_path_factory.mktemp("a2_course")
    (course_dir / ".autograder-secret").write_text("only for the tests of a2")
    return load_settings(
        course_dir,
        assignments_dir=ROOT / "assignments",
        solutions_dir=ROOT / "solutions",
        graders_dir=ROOT / "autograder" / "graders",
    )


@pytest.fixture(scope="module")
def grade(settings: Settings) -> Iterator[Grade]:
    """Grade the notebook with a variant's answers, or the untouched stub for None."""
    with Engine(settings) as engine:

        def run(path: Path | None) -> SubmissionResult:
            if path is None:
                notebook = build_stub(SLUG, settings)
            else:
                notebook = build_variant_notebook(SLUG, path, settings)
            notebook.cells = [
                cell for cell in notebook.cells if "explore" not in cell.metadata.get("tags", [])
            ]
            submission = Submission("ada", SLUG, SLUG, files={"checks.py": CHECKS})
            return grade_notebook(notebook, submission, settings, engine)

        yield run


def results_of(result: SubmissionResult) -> dict[str, TestResult]:
    return {test.name: test for task in result.tasks for test in task.tests}


def test_reference_gets_every_point(grade: Grade) -> None:
    result = grade(SOLUTIONS.reference.path)
    assert result.outcome is Outcome.PASSED, result
    assert {task.task: task.score for task in result.tasks} == POINTS
    assert {task.task: task.max_points for task in result.tasks} == POINTS


def test_untouched_stub_scores_nothing_and_is_told_what_is_not_written(grade: Grade) -> None:
    result = grade(None)
    assert {task.task: task.score for task in result.tasks} == dict.fromkeys(POINTS, 0)
    for test in results_of(result).values():
        assert test.outcome is Outcome.FAILED
        assert "not written yet" in test.message
        assert test.hint is None


@pytest.mark.parametrize("variant", DELEGATES, ids=lambda variant: variant.name)
def test_library_is_refused_in_words(grade: Grade, variant: Variant) -> None:
    messages = [test.message for test in results_of(grade(variant.path)).values() if test.message]
    assert any("is not allowed" in message for message in messages), messages
