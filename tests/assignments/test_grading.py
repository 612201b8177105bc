"""Points and words that students of each assignment get. (test_audits.py judges the graders.)"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from autograder.audit.leaks import together
from autograder.authoring import apply_answers, build_stub, load_assignment, load_solutions
from autograder.contract import Kind
from autograder.grading import Submission, grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import Outcome, SubmissionResult
from autograder.settings import Settings, load_settings

from .material import ROOT, SLUGS, outputs, solved

Grade = Callable[[str, Mapping[str, str]], SubmissionResult]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    course_dir = tmp_path_factory.mktemp("course")
    (course_dir / ".autograder-secret").write_text("only for these tests")
    return load_settings(
        course_dir,
        assignments_dir=ROOT / "assignments",
        solutions_dir=ROOT / "solutions",
        graders_dir=ROOT / "autograder" / "graders",
    )


@pytest.fixture(scope="module")
def grade(settings: Settings) -> Iterator[Grade]:
    """Grade the graded part of a notebook with these answers; tasks without one stay stubs."""
    with Engine(settings) as engine:

        def run(slug: str, answers: Mapping[str, str]) -> SubmissionResult:
            notebook = apply_answers(build_stub(slug, settings), answers)
            notebook.cells = [
                cell for cell in notebook.cells if "explore" not in cell.metadata.get("tags", [])
            ]
            checks = (ROOT / "assignments" / slug / "checks.py").read_bytes()
            submission = Submission("ada", slug, slug, files={"checks.py": checks})
            return grade_notebook(notebook, submission, settings, engine)

        yield run


def points(slug: str, settings: Settings) -> dict[str, float]:
    """Return the points of the tasks that tests decide."""
    tasks = load_assignment(slug, settings).contract.tasks
    return {task.id: task.points for task in tasks if task.kind is Kind.AUTO}


@pytest.mark.parametrize("slug", SLUGS)
def test_reference_loses_no_point(slug: str, grade: Grade, settings: Settings) -> None:
    solutions = load_solutions(load_assignment(slug, settings), settings)
    result = grade(slug, solutions.reference.answers)
    assert {task.task: task.max_points for task in result.tasks} == points(slug, settings)
    for task in result.tasks:  # what needs a device that is not here waits for one
        assert {test.outcome for test in task.tests} <= {Outcome.PASSED, Outcome.DEFERRED}, task
        assert task.score == task.max_points or task.outcome is Outcome.DEFERRED


@pytest.mark.parametrize("slug", SLUGS)
def test_untouched_stub_scores_nothing_and_is_told_what_is_not_written(
    slug: str, grade: Grade
) -> None:
    for task in grade(slug, {}).tasks:
        assert not task.score
        for test in task.tests:
            assert test.outcome is Outcome.DEFERRED or "not written yet" in test.message
            assert test.hint is None


@pytest.mark.parametrize("slug", SLUGS)
def test_library_that_does_the_work_is_refused_in_words(
    slug: str, grade: Grade, settings: Settings
) -> None:
    solutions = load_solutions(load_assignment(slug, settings), settings)
    delegates = [
        variant
        for variant in solutions.wrong
        if "delegates" in variant.name and not variant.expectation.hints
    ]
    assert delegates
    for answers in together(delegates):
        result = grade(slug, {**solutions.reference.answers, **answers})
        refused = {
            task.task
            for task in result.tasks
            for test in task.tests
            if "is not allowed" in test.message
        }
        assert refused == set(answers)


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_finished_notebook_runs_whole_when_it_is_graded(slug: str, settings: Settings) -> None:
    """Its explorations too: a student who sees one stopped would look for the fault at home."""
    notebook = solved(slug)
    checks = (ROOT / "assignments" / slug / "checks.py").read_bytes()
    submission = Submission("ada", slug, slug, files={"checks.py": checks})
    with Engine(settings) as engine:
        result = grade_notebook(notebook, submission, settings, engine)
    assert result.notes == ()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code if cell.source.strip())
    assert not [output for output in outputs(code) if output.output_type == "error"]
