"""Wrong calls: arguments the wrong way round, another function, a function not applied."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import (
    AXIS,
    KEEPS,
    argument_for_call,
    called,
    grouped,
    is_flag,
    is_library_function,
    keyword,
    neighbours,
    positional,
)
from autograder.audit.mutants.operators.operator import operator

_SYMMETRIC = {
    "maximum", "minimum", "fmax", "fmin", "max", "min", "add", "multiply", "hypot", "gcd", "lcm",
    "equal", "not_equal", "eq", "ne", "isclose", "allclose", "array_equal", "array_equiv",
    "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor",
    "logaddexp", "inner", "vdot", "broadcast_shapes", "union1d", "intersect1d", "mse_loss",
}  # fmt: skip
# The first argument of these is of a kind that no other one is, so a swap only raises.
_UNSWAPPABLE = {"isinstance", "issubclass", "getattr", "setattr", "hasattr", "super", "einsum"}
_PAIRS = [
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("sum", "mean"),
    ("std", "var"),
    ("min", "max"),
    ("amin", "amax"),
    ("minimum", "maximum"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("sin", "cos"),
    ("sinh", "cosh"),
    ("vstack", "hstack"),
    ("triu", "tril"),
    ("append", "extend"),
    ("train", "eval"),
]
_INSTEAD = dict(_PAIRS + [(other, one) for one, other in _PAIRS]) | {
    "log": "log2",
    "log10": "log",
    "standard_normal": "random",
    "randn": "rand",
    "concatenate": "stack",
    "cat": "stack",
    "outer": "multiply",
    "softmax": "log_softmax",
}
_DROPPED = {
    "sqrt", "square", "abs", "fabs", "absolute", "log", "log1p", "exp", "expm1", "tanh", "sigmoid",
    "relu", "clip", "clamp", "cumsum", "cumprod", "tril", "triu", "round", "rint", "floor", "ceil",
    "sorted", "reversed", "detach", "softmax", "log_softmax", "normalize", "flip", "roll",
}  # fmt: skip


@operator("arguments")
def arguments_swapped(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """Arguments the wrong way round: ``loss(target, predicted)``."""
    if called(node) in _SYMMETRIC | _UNSWAPPABLE:
        return
    args = positional(node)
    if called(node) == "where":
        args = args[1:]  # a condition is no value
    for one, other in neighbours([arg.value for arg in args]):
        yield answer.swap(one, other)


@operator("keyword")
def keyword_forgotten(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A keyword argument forgotten, so that its default is used: no ``dtype=float``."""
    for arg in node.args:
        if arg.keyword is None or arg.keyword.value in {*AXIS, *KEEPS} or is_flag(arg.value):
            continue  # these have operators of their own
        args = [other for other in node.args if other is not arg]
        if args:
            args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        yield answer.replace(node, node.with_changes(args=args))


@operator("function")
def wrong_function(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A related function: ``np.sum`` for ``np.mean``, ``np.ones`` for ``np.zeros``."""
    instead = _INSTEAD.get(called(node))
    if instead is None:
        return
    if isinstance(node.func, cst.Attribute):
        yield answer.replace(node.func.attr, instead)
    elif called(node) in {"min", "max", "any", "all"}:
        yield answer.replace(node.func, instead)


@operator("function")
def wrong_divisor(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A variance of a sample for that of a population: ``np.var(x, ddof=1)`` divides by n - 1."""
    if called(node) not in {"var", "std"} or not isinstance(node.func, cst.Attribute):
        return
    name, other = ("correction", "0") if "torch" in answer.text else ("ddof", "1")
    if keyword(node, "ddof", "correction", "unbiased") is None:
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        divisor = cst.Arg(cst.Integer(other), keyword=cst.Name(name), equal=equal)
        yield answer.replace(node, node.with_changes(args=[*node.args, divisor]))


@operator("unapplied")
def function_not_applied(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A forgotten function: the variance for its root, a score for its exponential, no clipping."""
    if called(node) not in _DROPPED:
        return
    is_method = isinstance(node.func, cst.Attribute) and not is_library_function(node)
    if is_method:
        yield answer.replace(node, cst.ensure_type(node.func, cst.Attribute).value)
    elif args := positional(node):
        yield answer.replace(node, argument_for_call(node, args[0].value, answer))


@operator("unapplied")
def rectifier_not_applied(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A bound forgotten: ``x`` for ``np.maximum(x, 0)``."""
    if called(node) in {"maximum", "minimum", "max", "min"} and len(positional(node)) == 2:
        for arg in positional(node):
            if not isinstance(arg.value, cst.BaseNumber):
                yield answer.replace(node, argument_for_call(node, arg.value, answer))


@operator("exponent")
def exponent_negated(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """Growth for decay: ``np.exp(x)`` for ``np.exp(-x)``, or the other way round."""
    args = positional(node)
    if called(node) in {"exp", "exp2"} and len(args) == 1:
        negated = cst.UnaryOperation(cst.Minus(), grouped(args[0].value))
        yield answer.replace(args[0].value, negated)
