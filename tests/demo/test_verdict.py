"""The demo must notice when grading goes wrong: each kind of mistake, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.authoring import init_course
from autograder.batch import Course, open_course
from autograder.demo import damage, verdict
from autograder.demo.damage import SCRIPT
from autograder.demo.handins import Expected, HandIn
from autograder.demo.verdict import problems
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult

PLAN = (
    HandIn("full", damage.save, Expected.FULL, ("put back",)),
    HandIn("less", damage.save, Expected.LESS),
    HandIn("lost", damage.missing, Expected.NOT_GRADED, ("no notebook",)),
)


def result(student: str, outcome: Outcome | None, *notes: str) -> SubmissionResult:
    if outcome is None:
        task = TaskResult(task="t1", max_points=2.0, reason="no notebook")
    else:
        test = TestResult(name="test_a", task="t1", points=2.0, outcome=outcome)
        task = TaskResult(task="t1", max_points=2.0, tests=(test,))
    return SubmissionResult(
        student=student, assignment="x1", notebook="x1", tasks=(task,), tier="T1", notes=notes
    )


GOOD = {
    "full": result("full", Outcome.PASSED, "The cell t1 was put back."),
    "less": result("less", Outcome.FAILED),
    "lost": result("lost", None),
}
MARKS: dict[str, dict[str, float | None]] = {
    "full": {"t1": 2.0},
    "less": {"t1": 0.0},
    "lost": {"t1": None},
}


@pytest.fixture
def course(tmp_path: Path) -> Course:
    init_course(tmp_path, course_id="demo")
    (tmp_path / "feedback").mkdir()
    (tmp_path / "autograded").mkdir()
    return open_course(tmp_path)


def found(
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    results: Mapping[str, SubmissionResult] = GOOD,
    marks: Mapping[str, Mapping[str, float | None]] = MARKS,
) -> list[str]:
    monkeypatch.setattr(verdict, "_gradebook_marks", lambda *_: marks)
    return problems(course, "x1", PLAN, list(results.values()))


def test_good_class_has_no_problems(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(course, monkeypatch) == []


@pytest.mark.parametrize(
    ("student", "seen", "words"),
    [
        ("full", result("full", Outcome.FAILED, "put back"), "had to get all points"),
        ("full", result("full", None, "put back"), "was not graded"),
        ("full", result("full", Outcome.PASSED), "nothing was said about 'put back'"),
        ("less", result("less", Outcome.PASSED), "had to get fewer points"),
        ("lost", result("lost", Outcome.FAILED, "no notebook"), "had to be not graded"),
        ("lost", result("lost", Outcome.PASSED, "no notebook"), "had to be not graded"),
    ],
)
def test_wrong_outcome_is_a_problem(
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    student: str,
    seen: SubmissionResult,
    words: str,
) -> None:
    marks = {**MARKS, student: {"t1": seen.tasks[0].score}}
    told = found(course, monkeypatch, {**GOOD, student: seen}, marks)
    assert len(told) == 1
    assert told[0].startswith(f"{student}: ")
    assert words in told[0]


def test_student_without_a_result_is_a_problem(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = {name: item for name, item in GOOD.items() if name != "less"}
    assert found(course, monkeypatch, results) == ["less: there is no result"]


@pytest.mark.parametrize(
    ("student", "score"), [("full", 1.0), ("lost", 0.0), ("less", None), ("full", None)]
)
def test_gradebook_that_disagrees_is_a_problem(
    course: Course, monkeypatch: pytest.MonkeyPatch, student: str, score: float | None
) -> None:
    told = found(course, monkeypatch, marks={**MARKS, student: {"t1": score}})
    assert len(told) == 1
    assert "the gradebook says" in told[0]


def test_secret_and_script_that_got_out_are_problems(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = course.settings.locate(course.settings.secret_file).read_text()
    (course.root / "autograded" / "notes.txt").write_text(secret)
    (course.root / "autograded" / "nb.ipynb").write_text(SCRIPT)  # only shown once it is feedback
    (course.root / "feedback" / "nb.html").write_text(f"<p>{SCRIPT}</p>")
    assert found(course, monkeypatch) == [
        "the course's secret is in autograded/notes.txt",
        "a script that would run is in feedback/nb.html",
    ]
