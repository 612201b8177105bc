"""nbgrader's check of its own metadata, done once for cells that are alike."""

from __future__ import annotations

import json
from typing import ClassVar

from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import checkcellmetadata

_MOST_KNOWN = 10_000


class CheckCellMetadata(checkcellmetadata.CheckCellMetadata):  # type: ignore[misc]  # no types
    """A ``CheckCellMetadata`` that remembers what was valid.

    The cells of a class differ in their text and hardly ever in their metadata, whose check
    against a JSON schema takes nbgrader a tenth of all its time.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, object]
    ) -> tuple[NotebookNode, dict[str, object]]:
        """Check one notebook; what nbgrader raises is raised here too."""
        if not _Remembering.covers(nb):
            super().preprocess(nb, resources)
            _Remembering.learn(nb)
        else:
            _Remembering().validate_nb(nb)
        return nb, resources


class _Remembering(MetadataValidator):  # type: ignore[misc]  # nbgrader has no types
    """Looks at the notebook as a whole; its cells are known to be valid one by one."""

    known: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        """Leave the schema unread: no cell is checked against it."""

    @classmethod
    def covers(cls, nb: NotebookNode) -> bool:
        return all(_key(cell) in cls.known for cell in nb["cells"])

    @classmethod
    def learn(cls, nb: NotebookNode) -> None:
        if len(cls.known) > _MOST_KNOWN:
            cls.known.clear()
        cls.known.update(map(_key, nb["cells"]))

    def validate_cell(self, cell: NotebookNode) -> None:
        """Take a cell's validity for granted."""


def _key(cell: NotebookNode) -> str:
    return json.dumps([cell["cell_type"], cell["metadata"].get("nbgrader")], sort_keys=True)
