"""From cells to a notebook that nbgrader understands.

What nbgrader calls a *grade cell* carries points, a *solution cell* is the student's, and a
*read-only cell* is restored when a submission is graded, whatever the student made of it:

=================== ==================================== ===== ======== ======
cell                ``grade_id``                         grade solution locked
=================== ==================================== ===== ======== ======
answer              ``a1_t3_answer``                     no    yes      no
check               ``a1_t3``                            yes   no       yes
written             ``a1_t10``                           yes   yes      no
instructor's code   ``<notebook>_cell_01``, ``_02``, ... no    no       yes
prose, ``explore``  (none: the student may change them)
=================== ==================================== ===== ======== ======

Only code cells are numbered, so that prose can be corrected after the release without
changing an id that nbgrader has recorded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.authoring.percent import EXPLORE_TAG, Cell, Role
from autograder.contract import Contract

_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def to_notebook(cells: Iterable[Cell], contract: Contract) -> NotebookNode:
    """Make the notebook of these cells: the same cells always give the same notebook."""
    notebook = nbformat.v4.new_notebook(metadata=_METADATA)
    seen: Counter[str] = Counter()
    read_only = 0
    for cell in cells:
        read_only += _is_read_only(cell)
        nbgrader = _nbgrader(cell, contract, f"{contract.notebook}_cell_{read_only:02}")
        metadata: dict[str, Any] = {"nbgrader": nbgrader} if nbgrader else {}
        if cell.tags:
            metadata["tags"] = list(cell.tags)
        name = nbgrader["grade_id"] if cell.task else _content_id(cell, seen)
        new = nbformat.v4.new_code_cell if cell.kind == "code" else nbformat.v4.new_markdown_cell
        notebook.cells.append(new(cell.source, id=name, metadata=metadata))
    nbformat.validate(notebook)
    return notebook


def as_released(notebook: NotebookNode) -> NotebookNode:
    """Add the locks and checksums that ``nbgrader generate_assignment`` adds."""
    from nbgrader.preprocessors import ComputeChecksums, LockCells  # a second to import

    for preprocessor in (LockCells(), ComputeChecksums()):
        notebook, _ = preprocessor.preprocess(notebook, {})
    return notebook


def _is_read_only(cell: Cell) -> bool:
    return cell.kind == "code" and cell.task is None and EXPLORE_TAG not in cell.tags


def _nbgrader(cell: Cell, contract: Contract, read_only_id: str) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell; empty for one nbgrader does not care about."""
    if cell.task is None:
        return _flags(read_only_id, locked=True) if _is_read_only(cell) else {}
    points = contract.by_id[cell.task].points
    match cell.role:
        case Role.ANSWER:
            return _flags(f"{cell.task}_answer", solution=True)
        case Role.CHECK:
            return _flags(cell.task, grade=True, locked=True) | {"points": points}
        case _:
            return _flags(cell.task, grade=True, solution=True) | {"points": points}


def _flags(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False
) -> dict[str, Any]:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }


def _content_id(cell: Cell, seen: Counter[str]) -> str:
    """Return an id that changes only when the cell's own text does."""
    digest = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:12]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
