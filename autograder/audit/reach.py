"""Which tasks' tests can notice that the answer to another task changed, read from the text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nbformat import NotebookNode

from autograder.audit.digests import with_siblings
from autograder.audit.laboratory import definitions
from autograder.authoring.marked import Marked
from autograder.authoring.textfile import read_text
from autograder.authoring.variant import answered_task


class Reach:
    """Says which tests a changed answer can reach, rather too many than too few.

    A test can notice an answer if its file, or a module beside it, mentions a name that the
    answer's cell defines, or a name that is defined elsewhere with the help of one. Whatever does
    more than define (a call, a loop) may change anything.

    Parameters
    ----------
    stub
        The notebook as students get it.
    answers
        Task -> text of the reference's answer.
    tests
        All hidden tests.
    """

    def __init__(
        self, stub: NotebookNode, answers: Mapping[str, str], tests: Sequence[Marked]
    ) -> None:
        shared = [cell.source for cell in definitions(stub).cells if answered_task(cell) is None]
        self._unread = " ".join(text for text in shared if not _statements(text))
        # By task, or by a number where no task is answered.
        self._parts = dict(answers) | {
            str(number): ast.unparse(statement)
            for number, statement in enumerate(s for text in shared for s in _statements(text))
        }
        self._imports = {
            ast.unparse(statement)
            for text in self._parts.values()
            for statement in _statements(text)
            if isinstance(statement, ast.Import | ast.ImportFrom)
        }
        self._tests = {
            task: " ".join(
                _code(read_text(path))
                for file in {test.path for test in tests if test.task == task}
                for path in sorted(with_siblings(file))
            )
            for task in {test.task for test in tests}
        }

    def tasks(self, changed: Mapping[str, str]) -> set[str]:
        """Return the tasks whose tests can notice these answers in the place of the reference's."""
        everything = set(self._tests)
        waiting, reached = dict(changed), set(changed)
        while waiting:
            part, text = waiting.popitem()
            names = self._names(text) | self._names(self._parts.get(part, ""))
            if None in names or _mentions(names, self._unread):
                return everything
            for other in everything | set(self._parts):
                if other in reached:
                    continue
                if _mentions(names, self._parts.get(other, "")):
                    waiting[other] = self._parts[other]
                    reached.add(other)
                elif _mentions(names, self._tests.get(other, "")):
                    reached.add(other)
        return reached & everything

    def _names(self, text: str) -> set[str | None]:
        """Return the names that a text defines; None among them if it does more than that."""
        return {
            name
            for statement in _statements(text)
            if ast.unparse(statement) not in self._imports
            for name in _defined(statement)
        }


def _code(text: str) -> str:
    """Return a module without its comments and docstrings, which may speak of anything."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            node.body = [part for part in node.body if not _is_text(part)] or [ast.Pass()]
    return ast.unparse(tree)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _statements(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError:  # a written answer, or a cell with magics
        return []


def _defined(statement: ast.stmt) -> Iterator[str | None]:
    """Yield the names that a statement defines; None if it does more than that."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in statement.names)
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        if any(isinstance(part, ast.Call | ast.NamedExpr) for part in ast.walk(statement)):
            yield None
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Attribute | ast.Subscript):
                    yield None
                elif isinstance(part, ast.Name):
                    yield part.id
    elif not _is_text(statement):
        yield None


def _mentions(names: set[str | None], text: str) -> bool:
    words = "|".join(re.escape(name) for name in names if name)
    return bool(words) and re.search(rf"\b(?:{words})\b", text) is not None
