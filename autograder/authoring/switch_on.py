"""Switching the autograder on in the configuration of an nbgrader course that is there already."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

from autograder.errors import UserError

_LINES = """
# Grades with the autograder: submissions run confined. What follows may change its settings.
from autograder.hooks import configure

configure({name})
"""


def switched_on(config: Path) -> str:
    """Return the text of a configuration with the autograder switched on.

    The call comes right after ``c = get_config()``, so that the course's own settings, which
    follow, still count.

    Raises
    ------
    UserError
        If it is on already, or the place for it cannot be found.
    """
    text = config.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise UserError(
            f"{config} is not valid Python: line {error.lineno}: {error.msg}.",
            hint="Correct it first; nothing was changed.",
        ) from error
    if any(isinstance(n, ast.ImportFrom) and n.module == "autograder.hooks" for n in tree.body):
        raise UserError(f"{config} switches the autograder on already; nothing was changed.")
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == "get_config()":
            lines = text.splitlines(keepends=True)
            before = "".join(lines[: node.end_lineno]).rstrip("\n") + "\n"
            name = ast.unparse(node.targets[0])
            return before + _LINES.format(name=name) + "".join(lines[node.end_lineno :])
    raise UserError(
        f"{config} has no line `c = get_config()`; nothing was changed.",
        hint="Put there yourself: `from autograder.hooks import configure` and `configure(c)`.",
    )


def replace_text(path: Path, text: str) -> None:
    """Put a text in the place of a file's own, all at once and with the file's permissions."""
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8")
    shutil.copymode(path, temporary)
    temporary.replace(path)
