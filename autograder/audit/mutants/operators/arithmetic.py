"""Wrong arithmetic: another operation, a missing term, operands the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import (
    called,
    grouped,
    in_place_of,
    is_axis,
    is_neutral,
    is_size,
    is_text,
    number,
    spaced_as,
)
from autograder.audit.mutants.operators.operator import operator

# `*` for `@` is not among them: shapes that suit one rarely suit the other, so nearly all raise.
_INSTEAD: dict[type[cst.BaseBinaryOp], type[cst.BaseBinaryOp]] = {
    cst.Add: cst.Subtract,
    cst.Subtract: cst.Add,
    cst.Multiply: cst.Divide,
    cst.Divide: cst.Multiply,
    cst.FloorDivide: cst.Divide,
    cst.Modulo: cst.FloorDivide,
    cst.Power: cst.Multiply,
    cst.MatrixMultiply: cst.Multiply,
}
_INSTEAD_IN_PLACE: dict[type[cst.BaseAugOp], type[cst.BaseAugOp]] = {
    cst.AddAssign: cst.SubtractAssign,
    cst.SubtractAssign: cst.AddAssign,
    cst.MultiplyAssign: cst.DivideAssign,
    cst.DivideAssign: cst.MultiplyAssign,
    cst.FloorDivideAssign: cst.DivideAssign,
    cst.PowerAssign: cst.MultiplyAssign,
    cst.MatrixMultiplyAssign: cst.MultiplyAssign,
}
_EVEN = {"abs", "fabs", "absolute", "square", "norm"}


def _is_arithmetic(node: cst.BinaryOperation) -> bool:
    """Return whether a node computes with numbers, not with strings or lists."""
    other = (cst.BaseString, cst.List, cst.Tuple, cst.ListComp)
    return not isinstance(node.left, other) and not isinstance(node.right, other)


@operator("arithmetic")
def wrong_operation(node: cst.BinaryOperation, answer: Answer) -> Iterator[Edit]:
    """The wrong operation: ``a - b`` for ``a + b``, ``x * 2`` for ``x**2``, ``*`` for ``@``."""
    if not _is_arithmetic(node):
        return
    instead = _INSTEAD.get(type(node.operator))
    if instead is not None:
        changed = node.with_changes(operator=spaced_as(node.operator, instead))
        # `a / x**2` must become `a / (x * 2)`
        inside = isinstance(answer.parent(node), (cst.BinaryOperation, cst.UnaryOperation))
        loosened = isinstance(node.operator, cst.Power) and inside
        yield answer.replace(node, grouped(changed) if loosened else changed)
    doubled = isinstance(node.operator, cst.Multiply) and number(node.right) is not None
    if doubled and not is_size(node, answer):  # a size to the power of a number fills the memory
        power = spaced_as(node.operator, cst.Power)
        yield answer.replace(node, node.with_changes(left=grouped(node.left), operator=power))


@operator("arithmetic")
def wrong_operation_in_place(node: cst.AugAssign, answer: Answer) -> Iterator[Edit]:
    """The wrong operation in place: ``w += step`` for ``w -= step`` climbs the hill."""
    instead = _INSTEAD_IN_PLACE.get(type(node.operator))
    if instead is not None and not is_text(node.value):
        yield answer.replace(node, node.with_changes(operator=spaced_as(node.operator, instead)))


@operator("term")
def missing_term(node: cst.BinaryOperation, answer: Answer) -> Iterator[Edit]:
    """A term, factor, divisor or exponent forgotten: no ``+ eps``, no ``* lr``, no ``/ n``."""
    if not _is_arithmetic(node):
        return
    kept = []
    if isinstance(node.operator, (cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.Power)):
        kept.append(node.left)
    if isinstance(node.operator, (cst.Add, cst.Multiply)):
        kept.append(node.right)
    for term in kept:
        if not is_neutral(number(term), node, answer) and not _is_target(term, node, answer):
            yield answer.replace(node, in_place_of(node, term))


def _is_target(term: cst.BaseExpression, node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether the term alone would be assigned to itself, which is a dropped statement."""
    parent = answer.parent(node)
    return isinstance(parent, cst.Assign) and term.deep_equals(parent.targets[0].target)


@operator("operands")
def operands_swapped(node: cst.BinaryOperation, answer: Answer) -> Iterator[Edit]:
    """Operands the wrong way round: ``target - predicted``, ``n / total``, ``w @ x``."""
    directed = (cst.Subtract, cst.Divide, cst.MatrixMultiply)
    if not isinstance(node.operator, directed) or not _is_arithmetic(node):
        return
    if isinstance(node.operator, cst.Subtract) and _sign_is_lost(node, answer):
        return
    yield answer.replace(node, node.with_changes(left=node.right, right=grouped(node.left)))


def _sign_is_lost(node: cst.BinaryOperation, answer: Answer) -> bool:
    """Return whether a difference is squared or made absolute, so that its sign cannot matter."""
    parent = answer.parent(node)
    if isinstance(parent, cst.Arg):
        call = answer.parent(parent)
        return isinstance(call, cst.Call) and called(call) in _EVEN
    if not isinstance(parent, cst.BinaryOperation) or not isinstance(parent.operator, cst.Power):
        return False
    exponent = number(parent.right)
    return parent.left is node and exponent is not None and exponent % 2 == 0


@operator("minus")
def minus_dropped(node: cst.UnaryOperation, answer: Answer) -> Iterator[Edit]:
    """A forgotten minus: ``np.log(p)`` for ``-np.log(p)``."""
    if isinstance(node.operator, (cst.Minus, cst.BitInvert)) and not is_axis(
        node.expression, answer
    ):
        yield answer.replace(node, in_place_of(node, node.expression))
