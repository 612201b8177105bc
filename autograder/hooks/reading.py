"""Reads a submitted notebook, whatever it holds.

The file is a stranger's: everything in it may be missing, of another type, or made to
break what comes later. What can be put right without guessing is put right and noted;
otherwise :class:`DamagedError` gives the reason in words for the student.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.hooks.files import UnreadableError, read_regular
from autograder.hooks.record import Record

MOST_CELLS = 2000
DEEPEST = 100
"""Levels of nesting: copying a deeper tree could exhaust Python's stack later."""

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_CELL_TYPES = {"code", "markdown", "raw"}


class DamagedError(Exception):
    """The notebook cannot be graded as it is; the message says why."""


def read_notebook(path: Path, limit: int) -> NotebookNode:
    """Read a notebook of at most ``limit`` bytes into nbformat 4.5, without outputs.

    Raises
    ------
    DamagedError
        If it is no ordinary file, not UTF-8, not JSON, or not a notebook of format 4.
    """
    try:
        data = read_regular(path, limit)
    except UnreadableError as error:
        raise DamagedError(f"The notebook {path.name} cannot be read: {error}.") from error
    return parse_notebook(data)


def parse_notebook(data: bytes) -> NotebookNode:
    """Turn the bytes of a file into a valid notebook.

    Raises
    ------
    DamagedError
        If they are no notebook of format 4.
    """
    document = _load(data)
    _check_format(document)
    nb = nbformat.v4.new_notebook(metadata=_notebook_metadata(document.get("metadata")))
    record = Record(nb)
    seen: set[str] = set()
    for number, raw in enumerate(_cells(document), start=1):
        if isinstance(raw, dict):
            nb.cells.append(_cell(raw, number, record, seen))
        else:
            record.note(f"Entry {number} of the notebook is not a cell; it was left out.")
    try:
        nbformat.validate(nb)
    except nbformat.ValidationError as error:
        reason = str(error).splitlines()[0][:200]
        raise DamagedError(f"The file is not a valid notebook: {reason}") from error
    return nb


def _load(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DamagedError("The file is not a notebook: its text is not UTF-8.") from error
    try:
        document = _tidy(json.loads(text), 0)
    except RecursionError as error:
        raise DamagedError("The file is nested too deeply to be a notebook.") from error
    except ValueError as error:
        raise DamagedError(f"The file is not a notebook: it is not JSON ({error}).") from error
    if not isinstance(document, dict) or "nbformat" not in document:
        raise DamagedError("The file is JSON, but not a notebook.")
    return document


def _tidy(value: Any, depth: int) -> Any:
    """Copy a tree, without halves of characters, which no file can be written with."""
    if depth > DEEPEST:
        raise DamagedError("The file is nested too deeply to be a notebook.")
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, list):
        return [_tidy(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {whole_characters(key): _tidy(item, depth + 1) for key, item in value.items()}
    return value


def whole_characters(text: str) -> str:
    """Replace unpaired surrogates, which JSON can hold and UTF-8 cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _check_format(document: dict[str, Any]) -> None:
    version = document["nbformat"]
    if version == 4 and not isinstance(version, bool):
        return
    if version in (1, 2, 3) and not isinstance(version, bool):
        raise DamagedError(
            f"The notebook was saved in notebook format {version}; open and save it in "
            "JupyterLab, then submit it again."
        )
    raise DamagedError("The file says no notebook format that this course can read.")


def _cells(document: dict[str, Any]) -> list[Any]:
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise DamagedError("The notebook has no list of cells.")
    if len(cells) > MOST_CELLS:
        raise DamagedError(f"The notebook has {len(cells)} cells, more than {MOST_CELLS}.")
    return cells


def _cell(raw: dict[str, Any], number: int, record: Record, seen: set[str]) -> NotebookNode:
    kind = raw.get("cell_type")
    if kind not in _CELL_TYPES:
        record.note(f"Cell {number} has no known type; it is shown, and not run.")
        kind = "raw"
    source = _joined(raw.get("source"))
    if source is None:
        record.note(f"Cell {number} holds no text.")
        source = ""
    # Not nbformat's own functions: each would check its cell, and the whole is checked later.
    cell = NotebookNode(
        id=_unique_id(raw.get("id"), number, seen),
        cell_type=kind,
        metadata=nbformat.from_dict(_cell_metadata(raw.get("metadata"))),
        source=source,
    )
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    attachments = raw.get("attachments")
    if kind == "markdown" and isinstance(attachments, dict):
        cell["attachments"] = nbformat.from_dict(_attachments(attachments))
    return cell


def _joined(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _cell_metadata(raw: Any) -> dict[str, Any]:
    """Keep what grading needs: nbgrader's own key and the tags."""
    kept: dict[str, Any] = {}
    if isinstance(raw, dict):
        if isinstance(raw.get("nbgrader"), dict):
            kept["nbgrader"] = raw["nbgrader"]
        tags = raw.get("tags")
        if isinstance(tags, list):
            names = [tag for tag in tags if isinstance(tag, str) and re.fullmatch(r"[\w-]+", tag)]
            kept["tags"] = list(dict.fromkeys(names))
    return kept


def _notebook_metadata(raw: Any) -> dict[str, Any]:
    """Keep the kernel and the language, as far as they are what they should be."""
    kept: dict[str, Any] = {}
    for key, wanted in (("kernelspec", ("name", "display_name")), ("language_info", ("name",))):
        value = raw.get(key) if isinstance(raw, dict) else None
        if isinstance(value, dict) and all(isinstance(value.get(name), str) for name in wanted):
            names = (*wanted, "language")
            kept[key] = {name: value[name] for name in names if isinstance(value.get(name), str)}
    return kept


def _attachments(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {kind: data for kind, data in bundle.items() if isinstance(data, str)}
        for name, bundle in raw.items()
        if isinstance(bundle, dict)
    }


def _unique_id(raw: Any, number: int, seen: set[str]) -> str:
    """Keep a cell's id; one that is missing, malformed or taken is made from its place."""
    chosen = raw if isinstance(raw, str) and _CELL_ID.fullmatch(raw) else f"cell-{number}"
    for attempt in itertools.count(1):
        if chosen not in seen:
            break
        chosen = f"cell-{number}-{attempt}"
    seen.add(chosen)
    return chosen
