"""Makes submissions safe to look at, in the feedback and in formgrader.

nbgrader's templates escape neither names nor Markdown. Both pages are made by nbconvert's
``HTMLExporter``, whose filters and preprocessors can be named in the configuration.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.hooks.reading import whole_characters
from autograder.hooks.safe_html import clean_html

LONGEST_MARKDOWN = 200_000
"""Characters; some Markdown takes quadratic time."""

_SHOWN = {
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",  # the template puts it into an <img>, in which nothing runs
}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_BASE64_KINDS = {"image/png", "image/jpeg"}


@pass_context
def markdown2html(context: Context, source: str | None) -> str:
    """Render Markdown as nbconvert does, and clean the result.

    Parameters
    ----------
    context
        The template's variables; the cell may hold attached images.
    source
        Markdown of unknown origin.
    """
    text = source or ""
    if len(text) > LONGEST_MARKDOWN:
        return clean_html(f"<pre>{escape(text)}</pre>")
    cell = context.get("cell") or {}
    renderer = IPythonRenderer(
        escape=False, attachments=cell.get("attachments", {}), exclude_anchor_links=True
    )
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # an attachment that is not there, or text made to break the parser
        rendered = f"<pre>{escape(text)}</pre>"
    return clean_html(rendered)


def clean_outputs(cell: NotebookNode) -> None:
    """Leave only outputs that are safe to show; what would run or load is dropped."""
    if cell["cell_type"] != "code":
        return
    for output in cell["outputs"]:
        for key in ("text", "ename", "evalue"):
            if key in output:
                output[key] = whole_characters(_joined(output[key]))
        if "traceback" in output:
            output["traceback"] = [whole_characters(line) for line in output["traceback"]]
        if "data" in output:
            output["data"] = _clean_data(output["data"])
            output["metadata"] = _clean_metadata(output.get("metadata", {}))
    cell["outputs"] = [output for output in cell["outputs"] if output.get("data", True)]


def _clean_data(data: dict[str, Any]) -> NotebookNode:
    kept = NotebookNode()
    for kind, value in data.items():
        text = whole_characters(_joined(value))
        if kind not in _SHOWN or (kind in _BASE64_KINDS and not _BASE64.fullmatch(text)):
            continue
        kept[kind] = clean_html(text) if kind == "text/html" else text
    return kept


def _clean_metadata(metadata: dict[str, Any]) -> NotebookNode:
    """Keep the sizes of images: the template writes them into the page unquoted."""
    kept = NotebookNode()
    for kind in _BASE64_KINDS & metadata.keys():
        sizes = metadata[kind] if isinstance(metadata[kind], dict) else {}
        names = [name for name in ("width", "height") if _is_number(sizes.get(name))]
        kept[kind] = NotebookNode({name: sizes[name] for name in names})
    return kept


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


class CleanCells(Preprocessor):  # type: ignore[misc]  # nbconvert has no types
    """Cleans what the templates would put into the page as it stands."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clean one notebook, which a person may have run again since it was graded."""
        nb["metadata"].pop("widgets", None)
        for cell in nb["cells"]:
            clean_outputs(cell)
        return nb, resources


class EscapeNames(Preprocessor):  # type: ignore[misc]  # nbconvert has no types
    """Escapes the notebook's name, once the grades have been looked up by it."""

    enabled = True

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Escape the name that stands in the title and the heading."""
        resources["nbgrader"]["notebook"] = escape(resources["nbgrader"]["notebook"])
        return nb, resources
