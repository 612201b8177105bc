"""Finds in a page what would run, load or cover something, with the parser browsers use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bleach._vendor import html5lib  # type: ignore[import-untyped]

_ACTIVE = {
    "applet", "base", "button", "embed", "form", "frame", "frameset", "iframe", "input", "link",
    "math", "meta", "noscript", "object", "portal", "script", "style", "svg", "textarea", "title",
}  # fmt: skip
_LINKS = {"href", "src", "action", "formaction", "data", "poster", "background", "srcset"}
_SCHEME = re.compile(r"javascript:|vbscript:|data:(?!image/)", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]")  # browsers pass over these in an address
_LOADING = {"src", "srcset", "poster", "background", "data"}
_COVERS = re.compile(r"position\s*:|url\s*\(|expression", re.IGNORECASE)
_Element = tuple[str, tuple[tuple[str, str], ...], str]


def active_parts(page: str, honest: str) -> Iterator[str]:
    """Yield what is active in a page and not in the page of an honest submission.

    Parameters
    ----------
    page
        Feedback on an attack, as HTML.
    honest
        Feedback on an honest submission: what nbgrader's own template holds is no finding.
    """
    known = set(_elements(honest))
    known_attributes = {attributes for _, attributes, _ in known}
    for element in _elements(page):
        name, attributes, text = element
        if element in known:
            continue
        if name in _ACTIVE and (name, text) not in {(n, t) for n, _, t in known}:
            yield f"<{name}> {text[:60]!r}"
        if attributes not in known_attributes:
            yield from (f"<{name} {flaw}>" for flaw in _flaws(attributes))


def _flaws(attributes: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, value in attributes:
        if (
            name.startswith("on")
            or name in {"srcdoc", "http-equiv"}
            or (name in _LINKS and _SCHEME.match(_IGNORED.sub("", value)))
            or (name in _LOADING and "//" in value.split("data:image/")[0])
            or (name == "style" and _COVERS.search(value))
        ):
            yield f"{name}={value[:60]!r}"


def _elements(page: str) -> Iterator[_Element]:
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    own_title = tree.find("head/title")  # text that no browser runs, and it names the notebook
    for item in tree.iter():
        if isinstance(item.tag, str) and item is not own_title:
            name = item.tag.rpartition("}")[2].lower()
            attributes = tuple(sorted((str(key), str(value)) for key, value in item.attrib.items()))
            yield name, attributes, item.text or ""
