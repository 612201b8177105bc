"""Turns the messages of a running cell into the outputs of a notebook.

The rules (display updates, clearing, joining streams) are nbclient's own. The
messages come from the student's process, so each output is checked against the
notebook format before it is kept, and their size is bounded.
"""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

_KINDS = {
    "stream",
    "display_data",
    "update_display_data",
    "execute_result",
    "error",
    "clear_output",
}
_ENDINGS = {"error", "execute_result"}
"""What a cell ends with; it is kept even where too much was shown before."""


class OutputCollector:
    """Collects the outputs of the cells of one notebook.

    Parameters
    ----------
    nb
        The notebook whose cells are filled.
    limit_bytes
        How much is kept of one cell.
    """

    def __init__(self, nb: NotebookNode, limit_bytes: int) -> None:
        self._client = NotebookClient(nb)
        self._limit = limit_bytes
        self._kept = 0
        self._ended: set[str] = set()

    def begin(self, cell: NotebookNode) -> None:
        """Start a cell with no outputs."""
        cell["outputs"] = []
        cell["execution_count"] = None
        self._kept = 0
        self._ended.clear()
        self._client.clear_before_next_output = False

    def add(self, cell: NotebookNode, index: int, kind: object, content: object) -> None:
        """Take one message; what is malformed or too much is dropped."""
        if not isinstance(kind, str) or kind not in _KINDS or not isinstance(content, dict):
            return
        try:
            size = len(json.dumps(content))
        except (TypeError, ValueError, RecursionError):  # nothing that a notebook can hold
            return
        if not self._has_room(cell, kind, size):
            return
        message = {
            "msg_type": kind,
            "header": {"msg_type": kind},
            "parent_header": {"msg_id": ""},
            "content": {"transient": {}, **content},
        }
        before = list(cell["outputs"])
        try:
            self._client.process_message(message, cell, index)
            for output in cell["outputs"][-1:]:
                nbformat.validate(output, ref="output", version=4)
        except Exception:  # forged or malformed: display only, never evidence
            cell["outputs"] = before

    def _has_room(self, cell: NotebookNode, kind: str, size: int) -> bool:
        """Whether a message is kept; where the limit is passed, a note says so, once."""
        was_cut = self._kept > self._limit
        self._kept += 0 if was_cut else size
        is_cut = self._kept > self._limit
        if is_cut and not was_cut:
            cell["outputs"].append(self._cut_note())
        is_first_ending = kind in _ENDINGS and kind not in self._ended and size <= self._limit
        if is_first_ending:
            self._ended.add(kind)
        return not is_cut or is_first_ending

    def finish(self, cell: NotebookNode) -> None:
        """Join neighbouring pieces of one stream."""
        joined: list[NotebookNode] = []
        for output in cell["outputs"]:
            last = joined[-1] if joined else None
            if (
                output["output_type"] == "stream"
                and last is not None
                and last.get("name") == output["name"]
            ):
                last["text"] += output["text"]
            else:
                joined.append(output)
        cell["outputs"] = joined

    def error(self, cell: NotebookNode, name: str, text: str) -> None:
        """Show an error of our own making, such as a cell that was stopped."""
        cell["outputs"].append(
            nbformat.v4.new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])
        )

    def _cut_note(self) -> Any:
        text = f"\n[the rest of this output was cut: more than {self._limit // 1024} KiB]\n"
        return nbformat.v4.new_output("stream", name="stdout", text=text)
