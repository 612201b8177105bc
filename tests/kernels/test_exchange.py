"""The matching of messages, without any process."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from autograder.kernels.exchange import BadRequest, Disagreement, Exchange


def request(what: str, numbers: int | None = 3, **parts: Any) -> dict[Any, Any]:
    tensor = None if numbers is None else torch.ones(numbers)
    return {"what": what, "tensor": tensor, "peer": None, "tag": 0, "reduce": "sum", **parts}


def test_messages_of_one_pair_keep_their_order() -> None:
    exchange = Exchange(2)
    for value in (1.0, 2.0):
        exchange.post(0, request("send", tensor=torch.full((1,), value), peer=1))
    tickets = [exchange.post(1, request("recv", 1, peer=0)) for _ in range(2)]
    got = []
    for ticket in tickets:
        exchange.wait(1, ticket)
        got += [float(result) for _, result in exchange.arrived()]
    assert got == [1.0, 2.0]


def test_tags_keep_messages_apart() -> None:
    exchange = Exchange(2)
    exchange.post(0, request("send", 1, peer=1, tag=5))
    exchange.wait(1, exchange.post(1, request("recv", 1, peer=0, tag=6)))
    assert exchange.arrived() == []
    assert exchange.who_waits() == "rank 1 waits in recv(src=0) for rank 0"


def test_collective_completes_with_its_last_rank() -> None:
    exchange = Exchange(3)
    for rank in range(3):
        assert exchange.arrived() == []
        exchange.wait(rank, exchange.post(rank, request("all_reduce")))
    assert [result.tolist() for _, result in exchange.arrived()] == [[3.0, 3.0, 3.0]] * 3


def test_only_the_root_of_a_broadcast_is_counted() -> None:
    exchange = Exchange(2)
    for rank in range(2):
        exchange.post(rank, request("broadcast", 4, peer=1))
    assert [(m.rank, m.size_bytes) for m in exchange.messages] == [(0, 0), (1, 16)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (request("all_reduce"), request("barrier", None)),
        (request("all_reduce"), request("all_reduce", 4)),
        (request("broadcast", peer=0), request("broadcast", peer=1)),
        (request("all_reduce"), request("all_reduce", reduce="max")),
    ],
)
def test_collectives_that_differ_are_named(first: Any, second: Any) -> None:
    exchange = Exchange(2)
    exchange.post(0, first)
    with pytest.raises(Disagreement, match=r"rank 0 called .* while rank 1"):
        exchange.post(1, second)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        request("steal"),
        request("send", peer=7),
        request("send", peer=True),
        request("all_reduce", None),
        request("all_reduce", reduce="xor"),
        request("send", peer=0, tag="x"),
    ],
)
def test_requests_that_the_library_would_not_make_are_refused(wrong: dict[Any, Any]) -> None:
    with pytest.raises(BadRequest):
        Exchange(2).post(1, wrong)


def test_waits_for_what_is_not_ones_own_are_refused() -> None:
    exchange = Exchange(2)
    ticket = exchange.post(0, request("send", peer=1))
    for rank, number in ((1, ticket), (0, 99), (0, True), (0, None)):
        with pytest.raises(BadRequest):
            exchange.wait(rank, number)


def test_endless_operations_come_to_an_end() -> None:
    exchange = Exchange(2)
    for _ in range(5_000):
        exchange.post(0, request("send", 1, peer=1))
    with pytest.raises(Disagreement, match="more than 5,000 operations"):
        exchange.post(0, request("send", 1, peer=1))


def test_ranks_cannot_fill_the_memory_of_this_side() -> None:
    exchange = Exchange(2)
    large = torch.ones(()).expand(30 << 18)  # 30 MiB, without taking them
    for _ in range(8):
        exchange.post(0, request("send", tensor=large, peer=1))
    with pytest.raises(Disagreement, match="more than 256 MiB"):
        exchange.post(0, request("send", tensor=large, peer=1))


@pytest.mark.parametrize(
    "odd",
    [
        request("reduce_scatter", 3),
        request("all_reduce", tensor=torch.ones(2, dtype=torch.complex64), reduce="min"),
    ],
)
def test_what_cannot_be_carried_out_is_the_ranks_fault(odd: dict[Any, Any]) -> None:
    exchange = Exchange(2)
    exchange.post(0, odd)
    with pytest.raises(Disagreement, match=r"come out even|cannot be carried out"):
        exchange.post(1, odd)
