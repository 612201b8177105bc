"""Every known answer to a1 through the real engine: right ones pass, wrong ones earn their hint.

The answers that need the sandbox to be judged run always; the others, whose verdicts
test_a1_seeds.py sees as well, run with the slow tests.
"""

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
SLUG = "a1_sgd_vs_adam"
ASSIGNMENT = load_assignment(SLUG, load_settings(ROOT))
SOLUTIONS = load_solutions(ASSIGNMENT, load_settings(ROOT))
POINTS = {task.id: task.points for task in ASSIGNMENT.contract.tasks if task.kind is Kind.AUTO}
CHECKS = (ROOT / "assignments" / SLUG / "checks.py").read_bytes()
ALWAYS = {
    "torch_arithmetic",
    "adam_delegates_to_torch",
    "adam_eps_before_correction",
    "adam_slopes_squared_in_place",
    "adam_state_on_the_class",
    "sgd_delegates_to_torch",
    "sgd_result_reused",
    "sgd_weights_in_place",
}

Grade = Callable[[Path | None], SubmissionResult]


def sweep(variants: tuple[Variant, ...]) -> list[object]:
    return [
        pytest.param(
            variant,
            id=variant.name,
            marks=() if variant.name in ALWAYS else pytest.mark.slow,
        )
        for variant in variants
    ]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    course_dir = tmp_path_factory.mktemp("a1_course")
    (course_dir / ".autograder-secret").write_text("only for the tests of a1")
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


def test_every_answer_that_runs_always_exists() -> None:
    assert {variant.name for variant in (*SOLUTIONS.right, *SOLUTIONS.wrong)} >= ALWAYS


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


@pytest.mark.parametrize("variant", sweep(SOLUTIONS.right))
def test_right_answer_gets_every_point(grade: Grade, variant: Variant) -> None:
    result = grade(variant.path)
    assert result.outcome is Outcome.PASSED, result
    assert {task.task: task.score for task in result.tasks} == POINTS


@pytest.mark.parametrize("variant", sweep(SOLUTIONS.wrong))
def test_wrong_answer_fails_where_it_should_and_earns_its_hints_only(
    grade: Grade, variant: Variant
) -> None:
    assert variant.expectation is not None
    tests = results_of(grade(variant.path))
    assert {test.outcome for test in tests.values()} == {Outcome.PASSED, Outcome.FAILED}
    failed = {name for name, test in tests.items() if test.outcome is Outcome.FAILED}
    assert failed >= set(variant.expectation.fails)
    assert {tests[name].task for name in failed} == set(variant.answers)
    hints = {test.hint for test in tests.values() if test.hint}
    assert hints == set(variant.expectation.hints)
    assert all(tests[name].message for name in failed)


@pytest.mark.parametrize("name", ["sgd_delegates_to_torch", "adam_delegates_to_torch"])
def test_library_optimizer_is_refused_in_words(grade: Grade, name: str) -> None:
    (variant,) = (variant for variant in SOLUTIONS.wrong if variant.name == name)
    failed = [test for test in results_of(grade(variant.path)).values() if test.message]
    assert failed
    assert all("is not allowed" in test.message for test in failed)
