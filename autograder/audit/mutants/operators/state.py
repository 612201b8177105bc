"""Wrong state: not kept, not added up, shared with the caller."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import (
    argument_for_call,
    called,
    is_library_function,
    positional,
)
from autograder.audit.mutants.operators.operator import operator
from autograder.audit.mutants.operators.scope import parameters

_IN_PLACE: dict[type[cst.BaseBinaryOp], type[cst.BaseAugOp]] = {
    cst.Add: cst.AddAssign,
    cst.Subtract: cst.SubtractAssign,
    cst.Multiply: cst.MultiplyAssign,
    cst.Divide: cst.DivideAssign,
}
_COPY_OF_CONTAINER = m.Call(
    func=m.Name("list") | m.Name("dict"), args=[m.Arg(m.Name() | m.Attribute())]
)
_COPY_OF_ARRAY = m.Call(
    func=m.Attribute(attr=m.Name("array")),
    args=[m.Arg(m.Name() | m.Attribute() | m.Subscript()), m.ZeroOrMore()],
)
_COPIES = {"copy", "deepcopy", "clone"}


@operator("overwritten")
def overwritten(node: cst.AugAssign, answer: Answer) -> Iterator[Edit]:
    """``=`` for ``+=``: only the last contribution is kept."""
    if not _is_first_contribution(node, answer):
        target = cst.AssignTarget(node.target)
        yield answer.replace(node, cst.Assign([target], node.value, semicolon=node.semicolon))


@operator("accumulated")
def accumulated(node: cst.Assign, answer: Answer) -> Iterator[Edit]:
    """``+=`` for ``=``: what should be replaced grows from call to call."""
    target = node.targets[0].target
    function = answer.enclosing(node, cst.FunctionDef)
    if function is None or function.name.value == "__init__" or len(node.targets) > 1:
        return
    is_nothing = m.matches(node.value, m.Name("None"))
    if not is_nothing and _is_bound_elsewhere(target, answer):
        changed = cst.AugAssign(target, cst.AddAssign(), node.value, node.semicolon)
        yield answer.replace(node, changed)


def _is_bound_elsewhere(target: cst.BaseExpression, answer: Answer) -> bool:
    """Return whether an attribute is assigned in another place, too, and so can be added to."""
    around = answer.enclosing(target, cst.ClassDef)
    if around is None or not isinstance(target, cst.Attribute):
        return False
    return any(
        bound is not target and bound.deep_equals(target)
        for bound in answer.bound_attributes(around)
    )


@operator("in-place")
def array_changed_in_place(node: cst.Assign, answer: Answer) -> Iterator[Edit]:
    """``x += y`` for ``x = x + y``, which also changes every other name of the same array."""
    target = node.targets[0].target
    if len(node.targets) > 1 or not isinstance(node.value, cst.BinaryOperation):
        return
    instead = _IN_PLACE.get(type(node.value.operator))
    if instead is not None and target.deep_equals(node.value.left):
        changed = cst.AugAssign(target, instead(), node.value.right, node.semicolon)
        yield answer.replace(node, changed)


@operator("in-place")
def argument_changed_in_place(node: cst.Return, answer: Answer) -> Iterator[Edit]:
    """The caller's array changed on the way to the result: ``w -= step; return w``."""
    value, function = node.value, answer.enclosing(node, cst.FunctionDef)
    if function is None or not isinstance(value, cst.BinaryOperation):
        return
    instead = _IN_PLACE.get(type(value.operator))
    name = value.left.value if isinstance(value.left, cst.Name) else None
    if instead is not None and name in parameters(function):
        step = cst.AugAssign(cst.Name(str(name)), instead(), value.right)
        yield answer.replace(node, f"{answer.render(step, node)}; return {name}")


@operator("gradients")
def gradients_recorded(node: cst.With, answer: Answer) -> Iterator[Edit]:
    """A forgotten ``with torch.no_grad():``, so that an update becomes part of the graph."""
    call = m.Call(m.Attribute(attr=m.Name("no_grad") | m.Name("inference_mode")))
    if m.matches(node, m.With(items=[m.WithItem(item=call, asname=None)])):
        yield answer.replace_header(node, node.body, "if True:")


@operator("copy")
def copy_forgotten(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """A forgotten copy, so that two names share one array."""
    is_method = isinstance(node.func, cst.Attribute) and not node.args
    args = positional(node)
    if called(node) in _COPIES and is_method:
        yield answer.replace(node, cst.ensure_type(node.func, cst.Attribute).value)
    elif called(node) in _COPIES and args:
        yield answer.replace(node, argument_for_call(node, args[0].value, answer))
    elif m.matches(node, _COPY_OF_CONTAINER):
        yield answer.replace(node, args[0].value)


@operator("copy")
def array_shared(node: cst.Call, answer: Answer) -> Iterator[Edit]:
    """``np.asarray(x)``, which shares memory with ``x``, for ``np.array(x)``, which does not."""
    if m.matches(node, _COPY_OF_ARRAY) and is_library_function(node):
        func = cst.ensure_type(node.func, cst.Attribute)
        yield answer.replace(func.attr, "asarray")


def _is_first_contribution(node: cst.AugAssign, answer: Answer) -> bool:
    """Return whether the line above sets the target to 0, so that ``=`` would do the same."""
    line = answer.enclosing(node, cst.SimpleStatementLine)
    above = answer.statement_above(line) if line is not None else None
    zero = m.Assign(value=m.Integer("0") | m.Float("0.0"))
    if above is None or not m.matches(above, m.SimpleStatementLine(body=[zero])):
        return False
    target = cst.ensure_type(m.findall(above, m.AssignTarget())[0], cst.AssignTarget).target
    return isinstance(node.operator, cst.AddAssign) and target.deep_equals(node.target)
