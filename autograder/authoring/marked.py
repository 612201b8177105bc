"""Which checks and hidden tests there are, read from their text: nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.textfile import read_text
from autograder.errors import UserError

_HINT = 'A hidden test starts with @pytest.mark.task("a1_t3", points=1), with plain values.'


@dataclass(frozen=True)
class Marked:
    """A function that belongs to a task: a hidden test or a visible check."""

    name: str
    task: str
    path: Path
    line: int
    points: float = 0.0

    def error(self, problem: str, hint: str = "") -> UserError:
        """Return an error that says where this function is."""
        return UserError(f"{self.path}:{self.line}: {self.name}: {problem}", hint=hint)


def read_hidden_tests(directory: Path) -> list[Marked]:
    """Return the hidden tests in ``directory/test_*.py``.

    The points of a parametrized test are those of its mark: all its cases must pass.

    Raises
    ------
    UserError
        If a test has no mark, or a mark that is not plain values.
    """
    return [
        _hidden_test(function, path)
        for path in sorted(directory.glob("test_*.py"))
        for function in _functions(path)
        if function.name.startswith("test")
    ]


def read_visible_checks(path: Path) -> list[Marked]:
    """Return the functions of a ``checks.py`` that are decorated ``@visible("a1_t3")``.

    Raises
    ------
    UserError
        If the file is not Python, or if a task id is not a plain string.
    """
    checks = []
    for function in _functions(path):
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "visible":
                task, _ = _arguments(decorator)
                if task is None:
                    raise UserError(
                        f"{path}:{function.lineno}: the task of {function.name} is not clear.",
                        hint='Decorate it with @visible("a1_t3").',
                    )
                checks.append(Marked(function.name, task, path, function.lineno))
    return checks


def _hidden_test(function: ast.FunctionDef, path: Path) -> Marked:
    marks = {
        ast.unparse(decorator.func): decorator
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
    }
    where = f"{path}:{function.lineno}: {function.name}"
    mark = marks.get("pytest.mark.task")
    task, points = (None, None) if mark is None else _arguments(mark)
    if task is None or points is None or points <= 0:
        raise UserError(
            f"{where} does not say which task it tests, for how many points.", hint=_HINT
        )
    return Marked(function.name, task, path, function.lineno, points)


def _arguments(call: ast.Call) -> tuple[str | None, float | None]:
    """Return the first argument and ``points=`` of a decorator, where they are plain values."""
    task = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    points = next(
        (
            keyword.value.value
            for keyword in call.keywords
            if keyword.arg == "points" and isinstance(keyword.value, ast.Constant)
        ),
        None,
    )
    return (
        task if isinstance(task, str) else None,
        float(points) if isinstance(points, int | float) else None,
    )


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Yield the functions pytest would look at: those of the module and of its classes."""
    try:
        module = ast.parse(read_text(path))
    except SyntaxError as error:
        raise UserError(f"{path}:{error.lineno}: this is not Python: {error.msg}.") from error
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        elif isinstance(statement, ast.ClassDef):
            yield from (part for part in statement.body if isinstance(part, ast.FunctionDef))
