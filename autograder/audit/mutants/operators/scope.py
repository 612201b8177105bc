"""Which names a line can use."""

from __future__ import annotations

import libcst as cst

from autograder.audit.mutants.answer import Answer


def parameters(function: cst.FunctionDef) -> list[str]:
    """Return the names of a function's parameters, in their order."""
    found = [*function.params.posonly_params, *function.params.params]
    return [param.name.value for param in [*found, *function.params.kwonly_params]]


def _is_statement(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.BaseStatement)


def names_before(node: cst.CSTNode, answer: Answer) -> list[str]:
    """Return the names that a function has bound above the statement of a node, in their order."""
    function = answer.enclosing(node, cst.FunctionDef)
    if function is None:
        return []
    # what a statement binds cannot be used in the same statement
    statement = next(found for found in answer.ancestors(node) if _is_statement(found))
    start, _ = answer.span(statement)
    bound = [name.value for name in answer.bound_names(function) if answer.span(name)[0] < start]
    return list(dict.fromkeys([*parameters(function), *bound]))
