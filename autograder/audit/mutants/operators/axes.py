"""Wrong axes: reductions along another one, transposes, the order of dimensions."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import (
    AXIS,
    KEEPS,
    argument_for_call,
    called,
    is_flag,
    is_library_function,
    keyword,
    neighbours,
    positional,
)
from autograder.audit.mutants.operators.operator import operator

# 1 and -1 are the same for matrices, so neither stands for the other.
_INSTEAD = {"0": ("1", "-1", "None"), "1": ("0", "None"), "-1": ("0", "None"), "None": ("0", "-1")}
_REDUCTIONS = {
    "sum", "mean", "prod", "max", "min", "amax", "amin", "std", "var", "argmax", "argmin", "any",
    "all", "norm", "median", "logsumexp",
}  # fmt: skip
_TRANSPOSES = {"transpose", "swapaxes", "moveaxis", "permute", "t"}
_TRANSPOSED = {"T", "mT"}
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


@operator("axis")
def wrong_axis(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A reduction along the wrong axis, or over all entries at once."""
    axis = keyword(node, *AXIS)
    if axis is not None:
        yield from _other_axes(axis.value, answer)


@operator("axis")
def wrong_axis_by_default(node: cst.Param, answer: Answer) -> Iterator[Edit]:
    """A default argument that is the wrong axis."""
    if node.default is not None and node.name.value in AXIS:
        yield from _other_axes(node.default, answer)


def _other_axes(axis: cst.BaseExpression, answer: Answer) -> Iterator[Edit]:
    for instead in _INSTEAD.get(answer.code(axis).strip(), ()):
        yield answer.replace(axis, instead)
    if isinstance(axis, cst.Tuple):
        for element in axis.elements:
            yield answer.replace(axis, answer.code(element.value))


@operator("axis")
def unwanted_axis(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A reduction along one axis that should be over all entries."""
    method = isinstance(node.func, cst.Attribute) and not is_library_function(node)
    bare = len(node.args) == (0 if method else 1)
    if called(node) in _REDUCTIONS and isinstance(node.func, cst.Attribute) and bare:
        changed = cst.Arg(cst.Integer("0"), keyword=cst.Name("axis"), equal=_EQUAL)
        first = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in node.args]
        yield answer.replace(node, node.with_changes(args=[*first, changed]))


@operator("keepdims")
def keepdims_flipped(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A reduced axis that is kept or dropped, so that what follows is broadcast otherwise."""
    kept = keyword(node, *KEEPS)
    if kept is not None and is_flag(kept.value):
        yield answer.replace(kept.value, str(not m.matches(kept.value, m.Name("True"))))


@operator("transpose")
def transpose_dropped(node: cst.Attribute, answer: Answer) -> Iterator[Edit]:
    """A forgotten ``.T``."""
    if node.attr.value in _TRANSPOSED:
        yield answer.replace(node, node.value)


@operator("transpose")
def transposing_call_dropped(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A forgotten ``x.transpose(...)`` or ``np.swapaxes(x, ...)``."""
    if called(node) not in _TRANSPOSES or not isinstance(node.func, cst.Attribute):
        return
    if not is_library_function(node):
        yield answer.replace(node, node.func.value)
    elif args := positional(node):
        yield answer.replace(node, argument_for_call(node, args[0].value, answer))


@operator("transpose")
def transpose_added(node: cst.BinaryOperation, answer: Answer) -> Iterator[Edit]:
    """A transpose too many in a matrix product: ``x @ w.T`` for ``x @ w``."""
    if isinstance(node.operator, cst.MatrixMultiply):
        for operand in (node.left, node.right):
            yield from _transposed(operand, answer)


@operator("transpose")
def transpose_added_to_argument(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A transpose too many in ``np.dot`` or ``np.matmul``."""
    if called(node) in {"dot", "matmul", "bmm", "mm"}:
        for arg in positional(node)[:2]:
            yield from _transposed(arg.value, answer)


def _transposed(operand: cst.BaseExpression, answer: Answer) -> Iterator[Edit]:
    is_transposed = isinstance(operand, cst.Attribute) and operand.attr.value in _TRANSPOSED
    if isinstance(operand, (cst.Name, cst.Attribute)) and not is_transposed:
        yield answer.replace(operand, cst.Attribute(operand, cst.Name("T")))


@operator("reshape")
def dimensions_swapped(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """Dimensions in the wrong order: ``x.reshape(d, n)`` for ``x.reshape(n, d)``."""
    if called(node) not in {"reshape", "view", "transpose", "permute"}:
        return
    args = positional(node)[1 if is_library_function(node) else 0 :]
    for one, other in neighbours([arg.value for arg in args]):
        yield answer.swap(one, other)
    for arg in args:
        if isinstance(arg.value, cst.Tuple):
            for one, other in neighbours([element.value for element in arg.value.elements]):
                yield answer.swap(one, other)


@operator("reshape")
def read_by_columns(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """Entries laid out column by column, not row by row: ``order="F"``."""
    is_numpy = "torch" not in answer.text  # PyTorch knows no such order
    reads = called(node) in {"reshape", "ravel", "flatten"} and isinstance(node.func, cst.Attribute)
    if reads and is_numpy and keyword(node, "order") is None:
        order = cst.Arg(cst.SimpleString('"F"'), keyword=cst.Name("order"), equal=_EQUAL)
        yield answer.replace(node, node.with_changes(args=[*node.args, order]))


@operator("indices")
def indices_swapped(node: cst.Subscript, answer: Answer) -> Iterator[Edit]:
    """Indices in the wrong order: ``x[j, i]`` for ``x[i, j]``, ``x[None]`` for ``x[:, None]``."""
    for one, other in neighbours([element.slice for element in node.slice]):
        yield answer.swap(one, other)
