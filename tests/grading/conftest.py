"""A tiny assignment whose graders show every ending a test can have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest

from autograder.grading import Submission, grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import SubmissionResult, TestResult
from autograder.settings import Settings

CONTRACT = """
title = "Tiny"
notebook = "tiny"

[[task]]
id = "tiny_t1"
title = "Double"
kind = "auto"
level = "core"
points = 3
minutes = 5
forbids = ["statistics"]

[[task]]
id = "tiny_t2"
title = "Words"
kind = "written"
level = "core"
points = 2
minutes = 5
"""

HINTS = """
[added-two]
text = "Doubling is multiplying by two, not adding two."
section = "Doubling"
"""

GRADER = """
import pytest
from autograder.grading import Draw, Spy, Student, StudentRaised, expect


@pytest.mark.task("tiny_t1", points=1)
def test_doubles(student: Student, draw: Draw) -> None:
    x = draw.array(draw.integer(2, 9))
    got = student.call("double", x)
    expect.close(got, 2 * x, what="double(x) is twice x", inputs={"x": x},
                 misconceptions={"added-two": lambda: x + 2})


@pytest.mark.task("tiny_t1", points=1)
@pytest.mark.parametrize("n", [0, 1])
def test_small_sizes(student: Student, n: int, draw: Draw) -> None:
    x = draw.array(n)
    expect.close(student.call("double", x), 2 * x, what="sizes 0 and 1 work")


@pytest.mark.task("tiny_t1", points=1)
def test_state_is_fresh(student: Student) -> None:
    expect.equal(student.call("count"), 1, what="count() counts from one")
    expect.equal(student.call("count"), 2, what="count() goes on counting")
"""

GOOD = """import numpy as np
n = 0
def double(x):
    return 2 * x
def count():
    global n
    n += 1
    return n"""

SUBMISSION = Submission("ada", "tiny", "tiny")


def as_notebook(*sources: str) -> nbformat.NotebookNode:
    """Return a notebook of code cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


Grade = Callable[..., SubmissionResult]


@pytest.fixture
def tiny(fast_settings: Settings) -> Path:
    """The course directory, with the tiny assignment freshly written."""
    root = fast_settings.course_dir
    (root / ".autograder-secret").write_text("0123456789abcdef0123")
    for folder, name, text in (
        ("assignments", "assignment.toml", CONTRACT),
        ("graders", "hints.toml", HINTS),
        ("graders", "test_tiny.py", GRADER),
        ("solutions", "reference.py", "def double(x):\n    return x + x\n"),
    ):
        path = root / folder / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def grade(tiny: Path, fast_settings: Settings, engine: Engine) -> Grade:
    """Grade cells given as text, by the tiny grader or by one given as text."""

    def run(*sources: str, grader: str | None = None) -> SubmissionResult:
        if grader is not None:
            path = tiny / "graders/tiny/test_tiny.py"
            path.write_text(dedent(grader))
        return grade_notebook(as_notebook(*sources), SUBMISSION, fast_settings, engine)

    return run


def by_name(result: SubmissionResult) -> dict[str, TestResult]:
    """Return the results of the one auto task by the tests' names."""
    (task,) = result.tasks
    return {test.name: test for test in task.tests}
