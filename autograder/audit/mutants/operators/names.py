"""Names mixed up: two of the same length that differ in one letter, such as w1 and w2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.code import called
from autograder.audit.mutants.operators.operator import operator
from autograder.audit.mutants.operators.scope import names_before

_OF_SELF = m.Attribute(value=m.Name("self"))


@operator("name")
def similar_attribute(node: cst.Attribute, answer: Answer) -> Iterator[Edit]:
    """An attribute for a similar one: ``self.beta2`` for ``self.beta1``."""
    around = answer.enclosing(node, cst.ClassDef)
    if around is None or not m.matches(node, _OF_SELF) or not answer.is_read(node):
        return
    if _hardly_matters(node, answer):
        return
    names = [bound.attr.value for bound in answer.bound_attributes(around)]
    if similar := _similar(node.attr.value, names):
        yield answer.replace(node.attr, similar)


@operator("name")
def similar_name(node: cst.Name, answer: Answer) -> Iterator[Edit]:
    """A variable for a similar one: ``w2`` for ``w1``, ``y`` for ``x``."""
    if not answer.is_read(node) or _hardly_matters(node, answer):
        return
    names = [name for name in names_before(node, answer) if _are_neighbours(name, node.value)]
    if similar := _similar(node.value, names):
        yield answer.replace(node, similar)


def _hardly_matters(node: cst.CSTNode, answer: Answer) -> bool:
    """Return whether similar things are probably alike here: their shapes, or whether they exist.

    These are the arguments of ``len`` and ``np.zeros_like``, and ``x is None``.
    """
    if m.matches(answer.parent(node), m.Comparison(comparisons=[m.ComparisonTarget(m.Is())])):
        return True
    call = answer.parent(answer.parent(node))
    return isinstance(call, cst.Call) and (called(call) == "len" or called(call).endswith("_like"))


def _are_neighbours(one: str, other: str) -> bool:
    """Return whether two letters stand for things of a kind, as i and j or x and y do."""
    return len(one) > 1 or len(other) > 1 or abs(ord(one) - ord(other)) <= 2


def _similar(name: str, names: Sequence[str]) -> str | None:
    """Return the next of the names, in the order in which they appear, that differs in a letter."""
    names = list(dict.fromkeys(names))
    if name not in names:
        return None
    i = names.index(name)
    others = names[i + 1 :] + names[:i]
    return next((other for other in others if _differ_in_a_letter(name, other)), None)


def _differ_in_a_letter(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
