"""Reading percent scripts: notebooks written as plain Python files.

A line ``# %%`` starts a code cell, ``# %% [markdown]`` a prose cell (its lines are comments).
The line may carry the metadata ``task="a1_t3"``, ``role="answer"`` and ``tags=["explore"]``.
Format: https://jupytext.readthedocs.io/en/latest/formats-scripts.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode, ValidationError

from autograder.authoring.textfile import read_text
from autograder.errors import UserError

EXPLORE_TAG = "explore"
"""Marks long or plotting cells: they run after the graded part and cost no marks."""

# Comments stay comments: by default, jupytext turns "# cat ..." and "# ls" into shell commands.
_FORMAT = {"extension": ".py", "format_name": "percent", "comment_magics": False}
_MARKER = re.compile(r"^\s*#\s*%%(%*\s|\s*$)")
_KEYS = {"task", "role", "tags"}
_JUPYTEXT_KEYS = {"lines_to_next_cell"}


class Role(StrEnum):
    """What a task's cell is for."""

    ANSWER = "answer"
    CHECK = "check"
    WRITTEN = "written"


@dataclass(frozen=True)
class Cell:
    """One cell of a percent script."""

    kind: str
    """``code`` or ``markdown``, as nbformat calls them."""
    source: str
    path: Path
    line: int
    """Line of its ``# %%``, counted from 1."""
    task: str | None = None
    role: Role | None = None
    tags: tuple[str, ...] = ()

    def error(self, problem: str, hint: str = "") -> UserError:
        """Return an error that says where this cell is."""
        return UserError(f"{self.path}:{self.line}: {problem}", hint=hint)


@dataclass(frozen=True)
class Script:
    """A percent script: what stands before its first cell, and its cells."""

    path: Path
    header: str
    cells: tuple[Cell, ...]


def read_script(path: Path, *, imports_on_top: bool = False) -> Script:
    """Read a percent script.

    Parameters
    ----------
    imports_on_top
        Whether imports may stand before the first cell. They belong to no cell: they only
        let the file be imported as it is.

    Raises
    ------
    UserError
        If the file is missing, holds code before its first cell or a cell whose metadata is
        not understood. It names file and line.
    """
    lines = read_text(path).splitlines()
    markers = [number for number, line in enumerate(lines) if _MARKER.match(line)]
    if not markers:
        raise UserError(
            f"{path} has no cells.", hint="Start each cell with a line `# %%` or `# %% [markdown]`."
        )
    header = lines[: markers[0]]
    _check_header(path, header, imports_on_top)
    try:
        nodes = _parse(lines[markers[0] :])
    except ValidationError as error:
        raise _locate_invalid(path, lines, markers) from error
    if len(nodes) != len(markers):
        raise UserError(
            f"{path} has {len(markers)} lines that start with `# %%`, but {len(nodes)} cells.",
            hint="Look for a string that is not closed, or a `# %%` inside a string or a fence.",
        )
    cells = [
        _cell(node.cell_type, node.source, node.metadata, path, marker + 1)
        for node, marker in zip(nodes, markers, strict=True)
    ]
    return Script(path, "\n".join(header), tuple(cells))


def _parse(lines: list[str]) -> list[NotebookNode]:
    cells: list[NotebookNode] = jupytext.reads("\n".join(lines) + "\n", fmt=_FORMAT).cells
    return cells


def _locate_invalid(path: Path, lines: list[str], markers: list[int]) -> UserError:
    """Find the cell whose metadata nbformat does not accept."""
    where = str(path)
    for marker in markers:
        try:
            _parse([lines[marker]])
        except ValidationError:
            where = f"{path}:{marker + 1}"
            break
    return UserError(
        f"{where}: its metadata are not those of a notebook's cell.",
        hint='Write tags as a list of strings, like tags=["explore"].',
    )


def _check_header(path: Path, header: list[str], imports_on_top: bool) -> None:
    """Refuse code before the first cell: it would be lost."""
    try:
        statements = ast.parse("\n".join(header)).body
    except SyntaxError as error:
        raise UserError(f"{path}:{error.lineno}: this is not Python: {error.msg}.") from error
    for statement in statements:
        if not (imports_on_top and isinstance(statement, ast.Import | ast.ImportFrom)):
            raise UserError(
                f"{path}:{statement.lineno}: this stands before the first cell and would be lost.",
                hint="Put a line `# %%` above it, or make it a comment.",
            )


def _cell(kind: str, source: str, metadata: Mapping[str, Any], path: Path, line: int) -> Cell:
    """Return a checked cell; the metadata are what stands behind ``# %%``."""
    bare = Cell(kind, source, path, line)
    if kind not in ("code", "markdown"):
        raise bare.error(f"a {kind} cell cannot be used here.", "Make it code or [markdown].")
    garbled = metadata.get("incorrectly_encoded_metadata")
    if garbled is not None:
        raise bare.error(
            f"the metadata {garbled!r} cannot be read.",
            'Write it like task="a1_t3" role="answer", with double quotes.',
        )
    for key in metadata.keys() - _JUPYTEXT_KEYS - _KEYS:
        raise bare.error(
            f"{key}={metadata[key]!r} is not known.",
            "Behind `# %%` may stand [markdown], task, role and tags, and nothing else.",
        )
    tags = tuple(metadata.get("tags", ()))
    return replace(bare, task=_task(bare, metadata), role=_role(bare, metadata), tags=tags)


def _task(cell: Cell, metadata: Mapping[str, Any]) -> str | None:
    task = metadata.get("task")
    if task is None or isinstance(task, str):
        return task
    raise cell.error(f"task={task!r} is not a task id.", 'Write it like task="a1_t3".')


def _role(cell: Cell, metadata: Mapping[str, Any]) -> Role | None:
    role = metadata.get("role")
    if role is None or role in list(Role):
        return Role(role) if role else None
    raise cell.error(f"the role {role!r} is not known.", f"The roles are {', '.join(Role)}.")
