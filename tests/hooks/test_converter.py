"""Grading one submission at a time, with stand-ins for what the engine may come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.grading import Submission
from autograder.hooks import configure
from autograder.hooks.converter import AutogradeSubmissions
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult

from .conftest import Marks, read_marks
from .lab import LAB, Course

Grade = Callable[..., AutogradeSubmissions]


@pytest.fixture
def grade(course: Course) -> Grade:
    """Grade the submissions of one student as the grade command does."""

    def run(
        student: str, converter: type[Autograde] = AutogradeSubmissions, **extra: Any
    ) -> AutogradeSubmissions:
        config = Config()
        configure(config)
        config.merge(Config(extra))
        coursedir = CourseDirectory(
            root=str(course.root),
            course_id="lab101",
            assignment_id=LAB,
            student_id=student,
            config=config,
        )
        made = converter(coursedir=coursedir, config=config)
        made.force = True
        made.start()
        return made

    return run


def outcome_of(outcome: Outcome, message: str = "") -> Callable[..., SubmissionResult]:
    """Return an engine that gives both tasks this outcome."""

    def grade_notebook(nb: Any, submission: Submission, settings: Any) -> SubmissionResult:
        tasks = [
            TaskResult(
                task=task,
                max_points=points,
                tests=(
                    TestResult(
                        name="test_x", task=task, points=points, outcome=outcome, message=message
                    ),
                ),
            )
            for task, points in (("lab_t1", 3), ("lab_t2", 2))
        ]
        return SubmissionResult(
            student=submission.student,
            assignment=submission.assignment,
            notebook=submission.notebook,
            tasks=tuple(tasks),
            tier="T0",
        )

    return grade_notebook


@pytest.fixture
def engine_gives(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put a stand-in in place of the engine."""
    return lambda stand_in: monkeypatch.setattr("autograder.hooks.grade.grade_notebook", stand_in)


def marks_of(course: Course, student: str) -> Marks:
    return read_marks(course)[student]


def test_failure_of_the_grader_is_never_a_zero(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    def broken(*arguments: Any) -> SubmissionResult:
        raise RecursionError("/secret/path of the grader")

    course.submit("unlucky")
    engine_gives(broken)
    converter = grade("unlucky")
    marks = marks_of(course, "unlucky")
    assert set(marks.scores.values()) == {None}
    assert set(marks.needs_person.values()) == {True}
    assert "not your fault" in marks.comments["lab_t1_answer"]
    assert "secret" not in marks.told
    assert [result.outcome for result in converter.exporter.results] == [Outcome.NOT_GRADED]


def test_deferred_tasks_wait_and_earn_nothing_yet(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    course.submit("gpu")
    engine_gives(outcome_of(Outcome.DEFERRED, "needs a GPU"))
    grade("gpu")
    marks = marks_of(course, "gpu")
    assert marks.scores["lab_t1"] is None
    assert marks.needs_person["lab_t1"]
    assert marks.comments["lab_t1_answer"] == "Not graded yet: needs a GPU."


def test_task_that_the_grader_does_not_know_is_never_a_zero(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    def forgetful(*arguments: Any) -> SubmissionResult:
        result = outcome_of(Outcome.PASSED)(*arguments)
        return result.model_copy(update={"tasks": result.tasks[:1]})

    course.submit("forgotten")
    engine_gives(forgetful)
    grade("forgotten")
    marks = marks_of(course, "forgotten")
    assert (marks.scores["lab_t1"], marks.scores["lab_t2"]) == (3, None)
    assert marks.needs_person["lab_t2"]
    assert "no tests for this task" in marks.comments["lab_t2_answer"]


def test_manual_score_stays_and_asks_for_another_look(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    course.submit("marked")
    engine_gives(outcome_of(Outcome.FAILED, "no"))
    grade("marked")
    with Gradebook(course.database, "lab101") as gradebook:
        gradebook.find_grade("lab_t1", LAB, LAB, "marked").manual_score = 1.5
        gradebook.find_comment("lab_t1_answer", LAB, LAB, "marked").manual_comment = "Nearly."
        gradebook.db.commit()
    engine_gives(outcome_of(Outcome.PASSED))
    grade("marked")
    with Gradebook(course.database, "lab101") as gradebook:
        mark = gradebook.find_grade("lab_t1", LAB, LAB, "marked")
        assert (mark.auto_score, mark.manual_score, mark.score) == (3, 1.5, 1.5)
        assert mark.needs_manual_grade
        assert not gradebook.find_grade("lab_t2", LAB, LAB, "marked").needs_manual_grade
        comment = gradebook.find_comment("lab_t1_answer", LAB, LAB, "marked")
        assert comment.comment == "Nearly."
        assert comment.auto_comment == "3 of 3 points."


def test_lone_submission_without_its_notebook_is_taken_in(course: Course, grade: Grade) -> None:
    (course.folder("alone") / "essay.docx").write_text("words")
    with pytest.raises(NbGraderException, match="No notebooks were matched"):
        grade("alone", Autograde)
    assert "alone" not in read_marks(course)
    (result,) = grade("alone").exporter.results
    assert "No notebook named lab.ipynb was submitted" in result.damaged
    assert set(marks_of(course, "alone").scores.values()) == {None}
    assert (course.root / "autograded/alone/lab/lab.ipynb").exists()


def test_student_who_submitted_nothing_is_an_error(course: Course, grade: Grade) -> None:
    with pytest.raises(NbGraderException, match="No notebooks were matched"):
        grade("nobody")
    assert "nobody" not in read_marks(course)


def test_broken_step_leaves_the_notebook_ungraded_and_to_be_opened(
    course: Course,
    grade: Grade,
    engine_gives: Callable[[Any], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course.submit("stumbling")
    engine_gives(outcome_of(Outcome.PASSED))
    real, calls = "nbgrader.preprocessors.LimitOutput.preprocess_cell", []

    def stumble(self: Any, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        calls.append(index)
        if len(calls) == 1:
            raise ValueError("a cell that no one thought of")
        return cell, resources

    monkeypatch.setattr(real, stumble)
    grade("stumbling")
    marks = marks_of(course, "stumbling")
    assert set(marks.scores.values()) == {None}
    assert "The autograder failed on this notebook" in marks.comments["lab_t1_answer"]
    assert "not graded" in course.autograded("stumbling").cells[0].source


def test_without_a_release_the_gradebook_gives_the_substitute(course: Course, grade: Grade) -> None:
    (course.folder("broken") / "lab.ipynb").write_text("{")
    grade("broken", CourseDirectory={"release_directory": "nowhere"})
    ids = {
        cell.metadata.get("nbgrader", {}).get("grade_id")
        for cell in course.autograded("broken").cells
    }
    assert {"lab_cell_01", "lab_t1_answer", "lab_t1", "lab_t2", "lab_t3"} <= ids
    assert "it is not JSON" in marks_of(course, "broken").told


def test_metadata_that_nbgrader_could_clear_keeps_its_ids(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    course.submit("cleared")
    engine_gives(outcome_of(Outcome.PASSED))
    grade("cleared", ClearMetadataPreprocessor={"enabled": True})
    assert marks_of(course, "cleared").scores["lab_t1"] == 3
    ids = [
        cell.metadata.get("nbgrader", {}).get("grade_id")
        for cell in course.autograded("cleared").cells
    ]
    assert "lab_t1" in ids


def test_no_execute_does_not_trust_stored_outputs(
    course: Course, grade: Grade, engine_gives: Callable[[Any], None]
) -> None:
    course.submit("stored")
    engine_gives(outcome_of(Outcome.FAILED, "no"))
    grade("stored", Execute={"enabled": False}, ClearOutput={"enabled": False})
    assert marks_of(course, "stored").scores["lab_t1"] == 0


@pytest.mark.parametrize("name", [".autograder-secret", "graders/lab/hints.toml"])
def test_course_that_can_grade_nobody_keeps_the_marks_it_has(
    course: Course, grade: Grade, name: str
) -> None:
    course.submit("kept")
    grade("kept")
    before = marks_of(course, "kept")
    needed = course.root / name
    content = needed.read_bytes()
    needed.write_bytes(b"[")
    try:
        said = course.run("autograde", LAB, "--student", "kept", "--force", code=1)
    finally:
        needed.write_bytes(content)
    assert needed.name in said
    assert marks_of(course, "kept") == before
    assert before.scores["lab_t1"] == 3
