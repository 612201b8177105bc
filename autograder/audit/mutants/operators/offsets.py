"""Off by one: in ranges, slices and indices. Numbers written out are left to ``integer``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import called, number, positional, shifted
from autograder.audit.mutants.operators.operator import operator

_COUNTED = m.Call(func=m.Name("range") | m.Name("enumerate"))


@operator("range")
def range_off_by_one(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A loop that ends one too late or too early, or that starts at 1: ``range(1, n)``."""
    args = positional(node)
    if called(node) != "range" or len(args) != len(node.args):
        return
    for arg in args[:2]:
        yield from _shifted(arg.value, answer)
    if len(args) == 1:
        yield answer.replace(args[0].value, f"1, {answer.code(args[0].value)}")


@operator("slice")
def slice_off_by_one(node: cst.Slice, answer: Answer) -> Iterator[Edit]:
    """A slice that begins or ends one too late or too early."""
    for bound in (node.lower, node.upper):
        if bound is not None:
            yield from _shifted(bound, answer)


@operator("slice")
def slice_without_bound(node: cst.Slice, answer: Answer) -> Iterator[Edit]:
    """A slice that forgets where to begin, where to end, or its step."""
    if node.lower is not None:
        yield answer.replace(node.lower, "")
    if node.upper is not None:
        yield answer.replace(node.upper, "")
    if node.step is not None:
        yield answer.replace(node.step, "")


@operator("index")
def index_off_by_one(node: cst.Index, answer: Answer) -> Iterator[Edit]:
    """The neighbour's entry: ``x[i + 1]`` for ``x[i]``, where a loop counts ``i``."""
    if node.star or not isinstance(node.value, cst.Name):
        return
    if _is_counted(node.value.value, node, answer):
        yield from _shifted(node.value, answer)


def _shifted(expression: cst.BaseExpression, answer: Answer) -> Iterator[Edit]:
    """Yield the expression - 1 and + 1, unless it is a number or ends in one, as ``n - 1`` does."""
    ends = expression.right if isinstance(expression, cst.BinaryOperation) else expression
    if number(ends) is None:
        for by in (-1, 1):
            yield answer.replace(expression, shifted(expression, by))


def _is_counted(name: str, node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether a loop or comprehension around a node counts this variable."""
    counter = m.Name(name) | m.Tuple(elements=[m.Element(m.Name(name)), m.AtLeastN(n=1)])
    loop = m.For(target=counter, iter=_COUNTED)
    comprehension = m.CompFor(target=counter, iter=_COUNTED)
    return any(
        m.matches(above, loop)
        or (isinstance(above, cst.BaseComp) and m.matches(above.for_in, comprehension))
        for above in answer.ancestors(node)
    )
