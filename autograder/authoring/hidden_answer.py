"""An answer cell of the instructor's notebook: the answer in sight, the stub kept behind it."""

from __future__ import annotations

from nbformat import NotebookNode

DELIMITER_WORDS = ("BEGIN SOLUTION", "END SOLUTION")

# nbgrader's own delimiters, so that without RestoreStubs the answer is not released either.
_DELIMITERS = {
    "code": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "markdown": ("<!-- BEGIN SOLUTION -->", "<!-- END SOLUTION -->"),
}
_METADATA_KEY = "autograder"


def hide_stub(cell: NotebookNode, answer: str) -> None:
    """Put ``answer`` into a solution cell, and the cell's stub into its metadata."""
    begin, end = _DELIMITERS[cell.cell_type]
    cell.metadata[_METADATA_KEY] = {"stub": cell.source}
    cell.source = f"{begin}\n{answer}\n{end}"


def restore_stub(cell: NotebookNode) -> bool:
    """Undo :func:`hide_stub`; return False if the cell holds no stub."""
    hidden = cell.metadata.pop(_METADATA_KEY, None)
    if hidden is None:
        return False
    cell.source = hidden["stub"]
    return True
