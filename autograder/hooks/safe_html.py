"""Cleans HTML that a student may have written, before any browser sees it.

A list of what is allowed, applied by bleach, which parses as browsers do. What is not
allowed is shown as text, so that a person sees what was tried.
"""

from __future__ import annotations

import functools
import html
import logging
import re
from collections import Counter

from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from bleach.sanitizer import Cleaner  # type: ignore[import-untyped]

log = logging.getLogger(__name__)

LONGEST = 100_000
"""Characters that are cleaned, not counting images; the start of longer HTML is shown as text."""
DEEPEST = 100
"""Elements inside elements; the time to clean grows with the square of it."""
MOST_ATTRIBUTES = 100

_ELEMENTS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike "
    "strong sub summary sup table tbody td tfoot th thead tr tt u ul var"
)
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_CLASSES = re.compile(
    r"highlight|dataframe|anchor-link|table|table-condensed|alert|alert-(success|danger|warning)|text-(success|danger|muted)"
    r"|[a-z][a-z0-9]{0,2}"  # pygments
)
_COUNTS = {"colspan", "rowspan", "width", "height", "start", "span"}
_LINKED = {"", "http", "https", "mailto"}
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_SHORT = 2_000
_NAME = re.compile(r"(/?)([A-Za-z0-9]*)")
_NEVER_CLOSED = {"br", "col", "hr", "img", "input", "li", "p", "td", "th", "tr", "wbr"}
_STYLE_ELEMENT = re.compile(r"<style\b.*?(</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def clean_html(source: str | bytes) -> str:
    """Return HTML in which nothing runs, loads from elsewhere or leaves its place.

    Parameters
    ----------
    source
        HTML of unknown origin.
    """
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source)
    # Tables of data frames bring a style sheet; as text it would only be noise.
    text = _STYLE_ELEMENT.sub("", text)
    if _is_costly(text):
        return as_short_text(text)
    try:
        return str(_cleaner().clean(text))
    except Exception:  # made to break the parser
        log.warning("HTML that could not be parsed is shown as text", exc_info=True)
        return as_short_text(text)


def as_short_text(source: str) -> str:
    """Return the beginning of something that is not shown as it was meant."""
    cut = source if len(source) <= _SHORT else f"{source[:_SHORT]} …"
    return f"<pre>{html.escape(cut)}</pre>"


@functools.cache
def _cleaner() -> Cleaner:
    return Cleaner(
        tags=_ELEMENTS.split(),
        attributes=_is_allowed,
        protocols={*_LINKED, "data"},
        css_sanitizer=CSSSanitizer(
            allowed_css_properties=["color", "font-style", "font-weight", "text-align"]
        ),
    )


def _is_allowed(tag: str, name: str, value: str) -> bool:
    """Whether an element may have an attribute with this value."""
    if name == "class":
        return all(_CLASSES.fullmatch(part) for part in value.split())
    if name == "id":  # links inside the notebook lead to headings; other ids could clash
        return tag in _HEADINGS
    if name == "href":
        return tag == "a" and _scheme(value) in _LINKED
    if name == "src":
        return tag == "img" and (_IMAGE.fullmatch(value) is not None or _is_beside(value))
    if name in _COUNTS:
        return value.isascii() and value.isdigit()
    return name in {"alt", "title", "scope", "align", "style", "border"}


def _scheme(url: str) -> str:
    """Return the scheme that a browser, which passes over white space, reads in a URL."""
    text = re.sub(r"[\s\x00-\x20\x7f-\xa0`]", "", html.unescape(url)).lower()
    found = re.match(r"([a-z][a-z0-9+.-]*):", text)
    return found[1] if found else ""


def _is_beside(url: str) -> bool:
    """Whether a URL names a file beside the page: no host, no other folder, no command."""
    return re.fullmatch(r"[\w-][\w./ %-]*", url) is not None and ".." not in url


def _is_costly(text: str) -> bool:
    """Whether HTML was made, or has grown, so that cleaning it would take minutes."""
    if len(_IMAGE.sub("", text)) > LONGEST:
        return True
    open_elements: Counter[str] = Counter()
    for tag in text.split("<")[1:]:
        if len(tag.split(">", 1)[0].split()) > MOST_ATTRIBUTES:
            return True
        closing, name = _NAME.match(tag).groups()  # type: ignore[union-attr]  # always matches
        if closing and open_elements[name.lower()]:
            open_elements[name.lower()] -= 1
        elif name and not closing and name.lower() not in _NEVER_CLOSED:
            open_elements[name.lower()] += 1
            if open_elements.total() > DEEPEST:
                return True
    return False
