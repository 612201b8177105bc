"""Leaves only outputs that are safe to show, and only as many as can be shown."""

from __future__ import annotations

import re
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.hooks.reading import whole_characters
from autograder.hooks.safe_html import as_short_text, clean_html

MOST_CHARACTERS = 32_000_000
"""Of all outputs of a notebook together; a hundred large plots are a third of it."""
MOST_HTML = 500_000
"""Characters of HTML; cleaning them takes up to ten seconds."""

_SHOWN = {
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",  # the template puts it into an <img>, in which nothing runs
}
_BASE64_KINDS = {"image/png", "image/jpeg"}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def clean_notebook(nb: NotebookNode) -> None:
    """Clean the outputs of every cell; what would run or load is dropped."""
    cleaning = _Cleaning()
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = cleaning.outputs(cell["outputs"])


class _Cleaning:
    """The cleaning of one notebook, which knows what may still be shown."""

    def __init__(self) -> None:
        self._characters_left = MOST_CHARACTERS
        self._html_left = MOST_HTML

    def outputs(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """Return the outputs of one cell, cleaned."""
        kept = []
        for output in outputs:
            self._clean(output)
            self._characters_left -= len(str(output))
            if self._characters_left < 0:
                text = "[this notebook shows too much: the rest was left out]"
                kept.append(nbformat.v4.new_output("stream", name="stderr", text=text))
                break
            if output.get("data", True):
                kept.append(output)
        return kept

    def _clean(self, output: NotebookNode) -> None:
        for key in ("text", "ename", "evalue"):
            if key in output:
                output[key] = _text(output[key])
        if "traceback" in output:
            output["traceback"] = [_text(line) for line in output["traceback"]]
        if "data" in output:
            output["data"] = self._data(output["data"])
            output["metadata"] = _sizes(output.get("metadata", {}))

    def _data(self, data: dict[str, Any]) -> NotebookNode:
        kept = NotebookNode()
        for kind in _SHOWN & data.keys():
            text = _text(data[kind])
            if kind == "text/html":
                text = self._html(text)
            if kind not in _BASE64_KINDS or _BASE64.fullmatch(text):
                kept[kind] = text
        return kept

    def _html(self, text: str) -> str:
        self._html_left -= len(text)
        return clean_html(text) if self._html_left >= 0 else as_short_text(text)


def _sizes(metadata: dict[str, Any]) -> NotebookNode:
    """Keep the sizes of images: the template writes them into the page unquoted."""
    kept = NotebookNode()
    for kind in sorted(_BASE64_KINDS & metadata.keys()):
        sizes = metadata[kind] if isinstance(metadata[kind], dict) else {}
        names = [name for name in ("width", "height") if _is_number(sizes.get(name))]
        kept[kind] = NotebookNode({name: sizes[name] for name in names})
    return kept


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return whole_characters("".join(map(str, value)) if isinstance(value, list) else str(value))
