"""Tests that need a device: deferred without, leased with. The inventory is made up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest
import torch

from autograder.grading import devices
from autograder.grading.devices import Device, Leases, Need
from autograder.grading.engine import Engine
from autograder.kernels import NotOnThisMachine
from autograder.outcomes import Outcome
from autograder.settings import Settings

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

LOOKING = """
import os
import resource


def look(file):
    try:
        os.close(os.open(file, os.O_RDWR))
    except OSError:
        reached = False
    else:
        reached = True
    share = os.environ.get("PYTORCH_CUDA_ALLOC_CONF", "")
    capped = resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return {{"reached": reached, "share": share, "capped": capped}}
"""
LOOKED_AT = """
import pytest
from autograder.grading import Student, expect

@pytest.mark.task("tiny_t1", points=2)
@pytest.mark.gpu(devices=1, memory_gib=4)
def test_with(student: Student) -> None:
    want = {{"reached": True, "share": "per_process_memory_fraction:0.2500", "capped": False}}
    expect.equal(student.call("look", "{file}"), want, what="what was leased is reached")

@pytest.mark.task("tiny_t1", points=1)
def test_without(student: Student) -> None:
    want = {{"reached": False, "share": "", "capped": True}}
    expect.equal(student.call("look", "{file}"), want, what="nothing is, without a lease")
"""


@pytest.fixture
def two_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two devices be found; torch, which would see none, is not asked."""
    monkeypatch.setattr(devices, "nvidia_devices", lambda: TWO)
    monkeypatch.setattr(Engine, "check_devices", lambda engine, count: None)


@pytest.fixture
def device_file() -> Iterator[str]:
    """Make a device file that anybody may open, like those of an accelerator."""
    path = Path(f"/dev/autograder-test-{os.getpid()}")
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, Path("/dev/null").stat().st_rdev)
    except OSError as refused:
        pytest.skip(f"no device file can be made here: {refused}")
    try:
        path.chmod(0o666)
        yield str(path)
    finally:
        path.unlink()


def leases(folder: Path, found: Iterable[Device] = TWO) -> Leases:
    return Leases(lambda: tuple(found), folder)


def test_gated_test_waits_without_a_device_and_the_rest_is_graded(grade: Grade) -> None:
    tests = by_name(grade(GOOD, grader=GATED.format(devices=1)))
    assert tests["test_on_a_device"].outcome is Outcome.DEFERRED
    assert "1 GPU with 8 GiB" in tests["test_on_a_device"].message
    assert tests["test_anywhere"].outcome is Outcome.PASSED


@pytest.mark.parametrize(("wanted", "outcome"), [(2, Outcome.PASSED), (3, Outcome.DEFERRED)])
@pytest.mark.usefixtures("two_devices")
def test_gated_test_runs_where_enough_devices_are(
    grade: Grade, wanted: int, outcome: Outcome
) -> None:
    tests = by_name(grade(GOOD, grader=GATED.format(devices=wanted)))
    assert tests["test_on_a_device"].outcome is outcome


@pytest.mark.usefixtures("two_devices")
def test_gated_test_still_fails_a_wrong_answer(grade: Grade) -> None:
    tests = by_name(grade("def count():\n    return 7", grader=GATED.format(devices=1)))
    assert tests["test_on_a_device"].outcome is Outcome.FAILED


@pytest.mark.usefixtures("two_devices")
def test_leased_device_is_passed_on_and_no_other_test_reaches_it(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, device_file: str
) -> None:
    found = (Device(0, 16 << 30, (device_file,)),)
    monkeypatch.setattr(devices, "nvidia_devices", lambda: found)
    before = set(psutil.Process().children(recursive=True))
    tests = by_name(grade(LOOKING.format(), grader=LOOKED_AT.format(file=device_file)))
    assert tests["test_with"].outcome is Outcome.PASSED, tests["test_with"].message
    assert tests["test_without"].outcome is Outcome.PASSED, tests["test_without"].message
    left = set(psutil.Process().children(recursive=True)) - before
    assert not [process for process in left if process.is_running() and not _has_ended(process)]


def _has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_device_that_torch_does_not_reach_in_the_sandbox_is_no_zero(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    if torch.cuda.is_available():
        pytest.skip("torch does reach a device here")
    monkeypatch.setattr(devices, "nvidia_devices", lambda: TWO)
    tests = by_name(grade(GOOD, grader=GATED.format(devices=1)))
    assert tests["test_on_a_device"].outcome is Outcome.DEFERRED
    assert "does not reach" in tests["test_on_a_device"].message
    assert tests["test_anywhere"].outcome is Outcome.PASSED


def test_ranks_are_tried_before_any_code_of_a_submission(fast_settings: Settings) -> None:
    """Where they cannot meet, a right answer would fail: the test is to wait."""
    with Engine(fast_settings) as engine:
        engine.check_devices(2, "cpu")
        if not torch.cuda.is_available():
            with pytest.raises(NotOnThisMachine, match="does not reach"):
                engine.check_devices(2)


def test_ranks_that_cannot_meet_wait_for_another_machine(engine_without_namespaces: Engine) -> None:
    with pytest.raises(NotOnThisMachine, match="does not reach"):
        engine_without_namespaces.check_devices(2, "cpu")  # sockets are refused there


def _is_refused(lease: AbstractContextManager[object]) -> bool:
    try:
        with lease:
            return False
    except NotOnThisMachine as refused:
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
        pytest.raises(NotOnThisMachine, match="does not have"),
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
    with pytest.raises(NotOnThisMachine), one.lease(Need(1, 1), 0.3):
        pass
    os.kill(grader.pid or 0, signal.SIGKILL)
    grader.join()
    with one.lease(Need(1, 16), 5):
        pass


@pytest.mark.parametrize(("count", "memory"), [(0, 8), (1, 0)])
def test_need_of_nothing_is_refused(count: int, memory: float) -> None:
    with pytest.raises(ValueError, match="at least one device"):
        Need(count, memory)
