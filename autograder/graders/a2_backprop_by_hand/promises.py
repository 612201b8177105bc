"""What several tests of a2 ask in the same words, and the oracle they share: PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.grading import Handle, Student, StudentRaised, expect

Array = np.ndarray[Any, Any]

# float32 leaves about 1e-6 of numbers around 1; known mistakes are off by more than 1e-2.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


def torch_slopes(function: Callable[..., torch.Tensor], *arguments: Array) -> list[Array]:
    """Return the slopes of a function's value with respect to each argument, by PyTorch."""
    tensors = [torch.tensor(np.asarray(a, dtype=np.float64)) for a in arguments]
    for tensor in tensors:
        tensor.requires_grad_()
    slopes = torch.autograd.grad(function(*tensors), tensors)
    return [slope.numpy() for slope in slopes]


def parts_of(got: Any, count: int, what: str) -> Sequence[Any]:
    """Return a list or tuple of the student's, once it is known to have this many parts."""
    expect.true(
        isinstance(got, list | tuple) and len(got) == count,
        what=what,
        got=got,
        expected=f"{count} parts in a list or tuple",
    )
    parts: Sequence[Any] = got
    return parts


def call_with_shapes(student: Student, name: str, *arguments: Any) -> Any:
    """Call a function; name matrices that do not fit each other as what they are."""
    try:
        return student.call(name, *arguments)
    except StudentRaised as raised:
        words = ("mismatch", "not aligned", "broadcast", "shapes cannot be multiplied")
        expect.true(
            not any(word in raised.message for word in words),
            what=f"{name} multiplies matrices that fit each other. {raised.without_arguments}",
            inputs=shapes(arguments),
            hint="shapes-do-not-fit",
        )
        raise


def shapes(arguments: Sequence[Any]) -> Mapping[str, Any]:
    """Return the shapes of the arrays among some arguments, to show them."""
    return {
        f"shape of argument {k}": a.shape
        for k, a in enumerate(arguments, start=1)
        if isinstance(a, np.ndarray)
    }


def new_rng(student: Student, seed: int) -> Handle:
    """Make a random generator in the student's process."""
    return student.get("np").get("random").new("default_rng", seed)


def attribute_of(thing: Handle, name: str, kind: str) -> Any:
    """Return an attribute that a task promises."""
    try:
        return thing.get(name)
    except StudentRaised as raised:
        missing = raised.type_name == "AttributeError"
        expect.true(not missing, what=f"{kind} has the attribute {name}", hint="name-missing")
        raise


def expect_unchanged(held: Mapping[str, Handle], before: Mapping[str, Array], what: str) -> None:
    """Expect that arrays left in the student's process are what they were."""
    for name, handle in held.items():
        expect.unchanged(
            handle, before[name], what=f"{what} leaves {name} as it was", hint="argument-changed"
        )


def expect_kept(student: Student, name: str, *rest: Any, **before: Array) -> None:
    """Call a function with these arrays, and then the rest; expect that it changed no array."""
    held = {argument: student.put(array) for argument, array in before.items()}
    student.call(name, *held.values(), *rest)
    expect_unchanged(held, before, name)
