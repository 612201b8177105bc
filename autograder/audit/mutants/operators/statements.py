"""Dropped statements."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from autograder.audit.mutants.answer import Answer, Edit
from autograder.audit.mutants.operators.operator import operator
from autograder.audit.mutants.operators.scope import names_before


@operator("dropped")
def statement_dropped(node: cst.BaseSmallStatement, answer: Answer) -> Iterator[Edit]:
    """A forgotten statement: state not kept, a call not made, no error raised, no ``return``."""
    if isinstance(node, cst.Assign):
        droppable = any(_exists_without(t.target, node, answer) for t in node.targets)
    elif isinstance(node, cst.Return):
        droppable = node.value is not None and not m.matches(node.value, m.Name("None"))
    else:
        kinds = (cst.Expr, cst.AugAssign, cst.Raise, cst.Assert, cst.Del, cst.Continue, cst.Break)
        droppable = isinstance(node, kinds)
    if droppable and not _would_never_end(node, answer):
        yield answer.replace(node, cst.Pass(semicolon=node.semicolon))


def _exists_without(
    target: cst.BaseAssignTargetExpression, node: cst.Assign, answer: Answer
) -> bool:
    """Return whether a target can be read even if this assignment is missing.

    Without the only assignment to a local name all that follows raises, which no test misses.
    """
    if isinstance(target, cst.Tuple):
        targets = [element.value for element in target.elements]
        return any(
            _exists_without(inner, node, answer)
            for inner in targets
            if isinstance(inner, cst.BaseAssignTargetExpression)
        )
    if not isinstance(target, cst.Name):
        return True
    return target.value in names_before(node, answer)


def _would_never_end(node: cst.BaseSmallStatement, answer: Answer) -> bool:
    """Return whether the way out of a ``while True`` would be dropped, which costs a deadline."""
    loop = answer.enclosing(node, cst.While)
    return isinstance(node, cst.Break) and loop is not None
