"""What hidden tests may expect of a value that came from a student.

Each function checks the kind of a value before it computes with it, so that an
odd answer fails the test kindly instead of breaking it. A failure names the
property in the student's words, the inputs, what came and what was expected,
and the misconception that the answer looks like, if one was offered that gives
the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograder.codec.libraries import frame_of, is_exactly
from autograder.codec.types import LIMITS, Frame
from autograder.grading.comparisons import note_closeness, note_equality
from autograder.kernels import Handle, StudentRaised

Array = np.ndarray[Any, Any]
Misconceptions = Mapping[str, Any]
"""Hint identifier -> the value that this misconception gives, or a callable that computes it."""

checks_made: ContextVar[int] = ContextVar("checks_made", default=0)
"""How many expectations the running test has stated: a test that states none proves nothing."""

_MISSING = object()
_NOT_WRITTEN = "NotImplementedError"


class PropertyFailed(AssertionError):
    """A property does not hold.

    Attributes
    ----------
    what
        The property in plain words.
    hint
        Identifier of the misconception recognised, or None.
    details
        Lines about inputs, result and expectation; shown only for disclosed inputs.
    """

    def __init__(self, what: str, hint: str | None, details: Sequence[str]) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.details = tuple(details)


def close(
    got: Any,
    want: Any,
    *,
    what: str,
    rtol: float = 1e-7,
    atol: float = 0.0,
    finite: bool = True,
    inputs: Mapping[str, Any] | None = None,
    misconceptions: Misconceptions | None = None,
) -> None:
    """Expect numbers: the right shape, finite, and |got - want| <= atol + rtol |want|.

    Parameters
    ----------
    got
        Array, tensor, number, or (nested) list of numbers.
    want
        What is expected; also gives the shape.
    what
        The property, as a sentence that a student understands.
    finite
        False if ``want`` may hold infinities and nan: each equals itself then.
    inputs
        What the student's code was given, by name.
    misconceptions
        Values that known mistakes give.

    Raises
    ------
    ValueError
        If ``want`` is not finite although it should be: the test itself is at fault.
    """
    _count()
    wanted = np.asarray(want)
    if finite and wanted.dtype.kind in "fc" and not np.isfinite(wanted).all():
        raise ValueError("What is expected is not finite. If it is meant so, say finite=False.")
    found = _numbers(got)
    note_closeness(found, wanted, rtol, atol)
    if found is None:
        _fail(what, inputs, got, wanted, note="The result is not an array of numbers.")
    elif found.shape != wanted.shape:
        note = f"The result has shape {found.shape}; shape {wanted.shape} was expected."
        _fail(what, inputs, got, wanted, hint=_recognise(got, misconceptions), note=note)
    elif not _agrees(found, wanted, rtol, atol):
        hint = _recognise(
            found, misconceptions, lambda wrong: _agrees(found, np.asarray(wrong), rtol, atol)
        )
        _fail(what, inputs, got, wanted, hint=hint)


def equal(
    got: Any,
    want: Any,
    *,
    what: str,
    inputs: Mapping[str, Any] | None = None,
    misconceptions: Misconceptions | None = None,
) -> None:
    """Expect exactly this plain value, types included.

    A list is no tuple, 1 is neither True nor 1.0, an array or tensor of other numbers (dtype) is
    another one. A nan equals a nan in the same place. A numpy scalar counts as Python's number.
    """
    _count()
    note_equality(got, want)
    if not _same(got, want):
        hint = _recognise(got, misconceptions, lambda wrong: _same(got, wrong))
        _fail(what, inputs, got, want, hint=hint)


def true(
    condition: bool | np.bool_,
    *,
    what: str,
    got: Any = _MISSING,
    expected: Any = _MISSING,
    inputs: Mapping[str, Any] | None = None,
    hint: str | None = None,
) -> None:
    """Expect a condition that the test has worked out itself."""
    _count()
    if not (isinstance(condition, bool | np.bool_) and condition):
        _fail(what, inputs, got, expected, hint=hint)


def unchanged(handle: Handle, before: Any, *, what: str, hint: str | None = None) -> None:
    """Expect that an array left in the student's process still holds ``before``.

    It is a claim of the student's process: never the only evidence for points.
    """
    _count()
    after = _numbers(handle.fetch())
    wanted = np.asarray(before)
    if (
        after is None
        or after.shape != wanted.shape
        or not np.array_equal(after, wanted, equal_nan=True)
    ):
        _fail(what, {"before the call": before}, after, _MISSING, hint=hint)


def raises(
    function: Callable[[], Any],
    *,
    what: str,
    types: Sequence[str] = ("ValueError",),
    inputs: Mapping[str, Any] | None = None,
    hint: str | None = None,
) -> None:
    """Expect that a call ends in an exception of one of these class names.

    A stub's ``NotImplementedError`` passes through: what is not written yet refuses nothing.

    Parameters
    ----------
    hint
        The misconception of an answer that raises nothing.
    """
    _count()
    try:
        got = function()
    except StudentRaised as raised:
        if raised.type_name in types:
            return
        if raised.type_name == _NOT_WRITTEN:
            raise
        note = f"It raised {raised.type_name}; {' or '.join(types)} was expected."
        _fail(what, inputs, _MISSING, _MISSING, note=note)
    else:
        note = f"Nothing was raised; {' or '.join(types)} was expected."
        _fail(what, inputs, got, _MISSING, hint=hint, note=note)


def _count() -> None:
    checks_made.set(checks_made.get() + 1)


def _fail(
    what: str,
    inputs: Mapping[str, Any] | None,
    got: Any,
    expected: Any,
    *,
    hint: str | None = None,
    note: str = "",
) -> None:
    details = [note] if note else []
    details += [f"{name} = {show(value)}" for name, value in (inputs or {}).items()]
    if got is not _MISSING:
        details.append(f"your result: {show(got)}")
    if expected is not _MISSING:
        details.append(f"expected: {show(expected)}")
    raise PropertyFailed(what, hint, details)


def _numbers(value: Any) -> Array | None:
    """Return a value as a numeric array, or None if it is not one."""
    if _is_tensor(value):
        value = value.detach().double().numpy()
    if not _is_numeric(value):
        return None
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    return array if array.dtype.kind in "biufc" else None


def _is_numeric(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_numeric(item) for item in value)
    return isinstance(value, bool | int | float | complex | np.ndarray | np.generic)


def _agrees(found: Array, wanted: Array, rtol: float, atol: float) -> bool:
    if found.shape != wanted.shape:
        return False
    if wanted.dtype.kind == "c" or found.dtype.kind == "c":
        return bool(np.allclose(found, wanted, rtol=rtol, atol=atol, equal_nan=True))
    try:
        left, right = found.astype(np.float64), wanted.astype(np.float64)
    except (OverflowError, ValueError):
        return False
    return bool(np.allclose(left, right, rtol=rtol, atol=atol, equal_nan=True))


def _same(got: Any, want: Any) -> bool:
    """Compare plain values by exact type and value; handles are never equal to anything."""
    if isinstance(got, Handle) or isinstance(want, Handle):
        return False
    got, want = _plain(got), _plain(want)
    if type(got) is not type(want):
        return False
    if isinstance(want, np.ndarray) or _is_tensor(want):
        return (
            _kind_of_items(got) == _kind_of_items(want)
            and got.shape == want.shape
            and bool(((got == want) | ((got != got) & (want != want))).all())
        )
    if isinstance(want, Frame):
        columns = list(got.columns), list(want.columns)
        return columns[0] == columns[1] and all(map(_same, _arrays(got), _arrays(want)))
    if isinstance(want, list | tuple):
        return len(got) == len(want) and all(map(_same, got, want))
    if isinstance(want, dict):
        keys = {key: key for key in got}
        return len(got) == len(want) and all(
            key in got and _same(keys[key], key) and _same(got[key], want[key]) for key in want
        )
    return bool(got == want or (got != got and want != want))


def _plain(value: Any) -> Any:
    """Return a numpy scalar as Python's, and pandas' table as what it becomes on its way here."""
    if isinstance(value, np.generic):
        return value.item()
    return frame_of(value, LIMITS) if is_exactly(value, "pandas", "DataFrame") else value


def _kind_of_items(array: Any) -> Any:
    """Return an array's or a tensor's dtype; the width of texts is no part of their kind."""
    return array.dtype if getattr(array.dtype, "kind", "") not in ("U", "S") else array.dtype.kind


def _is_tensor(value: Any) -> bool:
    """Tell a tensor, made by the codec or by the test, without importing torch."""
    return hasattr(value, "detach") and hasattr(value, "numpy")


def _arrays(frame: Frame) -> list[Array]:
    return [frame.index, *frame.columns.values()]


def _recognise(
    got: Any,
    misconceptions: Misconceptions | None,
    matches: Callable[[Any], bool] | None = None,
) -> str | None:
    """Return the first misconception that gives the student's value."""
    found = _numbers(got)
    for hint, wrong in (misconceptions or {}).items():
        value = wrong() if callable(wrong) else wrong
        if matches is None:
            same = found is not None and _agrees(found, np.asarray(value), 1e-7, 0.0)
        else:
            same = matches(value)
        if same:
            return hint
    return None


def show(value: Any) -> str:
    """Write a value the way a student would, short."""
    if isinstance(value, list | tuple) and any(isinstance(v, np.ndarray) for v in value):
        numbers = _numbers(value)
        value = value if numbers is None else numbers
    if isinstance(value, np.ndarray):
        text = np.array2string(value, precision=6, threshold=20, separator=", ")
        text = f"\n{text}" if value.ndim > 1 else text  # rows stand below each other
    elif isinstance(value, float | np.floating):
        text = f"{float(value):.8g}"
    else:
        try:
            text = repr(value)
        except ValueError:  # Python refuses to write integers of thousands of digits
            text = f"a {type(value).__name__} too long to be shown"
    return text if len(text) <= 400 else f"{text[:400]}..."
