"""Frames arrive whole or not at all, and nobody waits for ever."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from autograder.channel import (
    FRAME_LIMIT,
    Channel,
    ChannelClosed,
    ChannelTimeout,
    FrameTooLarge,
)
from autograder.codec import LIMITS

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


def test_frame_interrupted_while_it_is_sent_is_completed_before_the_next(pair: Pair) -> None:
    sender, receiver = pair
    with pytest.raises(ChannelTimeout):
        sender.send(b"a" * (4 << 20), timeout_s=0.01)
    frames: list[bytes] = []
    reader = threading.Thread(target=lambda: frames.extend(receiver.receive(5) for _ in range(2)))
    reader.start()
    sender.send(b"b")
    reader.join()
    assert frames == [b"a" * (4 << 20), b"b"]


def test_interrupting_a_process_that_prints_without_end_mixes_no_frames(
    raw: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = raw
    pid = os.fork()
    if pid == 0:
        try:
            _print_without_end(Channel(theirs))
        finally:
            os._exit(0)
    try:
        theirs.close()
        receiver = Channel(ours)
        for number in range(1500):
            frame = receiver.receive(5)
            assert len(frame) == 50_000
            assert len(set(frame)) == 1
            if number % 10 == 5:
                os.kill(pid, signal.SIGINT)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _print_without_end(channel: Channel) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in itertools.count():
        with contextlib.suppress(KeyboardInterrupt):
            channel.send(bytes([number % 256]) * 50_000)


def test_threads_that_send_at_once_mix_no_frames(pair: Pair) -> None:
    sender, receiver = pair

    def send_many(byte: int) -> None:
        for _ in range(20):
            sender.send(bytes([byte]) * 300_000)

    threads = [threading.Thread(target=send_many, args=(byte,)) for byte in range(4)]
    for thread in threads:
        thread.start()
    frames = [receiver.receive(5) for _ in range(80)]
    for thread in threads:
        thread.join()
    assert all(len(frame) == 300_000 and len(set(frame)) == 1 for frame in frames)


def test_peer_that_drips_bytes_gains_no_time(raw: tuple[socket.socket, socket.socket]) -> None:
    # The peer's loop ends with the connection: its last bytes may wait for a reader that has gone.
    def drip() -> None:
        with contextlib.suppress(OSError):
            raw[0].sendall(struct.pack("!Q", 60 << 20))
            while True:
                raw[0].sendall(b"x")

    dripper = threading.Thread(target=drip)
    dripper.start()
    channel = Channel(raw[1])
    started = time.monotonic()
    with pytest.raises(ChannelTimeout):
        channel.receive(0.3)
    assert time.monotonic() - started < 3
    channel.close()
    dripper.join()


def test_announced_length_takes_no_memory_before_the_bytes_come(
    raw: tuple[socket.socket, socket.socket],
) -> None:
    raw[0].sendall(struct.pack("!Q", 64 << 20) + b"x")
    tracemalloc.start()
    with pytest.raises(ChannelTimeout):
        Channel(raw[1]).receive(0.01)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


def test_channel_closes_its_socket_and_is_closed_afterwards(
    raw: tuple[socket.socket, socket.socket],
) -> None:
    with Channel(raw[0]) as channel:
        assert channel.fileno() == raw[0].fileno() >= 0
    assert channel.fileno() == -1
    for use in (lambda: channel.send(b"x"), lambda: channel.receive(0)):
        with pytest.raises(ChannelClosed):
            use()


def test_every_message_that_can_be_encoded_fits_a_frame() -> None:
    assert LIMITS.size_bytes <= FRAME_LIMIT
