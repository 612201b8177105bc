"""The printed report must tell everything, and tell it safely."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from autograder.audit.report import AuditReport, Margin, MutantRow, MutantVerdict, Row
from autograder.audit.text import print_report
from autograder.audit.wording import headline, idle, narrowest

from . import sample

WIDTH = 120
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def printed(
    report: AuditReport, *, verbose: bool = False, width: int = WIDTH, terminal: bool = False
) -> str:
    stream = io.StringIO()
    color = "standard" if terminal else None
    console = Console(file=stream, width=width, force_terminal=terminal, color_system=color)
    print_report(report, console, verbose=verbose)
    return stream.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


def row_of(text: str, name: str) -> str:
    """Return an answer's row of its table, with single spaces."""
    (line,) = [line for line in text.splitlines() if re.match(rf"[!✓] +{name} ", line)]
    return words(line)


def test_first_line_says_whether_it_passed_and_what_was_tried() -> None:
    first = printed(sample.bad_report()).splitlines()[0]
    assert first == (
        "a1_sgd_vs_adam: FAILED, 5 errors, 2 warnings. "
        "Tried 21 answers on 10 tests, 10 mutants, 50 repeats."
    )
    assert headline(sample.good_report()).startswith("a1_sgd_vs_adam: passed, 0 errors")


def test_one_warning_does_not_fail() -> None:
    warning = sample.bad_report().findings[0]
    report = sample.good_report().model_copy(update={"findings": (warning,)})
    assert "passed, 0 errors, 1 warning." in printed(report).splitlines()[0]


def test_every_finding_is_told_in_full() -> None:
    report = sample.bad_report()
    told = words(printed(report))
    for finding in report.findings:
        assert words(finding.where) in told
        assert words(finding.problem.splitlines()[0].split("<script>")[0]) in told
        assert words(finding.advice) in told


def test_errors_come_before_warnings_of_their_stage() -> None:
    told = printed(sample.bad_report())
    variants = told[told.index("Findings: variants") : told.index("Findings: mutants")]
    assert variants.index("error ") < variants.index("warning ")


def test_what_would_be_markup_or_an_escape_sequence_stays_text() -> None:
    told = printed(sample.bad_report(), verbose=True)
    assert told.count(r"<script>alert(1)</script> [bold]not markup[/bold] \x1b[2J\u202e") == 3
    assert not {"\x1b", "\u202e"} & set(told)


def test_every_text_of_a_report_is_made_safe() -> None:
    """Plant the hostile text in every string of the report, whatever its name."""
    report = AuditReport.model_validate_json(
        re.sub(
            r'"(slug|name|path|misconception|message|where|problem|advice|key|operator|diff|reason'
            r'|variant|test|term|conditions|site|what|note|worst_right_variant)":"[^"]*',
            lambda match: match[0] + r"\u001b]0;title\u0007\u202e[red]",
            sample.bad_report().model_dump_json(),
        )
    )
    told = printed(report, verbose=True)
    assert told.count("[red]") > 100
    assert {char for char in told if not char.isprintable()} == {"\n"}


def test_nothing_but_the_styles_escapes_on_a_terminal() -> None:
    told = printed(sample.bad_report(), terminal=True)
    assert ESCAPES.search(told)
    assert "\x1b" not in ESCAPES.sub("", told)


def test_output_that_is_piped_has_no_colours_and_cuts_no_names() -> None:
    report = sample.bad_report()
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=WIDTH), verbose=True)
    told = stream.getvalue()
    assert "\x1b" not in told
    assert "…" not in told
    for name in [*sample.NAMES, *(row.name for row in report.rows)]:
        assert re.search(rf"(^|\s){name}(\s|$)", told, re.MULTILINE), name


@pytest.mark.parametrize("width", [100, 110])
def test_terminal_is_not_overrun(width: int) -> None:
    told = ESCAPES.sub("", printed(sample.bad_report(), terminal=True, width=width, verbose=True))
    assert max(map(len, told.splitlines())) <= width


def test_outcomes_that_deviate_are_marked_and_told_in_words() -> None:
    told = printed(sample.bad_report())
    assert row_of(told, "single_precision") == "! single_precision right 9 1"
    assert row_of(told, "adam_root_missing") == "! adam_root_missing wrong 9 1 1 of 2"
    assert row_of(told, "loops") == "✓ loops right 10 0"
    eps, zero = "test_eps_stands_outside_the_root_and_after_the_correction", sample.NAMES[9]
    assert f"! adam_root_missing: {eps}: passed, must fail" in told
    assert f"! adam_climbs: {zero}: not graded, must decide: The test raised" in told
    assert f"! single_precision: {sample.NAMES[5]}: failed, must not fail: <script>" in told


def test_hint_other_than_the_expected_one_is_marked() -> None:
    told = printed(sample.bad_report())
    row = row_of(told, "adam_eps_in_root")
    assert row.startswith("!")
    assert row.endswith("expected eps-in-root, given betas-swapped")
    assert row_of(told, "adam_betas_swapped").endswith(" betas-swapped")
    assert row_of(told, "adam_betas_swapped").startswith("✓")


def test_stub_is_expected_to_be_recognised_as_nothing_and_everything() -> None:
    rows = tuple(
        row.model_copy(update={"hints_given": ("sign",)}) if row.name == "stub" else row
        for row in sample.good_rows()
    )
    told = printed(sample.good_report().model_copy(update={"rows": rows}))
    assert row_of(told, "stub") == "✓ stub stub 0 10 10 of 10 sign"


def test_what_is_as_expected_is_told_only_when_asked_for() -> None:
    allowed = f"sgd_decay_compounds: {sample.NAMES[2]}: failed: The rate is 0.1 at step 1."
    assert allowed not in printed(sample.bad_report())
    assert allowed in printed(sample.bad_report(), verbose=True)


def test_answers_stand_with_their_task() -> None:
    told = printed(sample.bad_report())
    first = told[told.index("Answers: a1_t3") : told.index("Answers: a1_t5")]
    assert "sgd_climbs" in first
    assert "adam_climbs" not in first


def diffs(mutants: tuple[MutantRow, ...], *verdicts: MutantVerdict) -> list[str]:
    changed = [mutant.diff.splitlines() for mutant in mutants if mutant.verdict in verdicts]
    return [next(line for line in lines[3:] if line.startswith("+")) for lines in changed]


def test_diff_of_each_unexplained_survivor_is_shown_once() -> None:
    report = sample.bad_report()
    told = printed(report)
    survivors = diffs(report.mutants, MutantVerdict.SURVIVED)
    assert len(survivors) == 2
    for line in survivors:
        assert told.count(line) == 1
    assert "@@" not in told
    for mutant in report.mutants:
        shown = mutant.verdict is MutantVerdict.SURVIVED
        assert told.count(mutant.key) == (2 if shown else 0)  # in the finding, above the diff


def test_explained_survivors_are_counted_and_shown_when_asked_for() -> None:
    report = sample.bad_report()
    told, more = printed(report), printed(report, verbose=True)
    explained = diffs(report.mutants, MutantVerdict.EQUIVALENT, MutantVerdict.ACCEPTED)
    assert len(explained) == 2
    for line in explained:
        assert line not in told
        assert line in more
    assert "Both branches give equivalent results." in more
    (row,) = [words(line) for line in told.splitlines() if line.startswith("a1_t3 ")]
    assert row.endswith("6 of 9 1 1 2")
    assert "66.7 %" in row


def test_flip_is_told_with_what_draws_it_again() -> None:
    told = printed(sample.bad_report())
    assert "1000 verdicts, 1 flip" in told
    assert "4 threads, busy machine, seed 8812: Step 9 is off." in told
    assert "AUTOGRADER_TERM=audit-17" in told
    assert "1000 verdicts, none flipped" in printed(sample.good_report())


def margin(right: float | None, wrong: float | None) -> Margin:
    return Margin(test="t", site="s", worst_right=right, best_wrong=wrong)


def test_margins_are_ordered_by_their_distance_from_the_border() -> None:
    refused = margin(1.5, 1e9)
    near_wrong = margin(0.01, 1.2)
    near_right = margin(0.5, 1e9)
    wide, exact = margin(1e-5, 1e5), margin(0.0, None)
    order = narrowest([exact, wide, near_right, near_wrong, refused])
    assert order == [refused, near_wrong, near_right, wide, exact]


def test_ten_narrowest_margins_are_shown() -> None:
    told, more = printed(sample.bad_report()), printed(sample.bad_report(), verbose=True)
    assert told.count("worst right ") == 10
    assert more.count("worst right ") == len(sample.margins()) == 13
    assert "the 10 narrowest of 13 comparisons" in told
    first = words(told[told.index("Margins") :])
    assert "test_a1_t3.py:70) worst right 0.62 single_precision best wrong 40" in first
    assert re.search(r"best wrong +∞  adam_eps_in_root", told)


def test_leaks_and_where_was_searched_are_told() -> None:
    told = printed(sample.bad_report())
    assert "! hidden text: release: checks.py" in told
    assert "231 wheel" in words(told)
    assert "Leak search: 0 leaks" in printed(sample.good_report())


def test_five_slowest_tests_and_idle_ones_are_told() -> None:
    told = printed(sample.bad_report())
    table = told[told.index("The 5 slowest") :].splitlines()
    assert [line.split()[0] for line in table[2:7]] == sample.NAMES[:4:-1]
    assert "66 ms" in table[2]
    assert table[7] == (
        "  ! test_default_settings failed no wrong answer and was the first to kill no mutant"
    )
    assert not idle(sample.good_report().tests)


def test_audit_that_ended_early_is_printed() -> None:
    row: Row = sample.bad_rows()[3]
    report = AuditReport(slug="x1", title="X", tier="T1", rows=(row,))
    assert "Tried 1 answer on 10 tests, 0 mutants, 0 repeats." in printed(report)
    assert "! single_precision" in printed(report)
    empty = AuditReport(slug="x1", title="X", tier="T1")
    assert len(printed(empty).splitlines()) == 1
