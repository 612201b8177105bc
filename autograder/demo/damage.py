"""Ways to hand in something other than an answer.

Each takes the path of the student's notebook and the notebook with every task solved, and
leaves at the path what is handed in. All but the untouched release leave the plots out, which
are not graded and would take most of the demo's time.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.percent import EXPLORE_TAG

Damage = Callable[[Path, NotebookNode], None]

SCRIPT = "<script>document.title = 'taken over'</script>"
"""Planted in Markdown and in outputs; it must not reach a feedback page as it is."""

_KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
_ENDLESS = "while True:\n    pass"
_FLOOD = 'for _ in range(50):\n    print("x" * 1_000_000)'


def save(path: Path, notebook: NotebookNode) -> None:
    """Hand a notebook in as it is."""
    path.write_text(json.dumps(notebook), encoding="utf-8")


def changed(change: Callable[[NotebookNode], None]) -> Damage:
    """Return the damage of saving the solved notebook with something changed."""

    def damage(path: Path, solved: NotebookNode) -> None:
        notebook = _without_plots(solved)
        change(notebook)
        save(path, notebook)

    return damage


def not_json(path: Path, solved: NotebookNode) -> None:
    """Half of a notebook, as after a full disk."""
    text = json.dumps(solved)
    path.write_text(text[: len(text) // 2], encoding="utf-8")


def old_format(path: Path, solved: NotebookNode) -> None:
    """A notebook of nbformat 3."""
    sheet = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "1"}]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    path.write_text(json.dumps(old), encoding="utf-8")


def missing(path: Path, solved: NotebookNode) -> None:
    """No notebook at all."""
    path.unlink()


def untouched(path: Path, solved: NotebookNode) -> None:
    """The release as it was fetched."""


def unchanged(path: Path, solved: NotebookNode) -> None:
    """Nothing but right answers."""
    save(path, _without_plots(solved))


def odd_file_name(path: Path, solved: NotebookNode) -> None:
    """A file beside the notebook whose name is not UTF-8."""
    unchanged(path, solved)
    name = os.fsencode(path.parent) + b"/caf\xe9.txt"
    Path(os.fsdecode(name)).write_text("coffee", encoding="utf-8")


def foreign_kernel() -> Damage:
    """A notebook that asks for R."""

    def change(notebook: NotebookNode) -> None:
        notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
        notebook["metadata"]["language_info"] = {"name": "R"}

    return changed(change)


def deleted(grade_id: str) -> Damage:
    """A graded cell is gone."""
    return changed(lambda notebook: notebook["cells"].remove(_cell(notebook, grade_id)))


def duplicated(grade_id: str) -> Damage:
    """A graded cell was copied and pasted, as ends a stock batch."""

    def change(notebook: NotebookNode) -> None:
        pasted = copy.deepcopy(_cell(notebook, grade_id))
        pasted["id"] = "pasted"
        notebook["cells"].append(pasted)

    return changed(change)


def retyped(grade_id: str) -> Damage:
    """A graded code cell was made Markdown."""

    def change(notebook: NotebookNode) -> None:
        cell = _cell(notebook, grade_id)
        cell["cell_type"] = "markdown"
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)

    return changed(change)


def worth(grade_id: str, points: float) -> Damage:
    """The metadata say that a cell is worth more."""

    def change(notebook: NotebookNode) -> None:
        _cell(notebook, grade_id)["metadata"]["nbgrader"]["points"] = points

    return changed(change)


def endless(grade_id: str) -> Damage:
    """An answer cell that never ends, and never comes to the answer."""
    return _preceded(grade_id, _ENDLESS)


def killing(grade_id: str) -> Damage:
    """An answer cell that ends its own process."""
    return _preceded(grade_id, _KILL)


def flooding(grade_id: str) -> Damage:
    """An answer cell that prints 50 MB."""
    return _preceded(grade_id, _FLOOD)


def scripted() -> Damage:
    """Markup that would run in a marker's browser, in Markdown and in an output."""

    def change(notebook: NotebookNode) -> None:
        show = f"from IPython.display import HTML\nHTML({SCRIPT!r})"
        notebook["cells"] += [
            nbformat.v4.new_markdown_cell(f"My notes {SCRIPT}"),
            nbformat.v4.new_code_cell(show),
        ]

    return changed(change)


def _preceded(grade_id: str, code: str) -> Damage:
    def change(notebook: NotebookNode) -> None:
        cell = _cell(notebook, grade_id)
        cell["source"] = f"{code}\n\n{cell['source']}"

    return changed(change)


def _without_plots(solved: NotebookNode) -> NotebookNode:
    notebook = copy.deepcopy(solved)
    notebook["cells"] = [
        cell for cell in notebook["cells"] if EXPLORE_TAG not in cell["metadata"].get("tags", [])
    ]
    return notebook


def _cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    cells: list[NotebookNode] = notebook["cells"]
    return next(
        cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
