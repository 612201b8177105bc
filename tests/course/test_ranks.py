"""The launcher: results, output, every way to fail, and nothing left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
import torch.distributed as dist

from course.ranks import RankError, run_ranks


def total(x: torch.Tensor) -> torch.Tensor:
    y = x * (dist.get_rank() + 1)
    dist.all_reduce(y)
    print("the total is", y.tolist())
    return y


@pytest.mark.parametrize("size", [1, 3])
def test_ranks_work_together_and_print_their_number(
    size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    got = run_ranks(total, size, torch.ones(2))
    want = size * (size + 1) / 2
    assert [y.tolist() for y in got] == [[want, want]] * size
    out = capsys.readouterr().out
    assert all(f"rank {r} | the total is [{want}, {want}]" in out for r in range(size))


def raises() -> None:
    if dist.get_rank() == 1:
        raise ValueError("my part is missing")
    dist.barrier()


def leaves() -> None:
    if dist.get_rank() == 0:
        os._exit(3)
    dist.barrier()


def waits() -> None:
    dist.recv(torch.zeros(1), 1 - dist.get_rank())


def starts_a_process(folder: str) -> None:
    if os.fork() == 0:
        Path(folder, str(os.getpid())).touch()
        time.sleep(600)
    dist.recv(torch.zeros(1), 1 - dist.get_rank())


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (raises, "ValueError: my part is missing"),
        (leaves, "Rank 0 ended (status 3)"),
        (waits, "Rank 0 did not return within 3 seconds"),
    ],
)
def test_failure_names_the_rank_and_ends_all(function: Any, words: str) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(RankError) as caught:
        run_ranks(function, 2, timeout_s=3)
    assert words in str(caught.value)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def unwritten() -> None:
    if dist.get_rank() == 1:
        raise NotImplementedError("a4_t2: still to do")
    dist.barrier()


def test_part_that_is_not_written_is_called_that() -> None:
    with pytest.raises(NotImplementedError, match="a4_t2: still to do"):
        run_ranks(unwritten, 2, timeout_s=3)


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_processes_that_a_rank_started_end_too(tmp_path: Path) -> None:
    with pytest.raises(RankError):
        run_ranks(starts_a_process, 2, str(tmp_path), timeout_s=2)
    started = [int(path.name) for path in tmp_path.iterdir()]
    assert len(started) == 2
    deadline = time.monotonic() + 10
    while any(map(is_running, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, started))


@pytest.mark.parametrize("size", [0, -1, 2.0, 17])
def test_odd_world_sizes_are_refused(size: Any) -> None:
    with pytest.raises(ValueError, match="whole number from 1 to 16"):
        run_ranks(total, size, torch.ones(1))
