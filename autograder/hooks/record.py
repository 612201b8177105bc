"""What the first pass over a notebook tells the second, kept in the notebook's metadata.

nbgrader converts a submission twice, through a file in between: once to repair it, once
to grade it. The record also stays in ``autograded/``, for a person to read.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

KEY = "autograder"


class Record:
    """The notes on one notebook; changes are written to its metadata at once.

    Parameters
    ----------
    nb
        The notebook. The reader has removed whatever a student wrote under the key.
    """

    def __init__(self, nb: NotebookNode) -> None:
        self._data: dict[str, Any] = nb["metadata"].setdefault(KEY, NotebookNode())

    @property
    def damaged(self) -> str:
        """Why the notebook could not be read; empty if it could."""
        return str(self._data.get("damaged", ""))

    @damaged.setter
    def damaged(self, reason: str) -> None:
        self._data["damaged"] = reason

    @property
    def restored(self) -> list[str]:
        """Ids of the cells that the student had deleted."""
        return list(self._data.get("restored", []))

    def restore(self, grade_id: str) -> None:
        """Record that a deleted cell was put back."""
        self._data["restored"] = [*self.restored, grade_id]

    @property
    def notes(self) -> list[str]:
        """Every note, in the order they were made."""
        return [text for texts in self._notes.values() for text in texts]

    def notes_on(self, grade_id: str) -> list[str]:
        """Return the notes on one cell; those on the whole notebook have the id ``""``."""
        return list(self._notes.get(grade_id, []))

    def note(self, text: str, grade_id: str = "") -> None:
        """Add a note for people, about one cell or about the whole notebook."""
        self._data["notes"] = {**self._notes, grade_id: [*self.notes_on(grade_id), text]}

    @property
    def _notes(self) -> dict[str, list[str]]:
        notes: dict[str, list[str]] = self._data.get("notes", {})
        return notes
