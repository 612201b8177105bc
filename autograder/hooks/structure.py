"""What the instructor's notebook holds: its cells as the gradebook knows them.

The gradebook decides what a cell is worth and what it says. The released notebook, where
there is one, only adds the order and the text in between, which no gradebook keeps.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SCHEMA_VERSION

from autograder.hooks.reading import DamagedError, read_notebook
from autograder.hooks.record import Record

_RELEASE_LIMIT = 64 << 20


@dataclass(frozen=True)
class KnownCell:
    """One cell of the gradebook: nbgrader's flags, and the text it was released with."""

    name: str
    cell_type: str
    source: str
    checksum: str | None
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def is_written(self) -> bool:
        """Whether a person marks what the student wrote into the cell itself."""
        return self.grade and self.solution

    @property
    def is_answer(self) -> bool:
        """Whether the cell is the student's alone: it carries no points and is not locked."""
        return self.solution and not self.grade

    def metadata(self) -> dict[str, Any]:
        """Return nbgrader's metadata of the cell as released."""
        metadata: dict[str, Any] = {
            "cell_type": self.cell_type,
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": SCHEMA_VERSION,
            "solution": self.solution,
            "task": self.task,
        }
        if self.checksum is not None:
            metadata["checksum"] = self.checksum
        if self.points is not None:
            metadata["points"] = self.points
        return metadata

    def to_cell(self) -> NotebookNode:
        """Return the cell as released."""
        new = getattr(nbformat.v4, f"new_{self.cell_type}_cell")
        cell: NotebookNode = new(self.source, metadata={"nbgrader": self.metadata()})
        cell["id"] = f"restored-{self.name}"[:64]
        return cell


def load_known(gradebook: Gradebook, notebook: str, assignment: str) -> dict[str, KnownCell]:
    """Return the cells that the gradebook holds of a notebook, by their ids."""
    entry = gradebook.find_notebook(notebook, assignment)
    grades = {cell.name: cell.max_score for cell in entry.grade_cells}
    tasks = {cell.name: cell.max_score for cell in entry.task_cells}
    solutions = {cell.name for cell in entry.solution_cells}
    return {
        cell.name: KnownCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            locked=cell.locked,
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points={**tasks, **grades}.get(cell.name),
        )
        for cell in entry.source_cells
    }


def read_release(coursedir: CourseDirectory, notebook: str, assignment: str) -> NotebookNode | None:
    """Return the notebook as released, if there is one to be read."""
    folder = coursedir.format_path(coursedir.release_directory, ".", assignment)
    path = Path(folder) / f"{notebook}.ipynb"
    try:
        known = path.stat()
        return copy.deepcopy(_read_once(path, known.st_mtime_ns, known.st_size))
    except (DamagedError, OSError):
        return None


@functools.lru_cache(maxsize=8)
def _read_once(path: Path, mtime_ns: int, size: int) -> NotebookNode:
    return read_notebook(path, _RELEASE_LIMIT)


def reading_order(known: Mapping[str, KnownCell], release: NotebookNode | None) -> list[str]:
    """Return the ids in the order of the notebook; without a release, of the gradebook."""
    cells = release["cells"] if release is not None else []
    released = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    first = [name for name in released if name in known]
    return list(dict.fromkeys([*first, *known]))


def substitute(
    reason: str, known: Mapping[str, KnownCell], release: NotebookNode | None
) -> NotebookNode:
    """Return a notebook to stand for one that cannot be read: as released, with the reason."""
    nb = nbformat.v4.new_notebook()
    if release is not None:
        nb["metadata"], nb["cells"] = release["metadata"], release["cells"]
    else:
        nb["cells"] = [cell.to_cell() for cell in known.values()]
    text = f"**This notebook was not graded.** {reason}"
    nb["cells"].insert(0, nbformat.v4.new_markdown_cell(text, id="autograder-not-graded"))
    Record(nb).damaged = reason
    return nb
