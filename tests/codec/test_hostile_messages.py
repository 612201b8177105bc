"""What a forged message could do to the side that reads it, and does not."""

from __future__ import annotations

import time
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder.codec import DecodeError, Fault, LimitsOfValues, Opaque, decode, encode

MODULUS = 2**61 - 1  # Python's hash of an int is the int modulo this


def count(number: int) -> bytes:
    return number.to_bytes(8, "big")


def dict_of(*keys: bytes) -> bytes:
    return b"d" + count(len(keys)) + b"".join(key + encode(None) for key in keys)


def patched(blob: bytes, old: bytes, new: bytes) -> bytes:
    assert blob.count(old) == 1
    return blob.replace(old, new)


@pytest.mark.parametrize("shape", [(0, 10**9), (10**9, 0), (0, 2**63), (0, 1 << 32, 1 << 32)])
def test_empty_array_cannot_have_an_axis_that_makes_sums_huge(shape: tuple[int, ...]) -> None:
    head, axes = encode(np.zeros(0)).split(b"\x01" + count(0), 1)
    blob = head + bytes([len(shape)]) + b"".join(map(count, shape)) + axes
    with pytest.raises(DecodeError, match="MiB"):
        decode(blob)


@pytest.mark.parametrize("make", [lambda i: i * MODULUS, lambda i: (i * MODULUS, 1)])
def test_keys_of_one_hash_are_refused_soon(make: Any) -> None:
    blob = dict_of(*(encode(make(i)) for i in range(1, 50_000)))
    started = time.perf_counter()
    with pytest.raises(DecodeError, match="one hash"):
        decode(blob)
    assert time.perf_counter() - started < 5  # accepting them takes half a minute


def test_number_of_keys_with_predictable_hashes_is_bounded_over_the_whole_message() -> None:
    limits = LimitsOfValues(number_keys=10)
    decode(dict_of(*map(encode, range(10))), limits=limits)
    decode(dict_of(*(encode(str(i)) for i in range(50))), limits=limits)
    halves = encode([dict.fromkeys(range(6)), dict.fromkeys(range(6))])
    with pytest.raises(DecodeError, match="not text"):
        decode(halves, limits=limits)


def test_keys_that_numpy_cannot_compare_are_refused() -> None:
    huge = 3 + MODULUS * 2**4000
    assert hash(np.float64(3)) == hash(huge)
    with pytest.raises(DecodeError, match="compared"):
        decode(dict_of(encode(np.float64(3)), encode(huge)))


@pytest.mark.parametrize("pair", [(1, True), (0.0, -0.0), (2, np.int8(2)), ((1,), (1.0,))])
def test_equal_keys_of_different_type_are_refused(pair: tuple[Any, Any]) -> None:
    with pytest.raises(DecodeError, match="twice"):
        decode(dict_of(*map(encode, pair)))


@pytest.mark.parametrize("key", [[], {}, np.zeros(2), torch.zeros(2), Opaque(1, "A"), (1, [2])])
def test_key_that_is_no_scalar_is_refused(key: Any) -> None:
    with pytest.raises(DecodeError, match="key"):
        decode(dict_of(encode(key)))


@pytest.mark.parametrize("value", [np.ones(3, bool), np.True_, torch.ones(3, dtype=torch.bool)])
def test_bool_other_than_0_and_1_is_refused(value: Any) -> None:
    with pytest.raises(DecodeError, match="neither true nor false"):
        decode(encode(value)[:-1] + b"\x07")


def test_text_of_characters_that_do_not_exist_is_refused() -> None:
    blob = encode(np.array(["a"]))
    with pytest.raises(DecodeError, match="do not exist"):
        decode(blob[:-4] + (0x110000).to_bytes(4, "little"))


@pytest.mark.parametrize("dtype", [b"<U0", b"|S0", b"|O8", b"<M8", b"|V3", b"<f16", b"<U99999"])
def test_dtype_outside_the_list_is_refused(dtype: bytes) -> None:
    blob = patched(encode(np.zeros(0)), b"s" + count(3) + b"<f8", b"s" + count(len(dtype)) + dtype)
    with pytest.raises(DecodeError, match="dtype"):
        decode(blob)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Adam", b"A\x1b[m"),
        (count(4) + b"Adam", count(300) + b"A" * 300),
    ],
)
@pytest.mark.parametrize("value", [Opaque(1, "Adam"), Fault("Adam", "m", 1, "x", "raised")])
def test_name_with_control_characters_or_without_end_is_refused(
    value: Any, old: bytes, new: bytes
) -> None:
    with pytest.raises(DecodeError, match="name"):
        decode(patched(encode(value), old, new))


def test_report_with_a_text_beyond_the_limit_is_refused() -> None:
    blob = encode(Fault("E", "message", 1, "x", "raised"))
    longer = patched(blob, count(7) + b"message", count(20_000) + b"m" * 20_000)
    with pytest.raises(DecodeError, match="too long"):
        decode(longer)


@pytest.mark.parametrize("number", [-1, 2**63])
def test_reference_with_an_impossible_number_is_refused(number: int) -> None:
    with pytest.raises(DecodeError, match="number"):
        decode(patched(encode(Opaque(5, "A")), encode(5), encode(number)))


def test_frame_with_columns_of_different_lengths_is_refused() -> None:
    blob = encode(pd.DataFrame({"a": [1, 2]}))
    longer = blob.replace(encode(np.arange(2)), encode(np.arange(3)), 1)
    assert longer != blob
    with pytest.raises(DecodeError, match="length"):
        decode(longer)


def test_tensors_count_for_the_memory_they_take() -> None:
    limits = LimitsOfValues(items=1000)
    assert len(decode(encode([torch.zeros(())] * 90), limits=limits)) == 90
    with pytest.raises(DecodeError, match="items"):
        decode(encode([torch.zeros(())] * 100), limits=limits)


def test_message_beyond_the_size_is_refused_unread() -> None:
    with pytest.raises(DecodeError, match="large"):
        decode(encode(b"x" * 100), limits=LimitsOfValues(size_bytes=100))


def test_large_array_takes_its_own_size_and_no_more() -> None:
    blob = encode(np.zeros(1 << 20))
    tracemalloc.start()
    decode(blob)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (8 << 20) <= peak < (9 << 20)
