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
    answer's cell defines, or a name of another cell that mentions one. An answer that does more
    than define (a call, a loop) may change anything, and so may a cell that belongs to no task.

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
        self._answers = answers
        self._shared = [
            cell.source for cell in definitions(stub).cells if answered_task(cell) is None
        ]
        self._imports = {
            ast.unparse(statement)
            for text in (*self._shared, *answers.values())
            for statement in _statements(text)
            if isinstance(statement, ast.Import | ast.ImportFrom)
        }
        self._tests = {
            task: " ".join(
                read_text(path)
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
            task, text = waiting.popitem()
            names = self._names(text) | self._names(self._answers.get(task, ""))
            if None in names or _mentions(names, " ".join(self._shared)):
                return everything
            for other in everything | set(self._answers):
                if other in reached:
                    continue
                if _mentions(names, self._answers.get(other, "")):
                    waiting[other] = self._answers[other]
                    reached.add(other)
                elif _mentions(names, self._tests.get(other, "")):
                    reached.add(other)
        return reached & everything

    def _names(self, text: str) -> set[str | None]:
        """Return the names that a cell defines; None among them if it does more than that."""
        return {
            name
            for statement in _statements(text)
            if ast.unparse(statement) not in self._imports
            for name in _defined(statement)
        }


def _statements(text: str) -> list[ast.stmt]:
    try:
        return ast.parse(text).body
    except SyntaxError:  # a written answer, or a cell with magics
        return []


def _defined(statement: ast.stmt) -> Iterator[str | None]:
    """Yield the names that a statement of a cell defines; None if it does more than define."""
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
    elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        yield None


def _mentions(names: set[str | None], text: str) -> bool:
    words = "|".join(re.escape(name) for name in names if name)
    return bool(words) and re.search(rf"\b(?:{words})\b", text) is not None
