"""Wrong flow: returned early, loops left too soon or never entered."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import called
from autograder.audit.mutants.operators.operator import operator
from autograder.audit.mutants.sealed import live_children

_LEAVES = m.Return() | m.Raise() | m.Break() | m.Continue()
# Of these, the last item can be left out without going through an endless iterator.
_ENDING_CALLS = {"zip", "enumerate", "items", "values", "keys", "sorted", "reversed", "list"}


@operator("loop-left")
def left_after_first_pass(node: cst.For | cst.While, answer: Answer) -> Iterator[Edit]:
    """``return`` one level too deep: the loop is left after its first pass."""
    if not isinstance(node.body, cst.IndentedBlock) or _leaves(node.body.body[-1]):
        return
    below = answer.statement_below(node)
    returns = m.findall(below, m.Return()) if isinstance(below, cst.SimpleStatementLine) else []
    leave = answer.code(returns[0]) if returns else "break"
    yield answer.insert_after(node.body.body[-1], leave)


def _leaves(statement: cst.CSTNode) -> bool:
    return m.matches(statement, m.SimpleStatementLine(body=[m.ZeroOrMore(), _LEAVES]))


@operator("loop-skipped")
def for_never_entered(node: cst.For, answer: Answer) -> Iterator[Edit]:
    """A loop that does nothing, since what it runs over is empty or used up."""
    yield answer.replace(node.iter, "()")


@operator("loop-skipped")
def while_never_entered(node: cst.While, answer: Answer) -> Iterator[Edit]:
    """A loop that does nothing, since its condition is wrong from the start."""
    yield answer.replace(node.test, "False")


@operator("loop-short")
def item_left_out(node: cst.For, answer: Answer) -> Iterator[Edit]:
    """A loop that leaves out the first or the last item."""
    yield from _item_left_out(node.iter, answer)


@operator("loop-short")
def item_left_out_of_comprehension(node: cst.CompFor, answer: Answer) -> Iterator[Edit]:
    """A comprehension that leaves out the first or the last item."""
    yield from _item_left_out(node.iter, answer)


def _item_left_out(items: cst.BaseExpression, answer: Answer) -> Iterator[Edit]:
    ends = isinstance(items, (cst.Name, cst.Attribute, cst.Subscript)) or (
        isinstance(items, cst.Call) and called(items) in _ENDING_CALLS
    )
    if ends:
        for part in ("1:", ":-1"):
            yield answer.replace(items, f"list({answer.code(items)})[{part}]")


@operator("loop-left")
def break_for_continue(node: cst.Continue, answer: Answer) -> Iterator[Edit]:
    """``break`` for ``continue``: the rest of the items is never seen."""
    yield answer.replace(node, cst.Break(semicolon=node.semicolon))


@operator("returned-early")
def procedure_left_early(node: cst.FunctionDef, answer: Answer) -> Iterator[Edit]:
    """A ``return`` in the middle of a function that works by what it changes."""
    if not isinstance(node.body, cst.IndentedBlock) or _returns_a_value(node, answer):
        return
    if node.name.value != "__init__":  # what is missing from the start only raises
        for statement in live_children(node.body)[1:]:
            yield answer.insert_before(statement, "return")


@operator("returned-early")
def returned_too_soon(node: cst.Assign, answer: Answer) -> Iterator[Edit]:
    """The last step forgotten: what was computed before it is returned."""
    line = answer.parent(node)
    block = answer.parent(line)
    if not isinstance(block, cst.IndentedBlock) or not m.matches(
        answer.parent(block), m.FunctionDef()
    ):
        return
    if m.matches(node, m.Assign(targets=[m.AssignTarget(m.Name())])) and _leaves(block.body[-1]):
        name = cst.ensure_type(node.targets[0].target, cst.Name).value
        if line not in block.body[-2:]:
            yield answer.insert_after(line, f"return {name}")


def _returns_a_value(node: cst.FunctionDef, answer: Answer) -> bool:
    return any(
        isinstance(inner, cst.Return) and inner.value is not None
        for inner in answer.nodes(node.body)
    )
