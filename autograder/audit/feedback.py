"""Whether feedback names the mistake that was made, and no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

from autograder.audit.findings import error, warning
from autograder.audit.report import Finding, Kind, Row, Stage
from autograder.grading.hints import FILE_NAME, Hint
from autograder.outcomes import Outcome

_ALIKE = 0.85
"""From this share of equal text on, two hints tell a student the same."""
_SHORTEST = 40
"""Characters; less than this names no misconception."""


def feedback_findings(
    rows: Sequence[Row], hints: Mapping[str, Hint], grader_dir: Path
) -> Iterator[Finding]:
    """Yield hints that are missing, wrong, unknown, alike or never earned."""
    for row in rows:
        yield from _row_findings(row)
    given = {hint for row in rows for hint in row.hints_given}
    path = grader_dir / FILE_NAME
    for name in sorted(given - set(hints)):
        yield error(
            Stage.FEEDBACK, path, f"A test gives the hint {name!r}, which has no text here."
        )
    for name in sorted(set(hints) - given):
        yield warning(
            Stage.FEEDBACK,
            path,
            f"No wrong variant earns the hint {name!r}: nothing shows that it names the mistake.",
            "Write the wrong variant, or delete the hint.",
        )
    yield from _text_findings(hints, path)
    yield from _shared(rows)


def _row_findings(row: Row) -> Iterator[Finding]:
    given, expected = set(row.hints_given), set(row.hints_expected)
    if row.kind is not Kind.WRONG:
        for name in sorted(given):
            yield error(
                Stage.FEEDBACK, row.path, f"The hint {name!r} fires on this answer ({row.kind})."
            )
        return
    for name in sorted(expected - given):
        yield error(
            Stage.FEEDBACK,
            row.path,
            f"It must earn the hint {name!r} and does not"
            + (f"; it earns {', '.join(sorted(given))}." if given else "."),
            "Offer the value that this mistake gives in the test's `misconceptions`.",
        )
    for name in sorted(given - expected):
        yield error(
            Stage.FEEDBACK,
            row.path,
            f"It earns the hint {name!r}, which does not name its misconception "
            f"({row.misconception}).",
        )
    for test, cell in row.cells.items():
        if cell.outcome is Outcome.FAILED and not cell.message:
            yield error(Stage.FEEDBACK, row.path, f"{test} fails it without a word.")


def _text_findings(hints: Mapping[str, Hint], path: Path) -> Iterator[Finding]:
    for name, hint in hints.items():
        if len(hint.text) < _SHORTEST:
            yield error(Stage.FEEDBACK, path, f"The hint {name!r} is too short to help.")
    for (name, hint), (other, another) in combinations(hints.items(), 2):
        matcher = SequenceMatcher(None, hint.text, another.text, autojunk=False)
        if matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            yield error(
                Stage.FEEDBACK,
                path,
                f"The hints {name!r} and {other!r} say nearly the same.",
                "Two misconceptions need two texts, each saying what to look at.",
            )


def _shared(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield hints that several misconceptions of one task earn and nothing else."""
    earners: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    for row in rows:
        if row.kind is Kind.WRONG and row.hints_given:
            earners[row.tasks, row.hints_given].append(row.misconception)
    for (_, given), names in earners.items():
        if len(names) > 1:
            yield warning(
                Stage.FEEDBACK,
                ", ".join(given),
                f"Several misconceptions earn nothing but this: {', '.join(names)}.",
                "Fine if one sentence serves them all; else give each its own.",
            )
