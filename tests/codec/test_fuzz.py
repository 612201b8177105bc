"""Random and mutated messages: one error type, memory in step with the size, nothing executed."""

from __future__ import annotations

import random
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder.codec import DecodeError, Fault, Opaque, decode, encode

SEEDS = range(4)
ROUNDS, MANY_ROUNDS = 2_000, 60_000
MEMORY_AT_LEAST, MEMORY_PER_BYTE = 2 << 20, 200
EXECUTING = {
    "exec", "compile", "import", "open", "os.system", "os.exec", "os.posix_spawn", "os.fork",
    "subprocess.Popen", "pickle.find_class", "marshal.loads", "ctypes.dlopen", "socket.connect",
}  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, -(2**70), 0.5, 1j, "text\x00", b"bytes", [1, [2, (3,)]], {"a": {1: 2.0}, b"k": ()},
    np.arange(6).reshape(2, 3), np.array(["a", "bc"]), np.float32(2), np.zeros((0, 4)),
    torch.arange(4.0), torch.ones(2, 2, dtype=torch.bool), pd.DataFrame({"x": [1, 2], "y": [3, 4]}),
    Fault("E", "m", 3, "line", "raised"), Opaque(7, "Adam"),
    {"event": "message", "type": "stream", "content": {"name": "stdout", "text": "x"}},
    {"status": "value", "value": [np.ones(3), {"deep": [[[[1]]]]}]},
)  # fmt: skip
_watching = False
_seen: list[str] = []


def _audit(event: str, _: tuple[Any, ...]) -> None:
    if _watching and event in EXECUTING:
        _seen.append(event)


sys.addaudithook(_audit)  # it cannot be taken away again, and says nothing unless asked


@contextmanager
def nothing_executed() -> Iterator[None]:
    """Demand that no code is compiled, imported, run or opened meanwhile."""
    global _watching
    _seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _seen == []


def mutate(blob: bytes, pool: list[bytes], rng: random.Random) -> bytes:
    """Change a message: flip, cut, double, splice with another, or lie about a length."""
    data = bytearray(blob)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        other = rng.choice(pool)
        action = rng.randrange(6)
        if action == 0 and place < len(data):
            data[place] = rng.randrange(256)
        elif action == 1:
            del data[place : place + rng.randint(1, 9)]
        elif action == 2:
            data[place:place] = data[place : place + rng.randint(1, 30)]
        elif action == 3:
            data[place:place] = other[: rng.randrange(len(other) + 1)]
        elif action == 4:
            length = rng.choice([0, 1, 255, 2**16, 2**31, 2**32, 2**63 - 1, 2**64 - 1])
            data[place : place + 8] = length.to_bytes(8, "big")
        else:
            data[place:place] = rng.randbytes(rng.randint(1, 12))
    return bytes(data)


def fuzz(seed: int, rounds: int) -> int:
    """Decode mutated messages; return how many were still values."""
    rng = random.Random(seed)
    pool = [encode(value) for value in VALUES]
    valid = 0
    for _ in range(rounds):
        blob = mutate(rng.choice(pool), pool, rng)
        try:
            value = decode(blob)
        except DecodeError:
            continue
        valid += 1
        encode(value)  # what came in can be sent on
        if len(pool) < 200:
            pool.append(blob[:4000])
    return valid


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_messages_raise_decode_error_only_and_execute_nothing(seed: int) -> None:
    fuzz(seed, 50)  # what is imported on the first use is imported now
    with nothing_executed():
        valid = fuzz(seed, ROUNDS)
    assert 0 < valid < ROUNDS  # both paths were taken


@pytest.mark.slow
def test_many_mutated_messages() -> None:
    for seed in range(100, 105):
        assert fuzz(seed, MANY_ROUNDS) > 0


def test_memory_grows_with_the_message_only() -> None:
    rng = random.Random(1)
    pool = [encode(value) for value in VALUES]
    for _ in range(300):
        blob = mutate(rng.choice(pool), pool, rng)
        tracemalloc.start()
        try:
            decode(blob)
        except DecodeError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < MEMORY_AT_LEAST + MEMORY_PER_BYTE * len(blob)


def test_the_watch_sees_what_pickle_would_do() -> None:
    import pickle

    with pytest.raises(AssertionError), nothing_executed():
        pickle.loads(b"cbuiltins\nlen\n.")
