"""Makes submissions safe to look at, in the feedback and in formgrader.

nbgrader's templates escape neither names nor Markdown. Both pages are made by nbconvert's
``HTMLExporter``, whose filters and preprocessors can be named in the configuration.
"""

from __future__ import annotations

from html import escape
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode

from autograder.hooks.outputs import clean_notebook
from autograder.hooks.safe_html import clean_html

# Some text takes time that grows with the square of its length: a line of 20,000
# asterisks keeps the highlighter busy for six seconds.
LONGEST_SOURCE = 20_000
LONGEST_LINE_OF_CODE = 2_000
MOST_CHARACTERS = 400_000
_CUT = " … (cut here: too long to show)"


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
    text = _cut(source or "", LONGEST_SOURCE)
    cell = context.get("cell") or {}
    renderer = IPythonRenderer(
        escape=False, attachments=cell.get("attachments", {}), exclude_anchor_links=True
    )
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(text)
    except Exception:  # an attachment that is not there, or text made to break the parser
        rendered = f"<pre>{escape(text)}</pre>"
    return clean_html(rendered)


class CleanCells(Preprocessor):  # type: ignore[misc]  # nbconvert has no types
    """Cleans and shortens what the templates would put into the page as it stands."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Clean one notebook, which a person may have run again since it was graded."""
        nb["metadata"].pop("widgets", None)
        clean_notebook(nb)
        left = MOST_CHARACTERS
        for cell in nb["cells"]:
            cell["source"] = _cut(cell["source"], min(LONGEST_SOURCE, max(left, 0)))
            left -= len(cell["source"])
            if cell["cell_type"] == "code":
                lines = cell["source"].split("\n")
                cell["source"] = "\n".join(_cut(line, LONGEST_LINE_OF_CODE) for line in lines)
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


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + _CUT
