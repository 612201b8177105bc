"""Copies for the hidden tests: each fresh, and with a task's forbidden modules out of use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import nbformat
import pytest

from autograder.grading.engine import Engine
from autograder.kernels import (
    Budget,
    RemoteCopy,
    StudentDied,
    StudentProcess,
    StudentRaised,
    run_notebook,
)
from autograder.kernels.outputs import OutputCollector
from autograder.kernels.process import ProcessEnded
from autograder.settings import Settings

SOURCE = """\
import os, signal, statistics
n = 0
def mean(x):
    return statistics.mean(x)
def count():
    global n
    n += 1
    return n
def orphan():
    if (child := os.fork()) == 0:
        os.fork()
        os._exit(0)
    os.waitpid(child, 0)
    return True
def end_parent():
    os.kill(os.getppid(), signal.SIGKILL)
"""
FORBIDS = ("statistics",)


@pytest.fixture
def process(engine: Engine) -> Iterator[StudentProcess]:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)])
    collector = OutputCollector(nb, limit_bytes=100_000)
    run = run_notebook(nb, lambda: engine.launch(1, {}, Budget(600)), collector)
    assert run.process is not None
    yield run.process
    engine.clean()


def call(copy: RemoteCopy, name: str, *args: object) -> object:
    return copy.request_call(name, args, {}, hold=False)


def test_each_copy_is_fresh(process: StudentProcess) -> None:
    for forbids in ((), FORBIDS, FORBIDS):
        copy = process.copy(1, forbids)
        assert [call(copy, "count"), call(copy, "count")] == [1, 2]
        copy.close()


def test_orphans_that_have_ended_do_not_count_among_the_processes(
    process: StudentProcess, fast_settings: Settings
) -> None:
    for _ in range(2 * fast_settings.process_limit):
        copy = process.copy(1, ())
        assert call(copy, "orphan") is True
        copy.close()


def test_forbidden_module_is_refused_in_that_tasks_copies_only(process: StudentProcess) -> None:
    for _ in range(2):
        with pytest.raises(StudentRaised, match="is not allowed in this task"):
            call(process.copy(1, FORBIDS), "mean", [1.0, 3.0])
        assert call(process.copy(1, ()), "mean", [1.0, 3.0]) == 2.0


def test_copy_that_ends_the_process_it_came_from_hurts_one_try_only(
    process: StudentProcess,
) -> None:
    with contextlib.suppress(StudentDied):  # the copy dies with the process it came from
        call(process.copy(1, FORBIDS), "end_parent")
    with pytest.raises((ProcessEnded, StudentDied)):
        call(process.copy(1, FORBIDS), "count")
    assert call(process.copy(1, FORBIDS), "count") == 1


FORGED = """
import os
from autograder.inside import child
plain, numbers = child.encode, iter([
    2**40, 2**63, 2**4000, -1, 0, 1, os.getppid(), True, None, 1.5, "12", b"2", [2], {"pid": 2}])
def forged(value, *args, **kwargs):
    if isinstance(value, dict) and value.get("event") == "forked":
        value = {"event": "forked", "pid": next(numbers)}
    return plain(value, *args, **kwargs)
child.encode = forged
def leave():
    os._exit(1)
"""


def test_forged_number_of_a_copy_ends_as_the_students_own_fault(process: StudentProcess) -> None:
    """The sandbox would be thought lost, and the submission excused."""
    assert process.run_cell(FORGED, lambda kind, content: None).success
    for _ in range(14):
        with pytest.raises(StudentDied):
            call(process.copy(1, ()), "leave")
    process.run_cell("child.encode = plain", lambda kind, content: None)
    assert call(process.copy(1, ()), "count") == 1
