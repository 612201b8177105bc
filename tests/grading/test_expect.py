"""What `expect` takes for equal and for close, value by value, as docs/hidden-tests.md says."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder.codec import decode, encode
from autograder.grading import expect
from autograder.grading.expect import PropertyFailed

NAN = math.nan
TABLE = pd.DataFrame({"x": [1, 2], "word": ["a", "long"]})

EQUAL: tuple[tuple[Any, Any], ...] = (
    (None, None), (True, True), (3, 3), (3, np.int64(3)), (np.float64(0.5), 0.5), (NAN, NAN),
    ("a", "a"), (b"a", b"a"), ([1, (2,)], [1, (2,)]), ({1: [2.0]}, {1: [2.0]}),
    ({(1, "a"): 0}, {(1, "a"): 0}), (np.arange(3), np.arange(3)), (np.zeros((0, 2)),) * 2,
    (np.array([1.0, NAN]), np.array([1.0, NAN])), (np.array(["a"]), np.array(["a"], dtype="U9")),
    (torch.arange(3), torch.arange(3)), (torch.tensor([1.0, NAN]), torch.tensor([1.0, NAN])),
    (torch.tensor([True]), torch.tensor([True])), (torch.ones(2, dtype=torch.bfloat16),) * 2,
    ([np.ones(2), torch.ones(2)], [np.ones(2), torch.ones(2)]), (TABLE, TABLE),
    (pd.DataFrame({"x": [1.0, NAN]}), pd.DataFrame({"x": [1.0, NAN]})),
)  # fmt: skip
DIFFERENT: tuple[tuple[Any, Any], ...] = (
    (None, False), (True, 1), (1, 1.0), (0.0, False), ("1", 1), (b"a", "a"), ([1], (1,)),
    ([1, 2], [1]), ([True], [1]), (NAN, 0.0), ({True: 2}, {1: 2}), ({1.0: 2}, {1: 2}),
    ({(True,): 2}, {(1,): 2}), ({1: 2}, {1: 2.0}), ({1: 2, 2: 2}, {1: 2}), ({1: 2}, {2: 2}),
    (np.arange(3), np.arange(3.0)), (np.array([True]), np.array([1])), (np.arange(3), [0, 1, 2]),
    (np.arange(3, dtype=np.int32), np.arange(3)), (np.ones((1, 2)), np.ones(2)),
    (np.array([NAN]), np.array([1.0])), (np.array([1.0]), np.array([NAN])),
    (np.array(["a"]), np.array(["b"])), (np.array([b"a"]), np.array(["a"])), (np.ones(()), 1.0),
    (torch.arange(3), torch.arange(3.0)), (torch.tensor([1]), torch.tensor([True])),
    (torch.ones(2), torch.ones(1, 2)), (torch.ones(2), torch.zeros(2)), (torch.ones(2), np.ones(2)),
    (torch.tensor([NAN]), torch.tensor([1.0])), (TABLE, TABLE[["word", "x"]]), (TABLE, TABLE[:1]),
    (TABLE, TABLE.astype({"x": float})), (TABLE, TABLE.set_index(np.array([5, 6]))),
    (TABLE, TABLE.rename(columns={"x": "y"})), (TABLE, {"x": [1, 2]}),
)  # fmt: skip


@contextlib.contextmanager
def failing() -> Iterator[None]:
    """Expect that the property fails; any other exception is the test's own error."""
    with pytest.raises(PropertyFailed, match="it is so"):
        yield


def crossed(value: Any) -> Any:
    """Return a value as it comes from a student."""
    return decode(encode(value))


@pytest.mark.parametrize(("got", "want"), EQUAL, ids=repr)
def test_equal_values_are_equal(got: Any, want: Any) -> None:
    expect.equal(crossed(got), want, what="it is so")
    expect.equal(crossed(got), crossed(want), what="it is so")


@pytest.mark.parametrize(("got", "want"), DIFFERENT, ids=repr)
def test_different_values_are_different_both_ways(got: Any, want: Any) -> None:
    with failing():
        expect.equal(crossed(got), want, what="it is so")
    with failing():
        expect.equal(crossed(want), got, what="it is so")


@pytest.mark.parametrize("got", [NAN, math.inf, -math.inf, 1.0 + 1e-5, "1.0", None, [1.0]])
def test_what_is_not_a_finite_number_near_by_is_not_close(got: Any) -> None:
    expect.close(1.0 + 1e-9, 1.0, what="it is so")
    with failing():
        expect.close(got, 1.0, what="it is so")


@pytest.mark.parametrize("want", [NAN, math.inf, [1.0, -math.inf], complex(0, NAN)])
def test_expectation_that_is_not_finite_is_the_tests_mistake_unless_it_is_meant(want: Any) -> None:
    with pytest.raises(ValueError, match="finite=False"):
        expect.close(want, want, what="it is so")
    expect.close(want, want, what="it is so", finite=False)
    with failing():
        expect.close(np.ones(np.shape(want)), want, what="it is so", finite=False)
