"""An answer parsed once: which of its parts may be mutated, and how a part is replaced.

A mutant is made by replacing a part of the text, so everything else keeps its layout. LibCST
knows where each part begins and ends (https://libcst.readthedocs.io/en/latest/metadata.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import libcst as cst
import libcst.matchers as m
from libcst.metadata import (
    CodePosition,
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    WhitespaceInclusivePositionProvider,
)

from autograder.audit.mutants.sealed import live_children
from autograder.errors import UserError

_SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Parameters, cst.BaseComp, cst.Module)
Code = cst.BaseExpression | cst.BaseSmallStatement
N = TypeVar("N", bound=cst.CSTNode)


@dataclass(frozen=True)
class Edit:
    """Replace ``text[start:end]`` of an answer by other text."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """Return the text with this edit made."""
        return text[: self.start] + self.text + text[self.end :]


class Answer:
    """The text of one answer cell with its syntax tree.

    Raises
    ------
    UserError
        If the text is not valid Python.
    """

    def __init__(self, task: str, text: str) -> None:
        try:
            compile(text, task, "exec", dont_inherit=True)
            wrapper = MetadataWrapper(cst.parse_module(text))
        except (SyntaxError, ValueError, cst.ParserSyntaxError) as error:
            raise UserError(
                f"{task}: the answer of the reference is not valid Python: {error}",
                hint="Mutants are made of the reference, so it has to be right first.",
            ) from error
        self.text = text
        self.module = wrapper.module
        self._outer = wrapper.resolve(WhitespaceInclusivePositionProvider)
        self._inner = wrapper.resolve(PositionProvider)
        self._parents = wrapper.resolve(ParentNodeProvider)
        self._contexts = wrapper.resolve(ExpressionContextProvider)
        self._line_starts = [0]
        for line in text.split("\n"):
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)

    def statements(self) -> Sequence[cst.CSTNode]:
        """Return the outermost statements that may be mutated; of a class, those of its body."""
        found: list[cst.CSTNode] = []
        for part in live_children(self.module):
            found.extend(live_children(part.body) if isinstance(part, cst.ClassDef) else [part])
        return found

    def nodes(self, root: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield a node and all within it that may be mutated, in the order of the text."""
        stack = [root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(live_children(node)))

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """Return the node that holds this one; the module holds itself."""
        return self._parents.get(node, self.module)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the node's parent, its parent and so on, up to the module."""
        while node is not self.module:
            node = self.parent(node)
            yield node

    def enclosing(self, node: cst.CSTNode, kind: type[N]) -> N | None:
        """Return the innermost ancestor of a kind, or None."""
        return next((found for found in self.ancestors(node) if isinstance(found, kind)), None)

    def statement_below(self, statement: cst.BaseStatement) -> cst.BaseStatement | None:
        """Return the next statement of the same block, or None."""
        block = self.parent(statement)
        body = block.body if isinstance(block, (cst.IndentedBlock, cst.Module)) else [statement]
        return next(iter([*body][[*body].index(statement) + 1 :]), None)

    def statement_above(self, statement: cst.BaseStatement) -> cst.BaseStatement | None:
        """Return the statement before this one in the same block, or None."""
        block = self.parent(statement)
        body = block.body if isinstance(block, (cst.IndentedBlock, cst.Module)) else [statement]
        return next(reversed([*body][: [*body].index(statement)]), None)

    def is_read(self, node: cst.CSTNode) -> bool:
        """Return whether a variable or attribute is read here, neither bound nor deleted."""
        parent = self.parent(node)
        is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
        return self._contexts.get(node) is ExpressionContext.LOAD and not is_keyword

    def is_stored(self, node: cst.CSTNode) -> bool:
        """Return whether a variable or attribute is bound here."""
        return self._contexts.get(node) is ExpressionContext.STORE

    def bound_names(self, function: cst.FunctionDef) -> Sequence[cst.Name]:
        """Return where the body of a function binds local names, in the order of the text."""
        return self._bound_names.get(function, [])

    @cached_property
    def _bound_names(self) -> Mapping[cst.FunctionDef, list[cst.Name]]:
        found: dict[cst.FunctionDef, list[cst.Name]] = {}
        names = [node for node in self._contexts if isinstance(node, cst.Name)]
        for name in filter(self.is_stored, names):
            scope = next(above for above in self.ancestors(name) if isinstance(above, _SCOPES))
            if isinstance(scope, cst.FunctionDef) and self.parent(name) is not scope:
                found.setdefault(scope, []).append(name)
        return {scope: sorted(names, key=self.span) for scope, names in found.items()}

    def bound_attributes(self, around: cst.ClassDef) -> Sequence[cst.Attribute]:
        """Return where the methods of a class bind attributes, in the order of the text."""
        return self._bound_attributes.get(around, [])

    @cached_property
    def _bound_attributes(self) -> Mapping[cst.ClassDef, list[cst.Attribute]]:
        found: dict[cst.ClassDef, list[cst.Attribute]] = {}
        attributes = [node for node in self._contexts if isinstance(node, cst.Attribute)]
        for attribute in filter(self.is_stored, attributes):
            around = self.enclosing(attribute, cst.ClassDef)
            if around is not None and m.matches(attribute.value, m.Name("self")):
                found.setdefault(around, []).append(attribute)
        return {around: sorted(bound, key=self.span) for around, bound in found.items()}

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where the node's text begins and ends, with its own parentheses."""
        where = self._outer[node]
        return self._offset(where.start), self._offset(where.end)

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of a node of this answer."""
        start, end = self.span(node)
        return self.text[start:end]

    def render(self, new: Code, place: cst.CSTNode) -> str:
        """Return the text of a new node, its lines indented as they would be in a place."""
        indent = self._indent(place)
        if not indent:
            return self.module.code_for_node(new)
        line = new if isinstance(new, cst.BaseSmallStatement) else cst.Expr(new)
        block = cst.IndentedBlock([cst.SimpleStatementLine([line])], indent=indent)
        return self.module.code_for_node(block).removeprefix("\n").removeprefix(indent)[:-1]

    def replace(self, node: cst.CSTNode, new: Code | str) -> Edit:
        """Return the edit that puts another node, or plain text, in a node's place."""
        return Edit(*self.span(node), new if isinstance(new, str) else self.render(new, node))

    def replace_header(self, statement: cst.CSTNode, body: cst.CSTNode, code: str) -> Edit:
        """Return the edit that puts ``code``, up to the colon, above a statement's body."""
        return Edit(self._offset(self._inner[statement].start), self.span(body)[0], code)

    def swap(self, one: cst.CSTNode, other: cst.CSTNode) -> Edit:
        """Return the edit that swaps two nodes, the first of which stands before the second."""
        (start, middle), (resume, end) = self.span(one), self.span(other)
        return Edit(
            start, end, self.text[resume:end] + self.text[middle:resume] + self.text[start:middle]
        )

    def insert_before(self, statement: cst.CSTNode, code: str) -> Edit:
        """Return the edit that puts one more line above a statement of an indented block."""
        return self._insert(statement, self._inner[statement].start.line, code)

    def insert_after(self, statement: cst.CSTNode, code: str) -> Edit:
        """Return the edit that puts one more line below a statement of an indented block."""
        end = self._inner[statement].end
        return self._insert(statement, end.line + (end.column > 0), code)

    def _insert(self, statement: cst.CSTNode, line: int, code: str) -> Edit:
        indent = self._indent(statement)
        if line < len(self._line_starts):
            at = self._line_starts[line - 1]
            return Edit(at, at, f"{indent}{code}\n")
        return Edit(len(self.text), len(self.text), f"\n{indent}{code}")  # no newline at the end

    def _indent(self, node: cst.CSTNode) -> str:
        """Return the white space in front of the statement that a node belongs to."""
        for part in [node, *self.ancestors(node)]:
            if isinstance(self.parent(part), cst.IndentedBlock):
                first = self._inner[part].start
                return self.text[self._line_starts[first.line - 1] : self._offset(first)]
        return ""

    def _offset(self, position: CodePosition) -> int:
        return self._line_starts[position.line - 1] + position.column
