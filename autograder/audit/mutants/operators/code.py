"""Small questions about code, and small pieces of it, that several operators need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import libcst as cst

from autograder.audit.mutants.answer import Answer

N = TypeVar("N", bound=cst.CSTNode)

AXIS = ("axis", "dim")
"""What NumPy and PyTorch call it."""
KEEPS = ("keepdims", "keepdim")
"""What NumPy and PyTorch call the wish to keep a reduced axis."""
_COMPOSITE = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
)
_LIBRARIES = {"np", "numpy", "torch", "math", "nn", "F", "scipy"}
_SIZED = {
    "range", "arange", "linspace", "logspace", "zeros", "ones", "empty", "full", "eye", "reshape",
    "view", "tile", "repeat", "rand", "randn", "random", "normal", "standard_normal", "uniform",
    "integers", "randint", "pad", "resize", "expand", "broadcast_to",
}  # fmt: skip


def grouped(expression: cst.BaseExpression) -> cst.BaseExpression:
    """Return the expression, in parentheses unless it is of one piece."""
    if isinstance(expression, _COMPOSITE) and not expression.lpar:
        return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return expression


def in_place_of(old: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
    """Return the new expression in the old one's parentheses, if it needs any."""
    if isinstance(new, _COMPOSITE) and not new.lpar:
        return new.with_changes(lpar=old.lpar, rpar=old.rpar)
    return new


def spaced_as(old: Any, kind: type[N]) -> N:
    """Return an operator of another kind, with the old one's white space, line breaks included."""
    return kind().with_changes(
        whitespace_before=old.whitespace_before, whitespace_after=old.whitespace_after
    )


def argument_for_call(
    call: cst.Call, argument: cst.BaseExpression, answer: Answer
) -> cst.BaseExpression:
    """Return an argument so that it can stand where the call stands: ``a / (b * c)``."""
    parent = answer.parent(call)
    is_part = isinstance(parent, (*_COMPOSITE, cst.Attribute, cst.Subscript, cst.Call))
    needs_parentheses = is_part or "\n" in answer.code(argument)
    return grouped(argument) if needs_parentheses else in_place_of(call, argument)


def called(call: cst.Call) -> str:
    """Return the last part of a called function's name: ``"sum"`` for ``np.sum`` and ``x.sum``."""
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


def is_library_function(call: cst.Call) -> bool:
    """Return whether a call looks like ``np.sum(x)`` and not like ``x.sum()`` or ``sum(x)``."""
    func = call.func
    if not isinstance(func, cst.Attribute):
        return False
    while isinstance(func, cst.Attribute):
        func = func.value
    return isinstance(func, cst.Name) and func.value in _LIBRARIES


def positional(call: cst.Call) -> list[cst.Arg]:
    """Return the positional arguments, up to the first starred one."""
    found = []
    for arg in call.args:
        if arg.keyword is not None or arg.star:
            break
        found.append(arg)
    return found


def keyword(call: cst.Call, *names: str) -> cst.Arg | None:
    """Return the keyword argument of one of these names, or None."""
    found = (arg for arg in call.args if arg.keyword is not None and arg.keyword.value in names)
    return next(found, None)


def number(expression: cst.CSTNode) -> float | None:
    """Return the value of a number written out, with or without a sign, or None."""
    if isinstance(expression, (cst.Integer, cst.Float)):
        return float(expression.evaluated_value)
    if isinstance(expression, cst.UnaryOperation) and isinstance(expression.operator, cst.Minus):
        value = number(expression.expression)
        return None if value is None else -value
    return None


def is_flag(expression: cst.CSTNode) -> bool:
    """Return whether an expression is True or False."""
    return isinstance(expression, cst.Name) and expression.value in {"True", "False"}


def is_text(expression: cst.CSTNode) -> bool:
    """Return whether an expression is a string written out."""
    return isinstance(expression, cst.BaseString)


def is_neutral(value: float | None, node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether this number in a node's place changes nothing: + 0, * 1, / 1, ** 1.

    Such a mutant is that of a missing term once more.
    """
    parent = answer.parent(node)
    if isinstance(parent, cst.AugAssign):
        return value == 0 and isinstance(parent.operator, (cst.AddAssign, cst.SubtractAssign))
    if not isinstance(parent, cst.BinaryOperation):
        return False
    if isinstance(parent.operator, cst.Add) or (
        isinstance(parent.operator, cst.Subtract) and parent.right is node
    ):
        return value == 0
    if isinstance(parent.operator, cst.Multiply) or (
        isinstance(parent.operator, (cst.Divide, cst.Power)) and parent.right is node
    ):
        return value == 1
    return False


def is_axis(node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether a node says along which axis: ``axis=1``, ``dim=-1``."""
    above = answer.parent(node)
    if isinstance(above, cst.UnaryOperation):
        above = answer.parent(above)
    name = above.keyword if isinstance(above, cst.Arg) else None
    name = above.name if isinstance(above, cst.Param) else name
    return name is not None and name.value in AXIS


def is_size(node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether a node helps to say how large an array or how long a loop is."""
    return any(
        isinstance(above, cst.Subscript)
        or (isinstance(above, cst.Call) and called(above) in _SIZED)
        for above in answer.ancestors(node)
    )


def shifted(expression: cst.BaseExpression, by: int) -> cst.BaseExpression:
    """Return ``expression + 1`` or ``expression - 1``."""
    symbol = cst.Add() if by > 0 else cst.Subtract()
    loose = (cst.BooleanOperation, cst.Comparison, cst.IfExp, cst.Lambda, cst.NamedExpr)
    left = grouped(expression) if isinstance(expression, loose) else expression
    return cst.BinaryOperation(left, symbol, cst.Integer(str(abs(by))))


def neighbours(nodes: Sequence[N]) -> Iterator[tuple[N, N]]:
    """Yield each two nodes that follow each other and differ."""
    for one, other in pairwise(nodes):
        if not one.deep_equals(other):
            yield one, other
