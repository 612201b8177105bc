"""Frames arrive whole or not at all, and nobody waits for ever."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest

from autograder.channel import (
    Channel,
    ChannelClosed,
    ChannelTimeout,
    FrameTooLarge,
)

Pair = tuple[Channel, Channel]


@pytest.fixture
def raw() -> Iterator[tuple[socket.socket, socket.socket]]:
    left, right = socket.socketpair()
    yield left, right
    left.close()
    right.close()


@pytest.fixture
def pair(raw: tuple[socket.socket, socket.socket]) -> Pair:
    return Channel(raw[0]), Channel(raw[1])


@pytest.mark.parametrize("size", [0, 1, 7, 1 << 20])
def test_frame_arrives_whole(pair: Pair, size: int) -> None:
    payload = bytes(range(256)) * (size // 256 + 1)
    sender = threading.Thread(target=pair[0].send, args=(payload[:size],))
    sender.start()
    assert pair[1].receive(5) == payload[:size]
    sender.join()


def test_frames_keep_their_order_and_borders(pair: Pair) -> None:
    for payload in (b"one", b"", b"three"):
        pair[0].send(payload)
    assert [pair[1].receive(1) for _ in range(3)] == [b"one", b"", b"three"]


def test_receive_that_timed_out_goes_on_where_it_stopped(
    raw: tuple[socket.socket, socket.socket],
) -> None:
    channel = Channel(raw[1])
    frame = struct.pack("!Q", 4) + b"abcd"
    for piece in (frame[:3], frame[3:10]):
        raw[0].sendall(piece)
        with pytest.raises(ChannelTimeout):
            channel.receive(0.01)
    raw[0].sendall(frame[10:])
    assert channel.receive(1) == b"abcd"


def test_descriptor_passed_after_a_frame_is_not_swallowed(pair: Pair) -> None:
    left, right = pair
    left.send(b"look")
    with socket.socketpair()[0] as passed:
        left.send_descriptor(passed.fileno())
    left.send(b"on")
    assert right.receive(1) == b"look"
    socket.socket(fileno=right.receive_descriptor()).close()
    assert right.receive(1) == b"on"


def test_end_in_the_middle_of_a_frame_is_closed(raw: tuple[socket.socket, socket.socket]) -> None:
    raw[0].sendall(struct.pack("!Q", 100) + b"half")
    raw[0].close()
    with pytest.raises(ChannelClosed):
        Channel(raw[1]).receive(1)


def test_huge_announcement_is_refused_before_anything_is_read(
    raw: tuple[socket.socket, socket.socket],
) -> None:
    raw[0].sendall(struct.pack("!Q", 1 << 62))
    with pytest.raises(FrameTooLarge):
        Channel(raw[1]).receive(1)


def test_peer_that_does_not_read_times_the_sender_out(pair: Pair) -> None:
    started = time.monotonic()
    with pytest.raises(ChannelTimeout):
        pair[0].send(b"x" * (8 << 20), timeout_s=0.2)
    assert time.monotonic() - started < 5


def test_sending_to_nobody_is_closed_and_no_signal(pair: Pair) -> None:
    pair[1].close()
    with pytest.raises(ChannelClosed):
        pair[0].send(b"x" * (1 << 20))


def test_payload_beyond_the_limit_is_not_sent(raw: tuple[socket.socket, socket.socket]) -> None:
    channel = Channel(raw[0], limit=10)
    with pytest.raises(FrameTooLarge):
        channel.send(b"x" * 11)
    channel.send(b"x" * 10)
    assert Channel(raw[1]).receive(1) == b"x" * 10
