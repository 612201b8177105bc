"""Honest but odd values: they cross unchanged, become a handle, or are refused with a reason."""

from __future__ import annotations

import enum
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder.codec import LIMITS, EncodeError, Fault, LimitsOfValues, Opaque, decode, encode


def hook(value: Any) -> Opaque:
    return Opaque(7, type(value).__name__)


class _Colour(enum.Enum):
    RED = 1


class _Unhashable(type):
    def __eq__(cls, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class _Odd(metaclass=_Unhashable):
    pass


def deep_tuple(levels: int) -> tuple[Any, ...]:
    nested: tuple[Any, ...] = ()
    for _ in range(levels):
        nested = (nested,)
    return nested


@pytest.mark.parametrize(
    "value",
    [
        {_Colour.RED: 1},
        {frozenset(): 1},
        {deep_tuple(2000): 1},
        _Odd(),
        torch.nn.Parameter(torch.zeros(2)),
        torch.eye(2).to_sparse(),
        torch.empty(2, device="meta"),
        torch.zeros(2).to(torch.float8_e4m3fn),
        pd.DataFrame({0: [1]}),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame({"when": pd.to_datetime(["2020-01-01"])}),
        pd.DataFrame({"mixed": [1, "a"]}),
        pd.DataFrame({"gaps": ["a", None]}),
        pd.DataFrame({"zero": ["a\0"]}),
        pd.DataFrame({"wide": ["x" * 100_000] + [""] * 1000}),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
        np.zeros(2, dtype=np.longdouble),
        np.zeros(2, dtype=[("x", "f8")]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_of_which_a_part_does_not_cross_becomes_a_handle(value: Any) -> None:
    assert decode(encode([value], opaque=hook)) == [Opaque(7, type(value).__name__)]
    with pytest.raises(EncodeError, match=r"value\[0\]"):
        encode([value])


def test_counts_of_unique_elements_keep_their_keys() -> None:
    counts = dict(zip(*np.unique([3, 1, 3], return_counts=True), strict=True))
    back = decode(encode(counts))
    assert back == {1: 1, 3: 2}
    assert [type(key) for key in back] == [np.int64, np.int64]


def test_keys_of_a_grid_of_tuples_cross() -> None:
    grid = {(x, y, z): x for x in range(-9, 9) for y in range(-9, 9) for z in range(-9, 9)}
    assert decode(encode(grid)) == grid


@pytest.mark.parametrize(
    "value", [np.str_(""), np.str_("a\0"), np.bytes_(b"a\0"), np.str_("\ud800")]
)
def test_text_of_numpy_keeps_type_and_trailing_zeros(value: Any) -> None:
    back = decode(encode(value))
    assert type(back) is type(value)
    assert len(back) == len(value)
    assert back == value


def test_bool_array_seen_through_a_view_is_made_true() -> None:
    assert decode(encode(np.array([0, 7], np.uint8).view(bool))).view(np.uint8).tolist() == [0, 1]


def test_lazily_conjugated_and_negated_tensors_are_resolved() -> None:
    tensor = torch.tensor([1 + 2j])
    assert torch.equal(decode(encode(tensor.conj())), torch.tensor([1 - 2j]))
    assert torch.equal(decode(encode(tensor.conj().imag)), torch.tensor([-2.0]))


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (2, 0, 5), (1,) * 64])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.bool, torch.complex128, torch.uint16])
def test_shapes_of_tensors_and_arrays_survive(shape: tuple[int, ...], dtype: torch.dtype) -> None:
    back = decode(encode(torch.zeros(shape, dtype=dtype)))
    assert (tuple(back.shape), back.dtype) == (shape, dtype)
    array = decode(encode(np.zeros(shape)))
    assert (array.shape, array.flags.owndata, array.flags.writeable) == (shape, True, True)


@pytest.mark.parametrize(
    "value",
    [
        np.broadcast_to(1.0, (10**7, 10**6)),
        np.zeros((0, 10**9)),
        torch.zeros(1).expand(10**12),
        {10**6000: 1},
        np.array([0x110000], dtype=np.uint32).view("U1"),
        Opaque(-1, "A"),
        Fault("E", 3, 1, "", ""),  # type: ignore[arg-type]
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_that_no_reader_would_take_is_refused_even_with_a_hook(value: Any) -> None:
    with pytest.raises(EncodeError, match=r"value\['w'\]\[1\]: "):
        encode({"w": (0, value)}, opaque=hook)


def test_nothing_is_encoded_that_is_too_large_to_be_sent() -> None:
    limits = LimitsOfValues(size_bytes=1000)
    room = 1000 - len(encode([b""]))
    assert len(encode([b"x" * room], limits=limits)) == 1000
    for value in ([b"x" * (room + 1)], [b"x" * room, None], [1.0] * 200, [np.zeros(0)] * 40):
        with pytest.raises(EncodeError, match="MiB"):
            encode(value, limits=limits)


def test_many_paths_to_one_small_value_do_not_multiply_it() -> None:
    bomb: list[Any] = []
    for _ in range(60):
        bomb = [bomb, bomb]
    with pytest.raises(EncodeError, match=f"{LIMITS.items} items"):
        encode(bomb)


def test_reports_are_cut_to_what_a_reader_takes() -> None:
    fault = decode(encode(Fault("A\x1b\n" * 500, "m" * 99_999, None, "\ud800", "raised")))
    assert fault.type_name == "A" * 67
    assert (len(fault.message), fault.traceback_text) == (LIMITS.text_chars, "\ud800")


def test_error_quotes_only_the_start_of_a_long_key() -> None:
    with pytest.raises(EncodeError) as caught:
        encode({"k" * 10**6: object()})
    assert len(str(caught.value)) < 200


def test_codec_loads_neither_torch_nor_pandas_until_a_value_of_theirs_is_met() -> None:
    script = (
        "import sys, numpy; before = set(sys.modules)\n"
        "from autograder.codec import decode, encode\n"
        "decode(encode([1, numpy.zeros(3)]))\n"
        "print({'torch', 'pandas', 'pickle', 'importlib'} & (set(sys.modules) - before))"
    )
    run = [sys.executable, "-c", script]
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == "set()\n"
