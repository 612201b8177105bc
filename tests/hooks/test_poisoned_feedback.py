"""Nothing a student wrote runs, loads or hides anything in the pages nbgrader makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbgrader
import pytest
from bleach._vendor import html5lib  # parses as browsers do
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from autograder.hooks import configure

from .conftest import Batch
from .poison import MARKDOWN, PNG

Feedback = Callable[[str], str]
INERT = {"class", "id", "href", "name", "alt", "title", "style", "src", "width", "height", "lang"}
ACTIVE = "applet base button embed form iframe input link math noscript object svg textarea"


def elements(page: str) -> list[tuple[str, dict[str, str], str]]:
    """Return every element as a browser sees it: its name, attributes and text."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    return [
        (str(item.tag), dict(item.attrib), item.text or "")
        for item in tree.iter()
        if isinstance(item.tag, str)
    ]


def assert_harmless(page: str, honest: str) -> None:
    """Demand that a page holds nothing active which the honest page does not hold too."""
    known = {(tag, text) for tag, _, text in elements(honest)}
    allowed = {tuple(sorted(attributes.items())) for _, attributes, _ in elements(honest)}
    found = elements(page)
    assert len(found) > 50
    for tag, attributes, text in found:
        assert tag not in ACTIVE.split(), tag
        if tag in {"script", "style", "meta", "title"}:
            assert (tag, text) in known, text[:200]
        if tuple(sorted(attributes.items())) in allowed:
            continue
        for name, value in attributes.items():
            assert name in INERT | {"colspan", "rowspan", "border", "align"}, (tag, name)
            assert not re.match(r"[\s\x00-\x20]*(javascript|vbscript|data:(?!image/))", value, re.I)
            assert "evil.example" not in value or name in {"title", "alt"}
            assert "url(" not in value
            assert "position" not in value


def test_poisoned_feedback_is_inert(feedback: Feedback) -> None:
    assert_harmless(feedback("poison"), feedback("ada"))


def test_the_demand_is_one_that_raw_markup_fails(feedback: Feedback) -> None:
    honest = feedback("ada")
    for line in filter(None, MARKDOWN.splitlines()):
        if re.search(r"<\w", line) and "details" not in line:
            with pytest.raises(AssertionError):
                assert_harmless(honest.replace("</h1>", f"</h1>{line}"), honest)


def test_poison_is_shown_as_text(feedback: Feedback) -> None:
    text = BeautifulSoup(feedback("poison"), "html.parser").get_text()
    for number in (1, 3, 4, 12, 13, 14):
        assert f"alert({number})" in text, number
    assert 'alert("md")' in text


def test_second_parser_finds_no_handlers_either(feedback: Feedback) -> None:
    soup = BeautifulSoup(feedback("poison"), "html.parser")
    assert not [tag for tag in soup.find_all(True) if any(n.startswith("on") for n in tag.attrs)]
    scripts = [str(tag) for tag in soup.find_all("script")]
    assert scripts == [
        str(tag) for tag in BeautifulSoup(feedback("ada"), "html.parser").find_all("script")
    ]


def test_ids_of_the_page_are_not_taken(feedback: Feedback) -> None:
    pages = [BeautifulSoup(feedback(name), "html.parser") for name in ("ada", "poison")]
    honest, poisoned = (len(page.find_all(id="notebook")) for page in pages)
    assert honest == poisoned >= 1


def test_pictures_and_tables_survive(feedback: Feedback) -> None:
    soup = BeautifulSoup(feedback("poison"), "html.parser")
    pictures = [tag for tag in soup.find_all("img") if tag.get("src", "").endswith(PNG)]
    assert len(pictures) == 2
    assert not any(tag.get("width") for tag in pictures)
    assert [tag.text for tag in soup.find_all("td") if tag.text == "honest table"]
    assert soup.find_all("img", src=re.compile("^data:image/svg"))  # in an <img> nothing runs


def test_report_and_comment_survive(feedback: Feedback) -> None:
    soup = BeautifulSoup(feedback("poison"), "html.parser")
    table = next(tag for tag in soup.find_all("table") if "double is twice" in tag.text)
    assert "0 of 2" in table.text.replace("\xa0", " ")
    assert "expected" in table.text
    comments = [tag.text for tag in soup.find_all(class_="panel-footer")]
    assert any("0 of 3 points" in text and "alert(13)" in text for text in comments)


def test_mathjax_is_loaded_with_its_safe_extension(feedback: Feedback) -> None:
    sources = [
        attributes.get("src", "")
        for tag, attributes, _ in elements(feedback("poison"))
        if tag == "script"
    ]
    formulas = [source for source in sources if "mathjax" in source.lower()]
    assert formulas
    assert all("Safe" in source for source in formulas)


def test_prose_of_the_instructor_keeps_its_markup(feedback: Feedback) -> None:
    soup = BeautifulSoup(feedback("ada"), "html.parser")
    assert soup.find("details") is not None
    assert soup.find("h1", string="Lab") is not None


@pytest.fixture
def formgrader_page(batch: Batch) -> Callable[[str], str]:
    """Return the page on which a teaching assistant marks a submission."""
    config = Config()
    configure(config)
    config.HTMLExporter.template_name = "formgrade"
    templates = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
    config.HTMLExporter.extra_template_basedirs = [str(templates)]
    resources: dict[str, Any] = {"index": 0, "total": 1, "base_url": ""}

    def render(student: str) -> str:
        path = batch.course.root / "autograded" / student / "lab/lab.ipynb"
        page, _ = HTMLExporter(config=config).from_filename(str(path), resources=dict(resources))
        return str(page)

    return render


def test_poison_is_inert_in_formgrader(formgrader_page: Callable[[str], str]) -> None:
    page, honest = formgrader_page("poison"), formgrader_page("ada")
    soup, clean = (BeautifulSoup(text, "html.parser") for text in (page, honest))
    for name in ("script", "style", "iframe", "form", "object", "svg", "base", "meta", "link"):
        assert len(soup.find_all(name)) == len(clean.find_all(name)), name
    handlers = [
        {
            str(value)
            for tag in each.find_all(True)
            for key, value in tag.attrs.items()
            if key.startswith("on")
        }
        for each in (soup, clean)
    ]
    assert handlers[0] == handlers[1]
    assert "javascript:" not in "".join(str(tag.get("href")) for tag in soup.find_all("a")).lower()
