"""Processes of a submission are killed from outside: result and notebook stay what they were."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder.grading import grade_notebook
from autograder.grading.engine import Engine
from autograder.grading.judge import Judge
from autograder.grading.run import LOST_WHILE_SHOWING
from autograder.grading.student import Student
from autograder.grading.suite import Suite
from autograder.kernels import NotebookRun
from autograder.kernels.process import StudentProcess
from autograder.outcomes import SubmissionResult
from autograder.settings import Settings

from .conftest import GOOD, SUBMISSION, as_notebook

WRONG = GOOD.replace("2 * x", "x + 2")
EXPLORE = ("a = 6\nprint('a is', a)", "print('twice', double(np.array([a])))")
Graded = tuple[SubmissionResult, nbformat.NotebookNode]


@pytest.fixture
def graded(tiny: Path, fast_settings: Settings, engine: Engine) -> Callable[[], Graded]:
    def run() -> Graded:
        nb = as_notebook(WRONG, *EXPLORE)
        for cell, name in zip(nb.cells, ("answer", "first", "second"), strict=True):
            cell["id"] = name
            cell.metadata["tags"] = [] if name == "answer" else ["explore"]
        return grade_notebook(nb, SUBMISSION, fast_settings, engine), nb

    return run


def kill_sandbox(engine: Engine) -> None:
    assert engine._parent is not None
    psutil.Process(engine._parent.pid).kill()


def kill_process(engine: Engine) -> None:
    process = engine._process
    assert isinstance(process, StudentProcess)
    assert process._parent.signal(process._child.pid, signal.SIGKILL)


MOMENTS: dict[str, tuple[type, str, int]] = {
    "in the cells": (StudentProcess, "run_cell", 1),
    "at the first hidden test": (Suite, "judge_case", 1),
    "at the last hidden test": (Suite, "judge_case", 4),
    "in the cells of the second process": (StudentProcess, "run_cell", 2),
    "at an example": (Judge, "explain", 1),
    "at the first exploration": (NotebookRun, "explore", 1),
    "at the second exploration": (StudentProcess, "run_cell", 4),
}
"""What is called when somebody kills, and which of its calls it is."""


@pytest.mark.parametrize("kill", [kill_sandbox, kill_process])
@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_from_outside_changes_nothing(
    graded: Callable[[], Graded],
    engine: Engine,
    moment: str,
    kill: Callable[[Engine], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undisturbed = graded()
    assert "twice [8]" in str(undisturbed[1])
    owner, name, number = MOMENTS[moment]
    plain, calls = getattr(owner, name), 0

    def disturbed(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            kill(engine)
        return plain(*args, **kwargs)

    monkeypatch.setattr(owner, name, disturbed)
    assert graded() == undisturbed
    assert calls > number


def test_copy_that_is_killed_changes_nothing(
    graded: Callable[[], Graded], monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed, killed, plain = graded(), [], Student.call

    def call(student: Student, *args: Any, **kwargs: Any) -> Any:
        if len(killed) < 2 and student._copy is None:  # a hidden test's; after that an example's
            killed.append(student._remote.kill())
            monkeypatch.setattr(Student, "call", plain)
        return plain(student, *args, **kwargs)

    for owner in (Judge.decide, Judge.explain):

        def begin(*args: Any, owner: Any = owner, **kwargs: Any) -> Any:
            monkeypatch.setattr(Student, "call", call)
            return owner(*args, **kwargs)

        monkeypatch.setattr(Judge, owner.__name__, begin)
    assert graded() == undisturbed
    assert len(killed) == 2


def test_sandbox_that_is_lost_each_time_leaves_the_marks(
    graded: Callable[[], Graded], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed, plain = graded()[0], NotebookRun.explore

    def disturbed(run: NotebookRun) -> None:
        kill_sandbox(engine)
        plain(run)

    monkeypatch.setattr(NotebookRun, "explore", disturbed)
    result = graded()[0]
    assert result.notes == (LOST_WHILE_SHOWING,)
    assert result.tasks == undisturbed.tasks


def test_process_that_ends_each_time_is_the_students(
    tiny: Path, fast_settings: Settings, engine: Engine
) -> None:
    deadly = GOOD.replace("return 2 * x", "os.kill(main, 9)") + "\nimport os\nmain = os.getpid()"
    result = grade_notebook(as_notebook(deadly), SUBMISSION, fast_settings, engine)
    assert result.tasks[0].score == 0
