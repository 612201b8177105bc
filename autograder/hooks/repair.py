"""Puts the instructor's cells back into a submitted notebook, and notes what it found.

It runs before nbgrader's own steps, which stop at a notebook that they do not expect:
one test cell that was copied and pasted ends a whole batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.hooks.record import Record
from autograder.hooks.structure import KnownCell, load_known, read_release, reading_order

_FLAGS = ("grade", "solution", "task", "locked")


class RepairCells(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Makes every cell of the gradebook occur once, as the gradebook says.

    What students may edit, the text of answers, is never changed. An answer that was
    deleted stays missing. In a classic assignment so does a test cell, unless the course sets
    ``c.OverwriteCells.add_missing_cells``: a person decides, as in plain nbgrader.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Repair one notebook."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            known = load_known(gradebook, names["notebook"], names["assignment"])
            kernelspec = gradebook.find_notebook(names["notebook"], names["assignment"]).kernelspec
        coursedir = self.parent.parent.coursedir
        release = read_release(coursedir, names["notebook"], names["assignment"])
        repair = _Repair(nb, known, reading_order(known, release))
        if self.parent.is_classic:
            repair.known_cells()
        else:
            repair.language(json.loads(kernelspec or "{}"))
            repair.cells()
        return nb, resources


class _Repair:
    """The repair of one notebook."""

    def __init__(self, nb: NotebookNode, known: dict[str, KnownCell], order: list[str]) -> None:
        self._nb = nb
        self._known = known
        self._order = order
        self._record = Record(nb)

    def language(self, kernelspec: dict[str, Any]) -> None:
        """Note another language than the course's; nbgrader sets the kernel right."""
        metadata = self._nb["metadata"]
        asked = metadata.get("kernelspec", {}).get("language")
        asked = asked or metadata.get("language_info", {}).get("name")
        language = kernelspec.get("language", "python")
        if asked and asked.lower() != language.lower():
            self._record.note(
                f"The notebook asked for the language {asked[:40]}; "
                f"this course runs every notebook with {language}."
            )
        metadata["language_info"] = NotebookNode(name=language)

    def known_cells(self) -> None:
        """Restore flags and texts, and leave one cell of each id."""
        self._drop_duplicates()
        for cell in self._nb["cells"]:
            if _id(cell) in self._known:
                self._restore(cell, self._known[_id(cell)])

    def cells(self) -> None:
        """Restore flags and texts, leave one cell of each id, add what is missing."""
        self._drop_unknown()
        self.known_cells()
        for name in self._order:
            self._add_if_missing(self._known[name])

    def _drop_unknown(self) -> None:
        """Take nbgrader's metadata from cells that the gradebook does not hold."""
        for number, cell in enumerate(self._nb["cells"], start=1):
            claimed = cell["metadata"].get("nbgrader", {})
            if "nbgrader" not in cell["metadata"] or _id(cell) in self._known:
                continue
            if any(claimed.get(flag) for flag in _FLAGS):
                self._record.note(
                    f"Cell {number} said that it is a graded cell, but this notebook has no such "
                    "cell; it was treated as an ordinary one."
                )
            del cell["metadata"]["nbgrader"]

    def _drop_duplicates(self) -> None:
        """Leave the id with one of several cells; all of them are still run."""
        copies = defaultdict(list)
        for cell in self._nb["cells"]:
            if _id(cell) in self._known:
                copies[_id(cell)].append(cell)
        for name, cells in copies.items():
            # The last, as nbgrader does; but of answers the last that was worked on.
            released = self._known[name].source.strip()
            changed = [cell for cell in cells if cell["source"].strip() != released]
            kept = changed[-1] if changed and self._known[name].solution else cells[-1]
            for cell in cells:
                if cell is not kept:
                    del cell["metadata"]["nbgrader"]
            if len(cells) > 1:
                self._record.note(f"The cell {name} was there {len(cells)} times.", name)

    def _restore(self, cell: NotebookNode, known: KnownCell) -> None:
        """Make a cell what the gradebook says, and note each difference."""
        self._note_claims(cell["metadata"]["nbgrader"], known)
        cell["metadata"]["nbgrader"] = NotebookNode(known.metadata())
        if cell["cell_type"] != known.cell_type:
            self._record.note(
                f"The cell {known.name} had become a {cell['cell_type']} cell; "
                f"it was made a {known.cell_type} cell again.",
                known.name,
            )
            _retype(cell, known.cell_type)
        if known.locked and cell["source"] != known.source:
            if cell["source"].strip() != known.source.strip():
                self._record.note(
                    f"The cell {known.name} is not for editing; its text was put back.",
                    known.name,
                )
            cell["source"] = known.source

    def _note_claims(self, claimed: dict[str, Any], known: KnownCell) -> None:
        truth = known.metadata()
        if known.points is not None and claimed.get("points", known.points) != known.points:
            self._record.note(
                f"The cell {known.name} said that it is worth {str(claimed['points'])[:20]} "
                f"points; it is worth {known.points:g}.",
                known.name,
            )
        # Not "locked", which nbgrader derives from the others.
        if any(bool(claimed.get(flag, truth[flag])) != truth[flag] for flag in _FLAGS[:3]):
            self._record.note(
                f"The cell {known.name} did not say correctly whether it is graded or an answer; "
                "that was put right.",
                known.name,
            )

    def _add_if_missing(self, known: KnownCell) -> None:
        places = {_id(cell): index for index, cell in enumerate(self._nb["cells"])}
        if known.name in places:
            return
        if known.is_answer:
            self._record.note(f"The answer cell {known.name} was deleted.", known.name)
            return
        self._nb["cells"].insert(self._place(known.name, places), known.to_cell())
        self._record.restore(known.name)
        self._record.note(f"The cell {known.name} was deleted; it was put back.", known.name)

    def _place(self, name: str, places: dict[str, int]) -> int:
        """Return where a cell belongs: after the one before it, or else before the next."""
        index = self._order.index(name)
        for before in reversed(self._order[:index]):
            if before in places:
                return places[before] + 1
        for after in self._order[index + 1 :]:
            if after in places:
                return places[after]
        return len(self._nb["cells"])


def _id(cell: NotebookNode) -> str:
    """Return the id a cell claims; empty if it claims none."""
    name = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else ""


def _retype(cell: NotebookNode, cell_type: str) -> None:
    cell["cell_type"] = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell["outputs"], cell["execution_count"] = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
