"""Ranks of one group: results as torch has them, and every way to go wrong named at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import nbformat
import psutil
import pytest
import torch

from autograder.grading.engine import Engine
from autograder.grading.student import Student
from autograder.kernels import (
    Budget,
    Deadlock,
    PerRank,
    RankFault,
    RankGroup,
    RankRaised,
    RanksDisagree,
    run_notebook,
)
from autograder.kernels.outputs import OutputCollector

SOURCE = """\
import os, time
import torch
import torch.distributed as dist

def all_of_them(x):
    n = dist.get_world_size()
    whole = [torch.zeros_like(x) for _ in range(n)]
    dist.all_gather(whole, x)
    total = x.clone(); dist.all_reduce(total)
    mean = x.clone(); dist.all_reduce(mean, op=dist.ReduceOp.AVG)
    mine = torch.zeros(x.numel() // n); dist.reduce_scatter(mine, list(x.clone().chunk(n)))
    root = x.clone(); dist.broadcast(root, src=n - 1)
    objects = [None] * n; dist.all_gather_object(objects, {"rank": dist.get_rank()})
    dist.barrier()
    return torch.stack(whole), total, mean, mine, root, objects

def pass_on(x):
    n, rank = dist.get_world_size(), dist.get_rank()
    sending = dist.isend(x, (rank + 1) % n)
    got = torch.zeros_like(x)
    dist.recv(got, (rank - 1) % n)
    sending.wait()
    return got

def everyone_sends_first(x):
    n, rank = dist.get_world_size(), dist.get_rank()
    dist.send(x, (rank + 1) % n)
    dist.recv(x, (rank - 1) % n)

def one_forgets(x):
    if dist.get_rank() != 0:
        dist.all_reduce(x)

def one_raises(x):
    if dist.get_rank() == 1:
        raise ValueError("my part is missing")
    dist.all_reduce(x)

def one_leaves(x):
    if dist.get_rank() == 1:
        os._exit(0)
    dist.barrier()

def one_spins(x):
    while dist.get_rank() == 1:
        pass
    dist.barrier()

def other_shapes(x):
    dist.all_reduce(x[: dist.get_rank() + 1])

def too_small(x):
    dist.send(x, 1) if dist.get_rank() == 0 else dist.recv(x[1:].clone(), 0)

def forks_and_sleeps(x):
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    dist.barrier()
    return True

class Part:
    def __init__(self, x):
        self.x = x
    def total(self, factor):
        y = factor * self.x
        dist.all_reduce(y)
        return y
"""
Start = Callable[..., RankGroup]


@pytest.fixture
def start(engine: Engine) -> Iterator[Start]:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE)])
    run = run_notebook(nb, lambda: engine.launch(1, {}, Budget(600)), OutputCollector(nb, 10_000))
    assert run.process is not None
    process = run.process
    student = Student(lambda _: process.copy(1, ()))
    yield student.ranks
    student.restart()
    engine.clean()


@pytest.mark.parametrize("size", [1, 2, 4])
def test_collectives_give_what_torch_says(start: Start, size: int) -> None:
    ranks = start(size)
    parts = torch.arange(float(8 * size)).reshape(size, 8) + 1
    for rank, got in enumerate(ranks.call("all_of_them", PerRank(parts))):
        whole, total, mean, mine, root, objects = got
        torch.testing.assert_close(whole, parts)
        torch.testing.assert_close(total, parts.sum(0))
        torch.testing.assert_close(mean, parts.mean(0))
        torch.testing.assert_close(mine, parts.sum(0).chunk(size)[rank])
        torch.testing.assert_close(root, parts[-1])
        assert objects == [{"rank": r} for r in range(size)]


def test_sends_are_counted_outside_the_ranks(start: Start) -> None:
    ranks = start(3)
    got = ranks.call("pass_on", PerRank([torch.full((5,), float(r)) for r in range(3)]))
    assert [float(x[0]) for x in got] == [2.0, 0.0, 1.0]
    assert ranks.kinds() == {"send"}
    assert [ranks.count("send", rank) for rank in range(3)] == [1, 1, 1]
    assert [(m.peer, m.size_bytes) for m in ranks.messages if m.rank == 2] == [(0, 20)]


def test_objects_stay_in_their_ranks(start: Start) -> None:
    parts = start(2).new("Part", PerRank([torch.ones(2), 2 * torch.ones(2)]))
    assert [float(y[0]) for y in parts.call("total", PerRank([1.0, 10.0]))] == [21.0, 21.0]
    assert [float(x[0]) for x in parts.get("x")] == [1.0, 2.0]


def test_ranks_of_devices_talk_to_each_other_and_not_through_the_grader(start: Start) -> None:
    ranks = start(2, "cpu")
    parts = ranks.new("Part", PerRank([torch.ones(2), 2 * torch.ones(2)]))
    assert [float(y[0]) for y in parts.call("total", PerRank([1.0, 10.0]))] == [21.0, 21.0]
    got = ranks.call("pass_on", PerRank([torch.full((5,), float(r)) for r in range(2)]))
    assert [float(x[0]) for x in got] == [1.0, 0.0]
    assert ranks.messages == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one_raises", "Rank 1: Your code raised ValueError: my part is missing"),
        ("everyone_sends_first", "The call did not return"),
    ],
)
def test_failure_of_ranks_with_devices_ends_them_all(start: Start, name: str, words: str) -> None:
    ranks, began = start(2, "cpu"), time.monotonic()
    with pytest.raises(RankFault) as caught:
        # So large that a send over loopback has to wait for its receive.
        ranks.call(name, torch.ones(3 if name != "everyone_sends_first" else 10_000_000))
    assert words in str(caught.value)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("everyone_sends_first", Deadlock, "rank 0 waits in send(dst=1) for rank 1"),
        ("one_forgets", Deadlock, "rank 1 waits in all_reduce() for rank 0; rank 0 has already"),
        ("one_raises", RankRaised, "Rank 1: Your code raised ValueError: my part is missing"),
        ("one_leaves", RankFault, "Rank 1: Your process ended during the call"),
        ("one_spins", RankFault, "Rank 1: The call did not return"),
        ("other_shapes", RanksDisagree, "rank 0 called all_reduce() with (1,) float32"),
        ("too_small", RanksDisagree, "rank 0 sent a tensor of (3,) float32 to rank 1"),
    ],
)
def test_failure_names_rank_and_cause(
    start: Start, name: str, kind: type[Exception], words: str
) -> None:
    ranks, began = start(2), time.monotonic()
    with pytest.raises(kind) as caught:
        ranks.call(name, torch.ones(3))
    assert words in str(caught.value)
    assert "missing" not in getattr(caught.value, "without_arguments", "")
    assert time.monotonic() - began < 60


def test_processes_that_a_rank_started_end_with_the_submission(
    start: Start, engine: Engine
) -> None:
    before = set(psutil.Process().children(recursive=True))  # of other tests' engines
    assert start(2).call("forks_and_sleeps", torch.ones(1)) == [True, True]
    engine.clean()
    more = set(psutil.Process().children(recursive=True)) - before
    sleepers = [process for process in more if process.status() != "zombie"]
    assert len(sleepers) <= 4  # the warm parent and what bubblewrap needs for it
