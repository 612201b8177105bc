"""Wrong conditions."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import in_place_of, spaced_as
from autograder.audit.mutants.operators.operator import operator

_INSTEAD: dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThanEqual),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThan),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThanEqual),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThan),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
}


@operator("comparison")
def wrong_comparison(node: cst.Comparison, answer: Answer) -> Iterator[Edit]:
    """A comparison that is wrong at the boundary, ``<=`` for ``<``, or the wrong way round."""
    for i, target in enumerate(node.comparisons):
        for instead in _INSTEAD[type(target.operator)]:
            changed = [*node.comparisons]
            changed[i] = target.with_changes(operator=spaced_as(target.operator, instead))
            yield answer.replace(node, node.with_changes(comparisons=changed))


@operator("boolean")
def wrong_connective(node: cst.BooleanOperation, answer: Answer) -> Iterator[Edit]:
    """``or`` for ``and``, or the other way round."""
    instead = cst.Or if isinstance(node.operator, cst.And) else cst.And
    yield answer.replace(node, node.with_changes(operator=spaced_as(node.operator, instead)))


@operator("boolean")
def negation_dropped(node: cst.UnaryOperation, answer: Answer) -> Iterator[Edit]:
    """A forgotten ``not``."""
    if isinstance(node.operator, cst.Not):
        yield answer.replace(node, in_place_of(node, node.expression))


@operator("guard")
def guard_ignored(node: cst.If, answer: Answer) -> Iterator[Edit]:
    """A special case left out, or taken for the rule: ``if False:``, ``if True:``."""
    for always in ("False", "True"):
        yield answer.replace(node.test, always)


@operator("guard")
def choice_ignored(node: cst.IfExp, answer: Answer) -> Iterator[Edit]:
    """Only one of two cases thought of: ``a`` for ``a if condition else b``."""
    for chosen in (node.body, node.orelse):
        yield answer.replace(node, in_place_of(node, chosen))
