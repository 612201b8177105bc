"""A class by hand: one of each outcome."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.contract import Contract, Kind, Level, Task
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult

HINT = "velocity-reset"
ADVICE = "The velocity is carried over. Read again: Momentum."


def hidden_test(
    name: str, outcome: Outcome, points: float = 2.0, message: str = "", hint: str | None = None
) -> TestResult:
    return TestResult(
        name=name,
        task="x1_t1",
        points=points,
        outcome=outcome,
        message=message,
        hint=hint,
        hint_text=ADVICE if hint else "",
    )


def submission(student: str, *tests: TestResult, **given: object) -> SubmissionResult:
    points = sum(test.points for test in tests) or 4.0
    task = TaskResult(task="x1_t1", max_points=points, tests=tests)
    return SubmissionResult.model_validate(
        {
            "student": student,
            "assignment": "x1",
            "notebook": "x1",
            "tasks": (task,),
            "tier": "T1",
            **given,
        }
    )


@pytest.fixture
def contract() -> Contract:
    common = {"level": Level.CORE, "minutes": 10}
    return Contract(
        title="Tests & <em>titles</em>",
        notebook="x1",
        tasks=(
            Task(id="x1_t1", title="Momentum", kind=Kind.AUTO, points=4, **common),
            Task(id="x1_t2", title="Why", kind=Kind.WRITTEN, points=3, **common),
        ),
    )


@pytest.fixture
def settled() -> list[SubmissionResult]:
    """Two students whose marks are complete."""
    passed, failed = Outcome.PASSED, Outcome.FAILED
    return [
        submission("ada", hidden_test("test_a", passed), hidden_test("test_b", passed)),
        submission(
            "grace",
            hidden_test("test_a", passed),
            hidden_test("test_b", failed, message="\nexpected 1, got 2\nmore", hint=HINT),
            notes=("The cell x1_t1 was deleted; it was put back.",),
        ),
    ]


@pytest.fixture
def undecided() -> list[SubmissionResult]:
    """Two students whose marks are not complete."""
    lost = TaskResult(task="x1_t1", max_points=4.0, reason="not a notebook")
    return [
        submission(
            "linus",
            hidden_test("test_a", Outcome.PASSED),
            hidden_test("test_b", Outcome.DEFERRED, message="needs a GPU"),
        ),
        submission("zoe", tasks=(lost,), damaged="not a notebook", tier="not run"),
    ]


@pytest.fixture
def page_path(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "x1.html"
