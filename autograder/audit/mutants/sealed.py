"""Parts of an answer that no mutant touches, because no hidden test should look at them.

These are comments, docstrings, annotations, decorators, imports, messages for people, ``__repr__``
and code that is never reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import libcst as cst
import libcst.matchers as m

_MESSAGE_METHODS = {"__repr__", "__str__", "__format__"}
_MESSAGE_CALLS = m.Call(
    func=m.Name("print")
    | m.Attribute(value=m.Name("warnings"))
    | m.Attribute(value=m.Name("logging") | m.Name("logger"))
)
_SEALED_KINDS = (
    cst.Annotation,
    cst.Decorator,
    cst.FormattedString,
    cst.ConcatenatedString,
    cst.Import,
    cst.ImportFrom,
    cst.Global,
    cst.Nonlocal,
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.Comma,
)
_LEAVES = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def live_children(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """Return the children of a node that may be mutated, in the order of the text."""
    children: Iterable[cst.CSTNode] = node.children
    if isinstance(node, cst.Raise):
        children = []  # the error's text; the statement itself may be dropped
    elif isinstance(node, cst.Assert):
        children = [node.test]
    elif isinstance(node, cst.IndentedBlock):
        children = _reached(node.body)
    return [child for child in children if not _is_sealed(child)]


def _is_sealed(node: cst.CSTNode) -> bool:
    if isinstance(node, _SEALED_KINDS):
        return True
    if isinstance(node, cst.SimpleStatementLine):
        return all(_is_sealed(statement) for statement in node.body)
    if isinstance(node, cst.FunctionDef):
        return node.name.value in _MESSAGE_METHODS
    if isinstance(node, cst.Expr):
        is_text = isinstance(node.value, cst.BaseString)
        return is_text or m.matches(node.value, _MESSAGE_CALLS)
    if isinstance(node, cst.If):
        return m.matches(node.test, m.Comparison(left=m.Name("__name__")))
    return False


def _reached(body: Sequence[cst.BaseStatement]) -> Iterator[cst.CSTNode]:
    for statement in body:
        yield statement
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(
            statement.body[-1], _LEAVES
        ):
            return
