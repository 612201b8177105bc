"""Putting the stubs back when nbgrader makes the release.

Stock nbgrader replaces an answer by the same two lines everywhere. :class:`RestoreStubs`
takes its place in ``GenerateAssignment.preprocessors`` and puts back what the stub notebook
says, which the build keeps in the metadata of each answer cell.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.authoring.hidden_answer import restore_stub


class RestoreStubs(ClearSolutions):  # type: ignore[misc]  # nbgrader has no types
    """A ``ClearSolutions`` that puts back the stub a cell keeps in its metadata.

    Cells without one are handled as stock nbgrader handles them.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Restore one cell; its metadata no longer holds the stub afterwards."""
        if not restore_stub(cell):
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
        return cell, resources
