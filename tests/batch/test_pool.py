"""A pool must outlive any of its workers, and lose nothing but the task in hand."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import util
from pathlib import Path

import psutil
import pytest

from autograder.batch.pool import PoolBroken, WarmPool, WorkerLost

_number = -1


def set_up(number: int, offset: int) -> None:
    global _number
    _number = number + offset


def refuse(number: int) -> None:
    raise ValueError("nothing can be set up here")


def die_at_once(number: int) -> None:
    os._exit(3)


def my_number() -> int:
    return _number


def my_pid() -> int:
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def set_up_with_a_folder(number: int, folder: Path) -> None:
    def put_away() -> None:
        time.sleep(0.3)
        (folder / f"{number}").unlink()

    (folder / f"{number}").touch()
    util.Finalize(None, put_away, exitpriority=10)


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "woke"


def fail() -> None:
    raise LookupError("this task fails")


def unsendable() -> Callable[[], None]:
    return lambda: None


@pytest.fixture
def pool() -> Iterator[WarmPool]:
    with WarmPool(2, set_up, (10,)) as pool:
        yield pool


def test_tasks_run_in_workers_that_were_set_up(pool: WarmPool) -> None:
    numbers = {pool.submit(my_number).result(30) for _ in range(10)}
    assert numbers <= {10, 11}
    assert os.getpid() not in {pool.submit(my_pid).result(30) for _ in range(4)}


def test_killed_worker_costs_its_task_and_no_other(pool: WarmPool) -> None:
    before = set(pool.processes)
    futures = [pool.submit(sleep, 0.2), pool.submit(die), *(pool.submit(my_pid) for _ in range(4))]
    assert futures[0].result(30) == "woke"
    with pytest.raises(WorkerLost, match="SIGKILL"):
        futures[1].result(30)
    assert len({future.result(60) for future in futures[2:]}) >= 1
    assert len(pool.processes) == 2
    assert set(pool.processes) != before


def test_replacement_is_set_up_too(pool: WarmPool) -> None:
    for _ in range(2):
        with pytest.raises(WorkerLost):
            pool.submit(die).result(30)
    assert pool.submit(my_number).result(60) in (10, 11)


def test_task_that_takes_too_long_ends_its_worker() -> None:
    with WarmPool(1, set_up, (0,), task_limit_s=0.3) as pool:
        with pytest.raises(WorkerLost, match="longer"):
            pool.submit(sleep, 60).result(30)
        assert pool.submit(my_number).result(60) == 0


def test_exception_of_a_task_is_its_own(pool: WarmPool) -> None:
    with pytest.raises(LookupError, match="this task fails"):
        pool.submit(fail).result(30)
    with pytest.raises(RuntimeError, match="cannot be sent"):
        pool.submit(unsendable).result(30)
    assert pool.submit(my_number).result(30) in (10, 11)


def test_worker_that_cannot_be_set_up_fails_every_task() -> None:
    pool = WarmPool(2, refuse)
    with pytest.raises((ValueError, RuntimeError)):
        pool.submit(my_number).result(30)
    pool.shutdown()
    assert pool.processes == []


def test_batch_ends_if_no_worker_can_take_the_place_of_a_lost_one(
    pool: WarmPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(number: int, method: str) -> None:
        raise OSError("no room for one more process")

    monkeypatch.setattr(pool, "_start", no_room)
    futures = [pool.submit(die), pool.submit(sleep, 60), pool.submit(my_number)]
    with pytest.raises(WorkerLost, match="SIGKILL"):
        futures[0].result(30)
    for future in futures[1:]:
        with pytest.raises(PoolBroken, match="no room"):
            future.result(30)
    with pytest.raises(PoolBroken, match="no room"):
        pool.submit(my_number)
    pool.shutdown()
    assert pool.processes == []


def test_workers_that_die_at_once_again_and_again_end_the_batch() -> None:
    pool = WarmPool(1, die_at_once)
    with pytest.raises(PoolBroken, match="do not start"):
        pool.submit(my_number).result(60)
    with pytest.raises(PoolBroken, match="do not start"):
        pool.submit(my_number)
    pool.shutdown()


def test_pool_of_which_one_worker_cannot_be_started_leaves_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = WarmPool._start
    begun: list[int | None] = []

    def second_fails(pool: WarmPool, number: int, method: str) -> object:
        if number == 1:
            raise OSError("no room")
        slot = start(pool, number, method)
        begun.append(slot.process.pid)
        return slot

    monkeypatch.setattr(WarmPool, "_start", second_fails)
    with pytest.raises(OSError, match="no room"):
        WarmPool(2, set_up, (0,))
    assert not any(psutil.pid_exists(pid) for pid in begun if pid)
    assert len(begun) == 1


def test_worker_that_is_told_to_end_puts_its_things_away(tmp_path: Path) -> None:
    pool = WarmPool(2, set_up_with_a_folder, (tmp_path,))
    busy = pool.submit(sleep, 60)
    while len(list(tmp_path.iterdir())) < 2 or not busy.running():
        time.sleep(0.01)
    pool.kill()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WorkerLost):
        busy.result(0)


def test_nothing_is_left_after_shutdown_or_kill() -> None:
    for end in (WarmPool.shutdown, WarmPool.kill):
        pool = WarmPool(2, set_up, (0,))
        pids = pool.processes
        pool.submit(my_number).result(30)
        end(pool)
        assert not any(psutil.pid_exists(pid) for pid in pids)


def test_waiting_tasks_can_be_cancelled() -> None:
    pool = WarmPool(1, set_up, (0,))
    futures = [pool.submit(sleep, 0.3) for _ in range(3)]
    pool.shutdown(cancel_futures=True)
    assert sum(future.cancelled() for future in futures) >= 1
    assert all(future.done() for future in futures)
