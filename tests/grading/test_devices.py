"""Tests that need a device: deferred without, leased with. The inventory is made up."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from autograder.grading import devices
from autograder.grading.devices import Device, Leases, Need, Unavailable
from autograder.outcomes import Outcome

from .conftest import GOOD, Grade, by_name

GATED = """
import pytest
from autograder.grading import Student, expect

@pytest.mark.task("tiny_t1", points=2)
@pytest.mark.gpu(devices={devices}, memory_gib=8)
def test_on_a_device(student: Student) -> None:
    expect.equal(student.call("count"), 1, what="count() counts from one")

@pytest.mark.task("tiny_t1", points=1)
def test_anywhere(student: Student) -> None:
    expect.equal(student.call("count"), 1, what="count() counts from one")
"""
TWO = (Device(0, 16 << 30), Device(1, 16 << 30))


def leases(folder: Path, found: Iterable[Device] = TWO) -> Leases:
    return Leases(lambda: tuple(found), folder)


def test_gated_test_waits_without_a_device_and_the_rest_is_graded(grade: Grade) -> None:
    tests = by_name(grade(GOOD, grader=GATED.format(devices=1)))
    assert tests["test_on_a_device"].outcome is Outcome.DEFERRED
    assert "1 GPU with 8 GiB" in tests["test_on_a_device"].message
    assert tests["test_anywhere"].outcome is Outcome.PASSED


@pytest.mark.parametrize(("wanted", "outcome"), [(2, Outcome.PASSED), (3, Outcome.DEFERRED)])
def test_gated_test_runs_where_enough_devices_are(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, wanted: int, outcome: Outcome
) -> None:
    monkeypatch.setattr(devices, "none_here", lambda: TWO)
    tests = by_name(grade(GOOD, grader=GATED.format(devices=wanted)))
    assert tests["test_on_a_device"].outcome is outcome


def test_gated_test_still_fails_a_wrong_answer(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "none_here", lambda: TWO)
    tests = by_name(grade("def count():\n    return 7", grader=GATED.format(devices=1)))
    assert tests["test_on_a_device"].outcome is Outcome.FAILED


def _is_refused(lease: AbstractContextManager[object]) -> bool:
    try:
        with lease:
            return False
    except Unavailable as refused:
        return "all were in use" in str(refused)


def test_device_is_shared_only_up_to_its_memory(tmp_path: Path) -> None:
    one = leases(tmp_path, TWO[:1])
    with one.lease(Need(1, 8)), one.lease(Need(1, 8)):
        third = one.lease(Need(1, 1), 0.3)
        assert _is_refused(third)
    with one.lease(Need(1, 16)):
        pass
    assert not list(tmp_path.glob("*.lease"))


def test_leases_spread_over_devices(tmp_path: Path) -> None:
    both = leases(tmp_path)
    with both.lease(Need(1, 4)) as first, both.lease(Need(1, 4)) as second:
        assert first != second


def test_device_that_is_too_small_is_none(tmp_path: Path) -> None:
    with (
        pytest.raises(Unavailable, match="this machine has not"),
        leases(tmp_path).lease(Need(1, 17)),
    ):
        pass


def _hold_and_tell(folder: Path, ready: object) -> None:
    with leases(folder, TWO[:1]).lease(Need(1, 16)):
        ready.set()  # type: ignore[attr-defined]
        signal.pause()


def test_lease_of_a_killed_grader_is_free_again(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    grader = context.Process(target=_hold_and_tell, args=(tmp_path, ready))
    grader.start()
    assert ready.wait(20)
    one = leases(tmp_path, TWO[:1])
    with pytest.raises(Unavailable), one.lease(Need(1, 1), 0.3):
        pass
    os.kill(grader.pid or 0, signal.SIGKILL)
    grader.join()
    with one.lease(Need(1, 16), 5):
        pass


@pytest.mark.parametrize(("count", "memory"), [(0, 8), (1, 0)])
def test_need_of_nothing_is_refused(count: int, memory: float) -> None:
    with pytest.raises(ValueError, match="at least one device"):
        Need(count, memory)
