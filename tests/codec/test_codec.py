"""Values cross unchanged, and no bytes whatever harm the side that reads them."""

from __future__ import annotations

import contextlib
import enum
import math
import struct
import tracemalloc
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.codec import (
    LIMITS,
    Callback,
    DecodeError,
    EncodeError,
    Fault,
    Frame,
    LimitsOfValues,
    Opaque,
    decode,
    encode,
)

Array = np.ndarray[Any, Any]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**4000), max_value=2**4000)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
)
kinds = ("f8", "f4", "f2", "i1", "u8", "?", "c16", "U3", "S2")
arrays: st.SearchStrategy[Array] = hnp.arrays(
    dtype=st.sampled_from([np.dtype(kind) for kind in kinds]),
    shape=hnp.array_shapes(min_dims=0, min_side=0, max_side=4),
)
numbers_of_numpy = arrays.map(lambda array: array.flat[0] if array.size else np.float32(0))
texts = st.text(max_size=5)
references = (
    st.builds(Opaque, st.integers(0, 2**63 - 1), st.just("Adam"))
    | st.builds(Callback, st.integers(0, 2**63 - 1))
    | st.builds(
        Fault, st.just("E"), texts, st.none() | st.integers(0, 99), texts, st.just("raised")
    )
)
values = st.recursive(
    scalars | arrays | numbers_of_numpy | references,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(texts | st.integers() | st.tuples(st.floats(), texts), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(left: Any, right: Any) -> bool:
    """Compare by exact type and bits: NaN with NaN, and zeros by their sign."""
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray | np.generic):
        return bool(
            left.dtype == right.dtype
            and left.shape == right.shape
            and left.tobytes() == right.tobytes()
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))  # a NaN cannot be looked up
    if isinstance(left, float):
        return struct.pack("d", left) == struct.pack("d", right)
    return repr(left) == repr(right)


@given(values)
def test_what_is_encoded_is_decoded_unchanged(value: Any) -> None:
    assert same(decode(encode(value)), value)


@given(values, st.data())
@settings(max_examples=400)
def test_damaged_bytes_raise_nothing_but_decode_error(value: Any, data: st.DataObject) -> None:
    blob = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(blob) - 1))
        blob[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    for damaged in (bytes(blob), bytes(blob[:cut])):
        with contextlib.suppress(DecodeError):
            repr(decode(damaged))


@given(st.binary(max_size=200))
@settings(max_examples=400)
def test_random_bytes_raise_nothing_but_decode_error(blob: bytes) -> None:
    for tag in (b"", b"a", b"d", b"l", b"p", b"x", b"z", b"h", b"n", b"o"):
        with contextlib.suppress(DecodeError):
            repr(decode(tag + blob))


@pytest.mark.parametrize("tag", [b"s", b"b", b"l", b"t", b"d", b"i", b"p"])
def test_announced_length_allocates_nothing(tag: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(DecodeError):
        decode(tag + (2**60).to_bytes(8, "big"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


def test_hostile_shape_allocates_nothing() -> None:
    blob = bytearray(encode(np.zeros(1)))
    at = blob.index(bytes([1]), 5)
    blob[at : at + 9] = bytes([2]) + (2**40).to_bytes(8, "big") + (2**40).to_bytes(8, "big")
    with pytest.raises(DecodeError):
        decode(bytes(blob))


def test_array_of_no_bytes_but_huge_shape_is_refused() -> None:
    blob = bytearray(encode(np.zeros((0, 3))))
    at = blob.rindex((3).to_bytes(8, "big"))
    blob[at : at + 8] = (2**63).to_bytes(8, "big")
    with pytest.raises(DecodeError):
        decode(bytes(blob))


class _Int(int):
    pass


class _Colour(enum.IntEnum):
    RED = 1


class _Array(Array):
    pass


@pytest.mark.parametrize(
    "value",
    [_Int(3), _Colour.RED, np.zeros(2).view(_Array), np.array([object()]), object(), len, {1, 2},
     type("Dict", (dict,), {})(), bytearray(b"x"), np.zeros(1, dtype="M8[s]"), range(3)],
)  # fmt: skip
def test_subclasses_and_strangers_go_to_the_hook(value: Any) -> None:
    with pytest.raises(EncodeError, match=r"value\[0\]"):
        encode([value])
    assert decode(encode([value], opaque=lambda v: Opaque(7, type(v).__name__))) == [
        Opaque(7, type(value).__name__)
    ]


def test_scalars_of_numpy_keep_their_type() -> None:
    for value in (np.float64(1.5), np.int32(-3), np.bool_(True), np.float16(2.0)):
        back = decode(encode(value))
        assert type(back) is type(value)
        assert back == value


@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.bool]
)
def test_tensors_arrive_as_fresh_tensors(dtype: torch.dtype) -> None:
    tensor = torch.arange(6).reshape(2, 3).t().to(dtype)
    back = decode(encode(tensor))
    assert back.dtype == dtype
    assert torch.equal(back, tensor)


def test_tensor_with_gradient_crosses_without_it() -> None:
    back = decode(encode(torch.ones(2, requires_grad=True) * 2))
    assert not back.requires_grad


def test_data_frame_arrives_as_columns() -> None:
    frame = decode(encode(pd.DataFrame({"lr": [0.1, 0.2], "name": ["a", "b"]})))
    assert type(frame) is Frame
    assert frame.columns["lr"].tolist() == [0.1, 0.2]
    assert frame.columns["name"].tolist() == ["a", "b"]
    assert frame.index.tolist() == [0, 1]


def test_decoded_arrays_are_owned_writeable_and_native_ordered_copies() -> None:
    for array in (np.arange(6.0).reshape(2, 3).T, np.arange(3, dtype=">i4"), np.arange(8)[::2]):
        back = decode(encode(array))
        assert back.flags.owndata
        assert back.flags.writeable
        assert np.array_equal(back, array)
        back[...] = 0


def test_references_and_reports_cross() -> None:
    fault = Fault("ValueError", "bad", 3, "x = y", "raised")
    value = [Opaque(1, "Adam"), Callback(2), fault]
    assert decode(encode(value)) == value


def test_name_of_an_opaque_object_cannot_carry_control_characters() -> None:
    assert decode(encode(Opaque(1, "A\x1b[31m\n" + "x" * 500))).type_name == "A[31m" + "x" * 193


def test_key_that_stands_twice_is_refused() -> None:
    blob = encode({1: 2, 3: 4}).replace(encode(3), encode(1))
    with pytest.raises(DecodeError, match="twice"):
        decode(blob)


def test_key_that_cannot_be_hashed_is_refused() -> None:
    blob = encode({"k": 1}).replace(encode("k"), encode([]))
    with pytest.raises(DecodeError):
        decode(blob)


def test_trailing_bytes_are_refused() -> None:
    with pytest.raises(DecodeError, match="too many"):
        decode(encode(1) + b"N")


def test_cycles_and_depth_are_refused_both_ways() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(EncodeError, match="deeper"):
        encode(cycle)
    with pytest.raises(DecodeError, match="deeply"):
        decode((b"l" + (1).to_bytes(8, "big")) * 100 + b"N")


def test_limits_on_size_and_items_hold() -> None:
    small = LimitsOfValues(size_bytes=1000, items=10)
    with pytest.raises(EncodeError, match="MiB"):
        encode(b"x" * 1001, limits=small)
    with pytest.raises(EncodeError, match="10 items"):
        encode([0] * 10, limits=small)
    with pytest.raises(DecodeError, match="items"):
        decode(encode([0] * 10), limits=small)
    with pytest.raises(EncodeError, match="integer"):
        encode(2 ** (8 * LIMITS.integer_bytes))


def test_nan_payload_and_signed_zero_survive() -> None:
    assert math.copysign(1, decode(encode(-0.0))) == -1
    assert math.isnan(decode(encode(float("nan"))))
