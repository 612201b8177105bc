"""The page must show everything, load nothing and run nothing."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from autograder.audit.page import render_page, write_page
from autograder.audit.report import AuditReport, Margin, MutantVerdict

from . import sample

MADE = datetime(2026, 1, 2, 3, 4)
CHROMIUM = shutil.which("chromium")
VOID = {"meta", "br"}


def page(report: AuditReport) -> BeautifulSoup:
    return BeautifulSoup(render_page(report, MADE), "html.parser")


def words(node: Tag | BeautifulSoup) -> str:
    return " ".join(node.get_text(" ").split())


def part(document: BeautifulSoup, name: str) -> Tag:
    found = document.find(id=name)
    assert isinstance(found, Tag)
    return found


def cell(document: BeautifulSoup, answer: str, test: str) -> Tag:
    """Return the square of an answer and a test: found as a reader does, by row and number."""
    for table in part(document, "answers").find_all("table"):
        numbers = {head.get("title"): at for at, head in enumerate(table.thead.find_all("th"))}
        for row in table.tbody.find_all("tr"):
            if words(row.th).removeprefix("! ") == answer and test in numbers:
                return row.find_all(["th", "td"])[numbers[test]]  # type: ignore[no-any-return]
    raise AssertionError(f"{answer} and {test} do not meet")


def test_verdict_stands_on_top() -> None:
    assert words(page(sample.bad_report()).find(class_="verdict")).startswith(  # type: ignore[arg-type]
        "✗ Failed 5 errors, 2 warnings. Tried 21 answers on 10 tests, 10 mutants, 50 repeats."
    )
    assert words(page(sample.good_report()).find(class_="verdict")).startswith("✓ Passed 0 errors")  # type: ignore[arg-type]


def test_every_finding_is_shown() -> None:
    report = sample.bad_report()
    shown = words(part(page(report), "findings"))
    for finding in report.findings:
        assert finding.where in shown
        assert " ".join(finding.problem.splitlines()[0].split("\x1b")[0].split()) in shown
        assert finding.advice in shown
    assert shown.count("Error") == 5
    assert shown.count("Warning") == 2


def test_hostile_text_stays_text() -> None:
    """Plant a script in every string of the report, whatever its name."""
    hostile = r"<script>alert(1)</script>'\\\" onload='x\u001b\u202e"
    report = AuditReport.model_validate_json(
        re.sub(
            r'"(slug|title|name|path|misconception|message|where|problem|advice|key|operator|diff'
            r"|reason|variant|test|term|conditions|site|what|note|worst_right_variant"
            r'|best_wrong_variant|tier)":"[^"]*',
            lambda match: match[0] + hostile,
            sample.bad_report().model_dump_json(),
        )
    )
    html = render_page(report, MADE)
    document = BeautifulSoup(html, "html.parser")
    assert not document.find("script")
    assert "<script" not in html
    assert not [a for tag in document.find_all(True) for a in tag.attrs if a.startswith("on")]
    assert not {"\x1b", "\u202e"} & set(html)
    assert document.get_text().count("<script>alert(1)</script>") > 100


def test_page_needs_nothing_from_elsewhere() -> None:
    html = render_page(sample.bad_report(), MADE)
    document = BeautifulSoup(html, "html.parser")
    for tag in document.find_all(True):
        assert tag.name not in {"script", "link", "img", "iframe", "object", "embed", "base"}
        assert not {"src", "srcset", "data", "action", "xlink:href"} & tag.attrs.keys()
        assert tag.get("href", "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", html)
    assert "default-src 'none'; style-src 'unsafe-inline'" in html


@pytest.mark.parametrize(
    "report",
    [sample.good_report(), sample.bad_report(), AuditReport(slug="x", title="X", tier="T1")],
)
def test_every_tag_is_closed_and_every_anchor_has_its_place(report: AuditReport) -> None:
    html = render_page(report, MADE)
    names = re.findall(r"<(/?)([a-z][a-z0-9]*)[^<>]*?(/?)>", html.split("<body>")[1])
    stack = ["body"]
    for closes, name, closed in names:
        if closes:
            if name != "html":
                assert stack.pop() == name
        elif not closed and name not in VOID:
            stack.append(name)
    assert not stack
    document = BeautifulSoup(html, "html.parser")
    ids = [tag["id"] for tag in document.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in document.find_all("a")} <= set(ids)


def test_matrix_has_every_answer_and_test() -> None:
    document = page(sample.bad_report())
    assert cell(document, "loops", sample.NAMES[0]).get_text() == "·"
    for name, task in sample.TESTS.items():
        assert cell(document, "stub", name).get_text() == "✗"
        for row in sample.bad_rows():
            if task in row.tasks:
                assert row.cells[name].outcome in str(cell(document, row.name, name)["title"])


def test_unexpected_outcome_is_visible_without_colour() -> None:
    document = page(sample.bad_report())
    unfair = cell(document, "single_precision", sample.NAMES[5])
    assert unfair.get_text() == "✗!"
    assert "failed, must not fail" in str(unfair["title"])
    assert cell(document, "adam_root_missing", sample.NAMES[6]).get_text() == "✓!"
    assert cell(document, "adam_climbs", sample.NAMES[9]).get_text() == "?!"
    signs = [words(td) for td in part(document, "answers").select("td.square")]
    assert sum(sign.endswith("!") for sign in signs) == 3


def test_expected_outcomes_have_signs_of_their_own() -> None:
    document = page(sample.bad_report())
    assert cell(document, "sgd_decay_compounds", sample.NAMES[3]).get_text() == "✗"
    assert cell(document, "sgd_decay_compounds", sample.NAMES[2]).get_text() == "+"
    assert cell(document, "adam_one_scale_for_all", sample.NAMES[8]).get_text() == "…"
    legend = words(part(document, "answers").find(class_="signs"))  # type: ignore[arg-type]
    for sign in ("· passed", "✗ failed, as it must", "+ failed too", "… deferred", "– not run"):
        assert sign.replace(" ", "") in legend.replace(" ", "")


def test_failure_outside_of_the_answers_task_is_told_with_it() -> None:
    document = page(sample.bad_report())
    told = [words(item) for item in part(document, "answers").select(".deviations li")]
    outside = "! sgd_decay_compounds on test_default_settings : failed, must not fail: <script>"
    assert sum(line.startswith(outside) for line in told) == 1
    assert sum("single_precision" in line for line in told) == 1
    rows = [words(th) for th in part(document, "answers").select("tbody th")]
    assert "! sgd_decay_compounds" in rows


def test_hint_other_than_the_expected_one_is_told() -> None:
    document = page(sample.bad_report())
    assert "! expected eps-in-root, given betas-swapped" in words(part(document, "answers"))
    assert "expected" not in words(part(page(sample.good_report()), "answers"))


def test_survivors_are_shown_as_diffs_and_explained_ones_folded() -> None:
    report = sample.bad_report()
    section = part(page(report), "mutants")
    shown = {"m-" + m.key for m in report.mutants if m.verdict is MutantVerdict.SURVIVED}
    folded = {str(div["id"]) for div in section.select("details .mutant")}
    assert {str(div["id"]) for div in section.select(".mutant")} - folded == shown
    assert len(shown) == len(folded) == 2
    for mutant in report.mutants:
        if mutant.verdict is not MutantVerdict.KILLED:
            lines = [span.get_text() for span in section.select(f"#m-{mutant.key} pre span")]
            assert lines == mutant.diff.splitlines()[3:]
    assert "Both branches give accepted results." in words(section)
    assert "66.7 % 6 of 9 1" in words(section)
    bar = section.select_one(".bar span")
    assert bar is not None
    assert bar["style"] == "width: 66.7%"


def test_flip_is_shown_with_what_draws_it_again() -> None:
    shown = words(part(page(sample.bad_report()), "repeats"))
    assert "4 threads, busy machine, seed 8812 AUTOGRADER_TERM=audit-17 Step 9" in shown
    assert "No verdict was ever another" in words(part(page(sample.good_report()), "repeats"))


def strip_of(*values: tuple[float | None, float | None]) -> Tag:
    margins = tuple(
        Margin(test="t", site="s:1", worst_right=right, best_wrong=wrong) for right, wrong in values
    )
    svg = part(page(sample.good_report().model_copy(update={"margins": margins})), "margins").svg
    assert svg is not None
    return svg


def test_drawing_puts_the_tolerance_in_the_middle_of_a_logarithmic_axis() -> None:
    svg = strip_of((0.1, 10.0), (0.01, 100.0))
    middle = float(str(svg.select_one("line.edge")["x1"]))  # type: ignore[index]
    right = [middle - float(str(dot["cx"])) for dot in svg.select("circle.right")]
    wrong = [float(str(square["x"])) + 4 - middle for square in svg.select("rect.wrong")]
    assert right == wrong
    assert right[1] == pytest.approx(2 * right[0])
    assert right[0] > 0


def test_drawing_holds_what_lies_beyond_its_axis() -> None:
    svg = strip_of((0.0, float("inf")), (1e-300, 1e300), (None, None), (2.0, 0.5))
    width = float(str(svg["viewbox"]).split()[2])
    places = [float(str(dot["cx"])) for dot in svg.select("circle.right")]
    places += [float(str(square["x"])) for square in svg.select("rect.wrong")]
    assert len(places) == 6
    assert all(0 < place < width for place in places)
    middle = float(str(svg.select_one("line.edge")["x1"]))  # type: ignore[index]
    assert places[0] > middle  # a right answer beyond the border is the narrowest of all


def test_all_margins_are_in_the_table_narrowest_first() -> None:
    values = [(10.0**-n, 10.0**n) for n in range(1, 31)]
    margins = tuple(
        Margin(test=f"test_{n}", site=f"f.py:{n}", worst_right=right, best_wrong=wrong)
        for n, (right, wrong) in enumerate(values)
    )
    document = page(sample.good_report().model_copy(update={"margins": margins[::-1]}))
    rows = [row.find_all("td") for row in part(document, "margins").select("tbody tr")]
    assert [words(row[0]) for row in rows] == [str(n) for n in range(1, 31)]
    assert [words(row[1]) for row in rows] == [f"test_{n} f.py:{n}" for n in range(30)]
    assert [words(rows[3][2]), words(rows[3][3])] == ["0.0001", "1e+04"]
    assert len(part(document, "margins").select("svg g")) == 24


def test_leaks_and_idle_tests_are_told() -> None:
    document = page(sample.bad_report())
    assert "! hidden text: release: checks.py" in words(part(document, "leaks"))
    assert "test_default_settings ! never first to refuse" in words(part(document, "tests"))
    good = page(sample.good_report())
    assert "✓ Nothing hidden was found" in words(part(good, "leaks"))
    assert "!" not in words(part(good, "tests"))


def test_audit_that_ended_early_gives_a_page() -> None:
    report = AuditReport(slug="x1", title="X", tier="T1", rows=(sample.bad_rows()[3],))
    document = page(report)
    assert cell(document, "single_precision", sample.NAMES[5]).get_text() == "✗!"
    assert "not searched" in words(document)


def test_page_is_written_over_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "audit" / "page.html"
    write_page(path, sample.bad_report(), MADE)
    assert write_page(path, sample.good_report(), MADE) == path
    html = path.read_text(encoding="utf-8")
    assert "✓ Passed" in html
    assert html.rstrip().endswith("</html>")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("width", [420, 1280])
def test_browser_shows_the_page_within_its_window(tmp_path: Path, width: int) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = write_page(tmp_path / "page.html", sample.bad_report(), MADE)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": width, "height": 900})
        told: list[str] = []
        view.on("console", lambda message: told.append(message.text))
        view.goto(path.as_uri())
        needed = view.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert needed == width
    assert not told
