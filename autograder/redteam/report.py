"""Says on the terminal what came of the attacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from autograder.batch import visible
from autograder.redteam.run import Report, Verdict

_MOST_SHOWN = 3
_LONGEST = 200


def show_verdict(verdict: Verdict, console: Console) -> None:
    """Print one line for an attack, and the evidence where it succeeded."""
    for line, style in _lines(verdict):
        console.print(Text(visible(line), style), soft_wrap=True)


def show_report(report: Report, console: Console) -> None:
    """Print the totals: by family, and what to do about what got through."""
    totals = Counter(verdict.attack.family for verdict in report.attacks)
    won = Counter(verdict.attack.family for verdict in report.succeeded)
    for family in sorted(totals):
        console.print(f"  {family}: {totals[family]} attacks, {won[family]} succeeded")
    console.print(
        f"Tier {report.tier}: {len(report.attacks)} attacks, {len(report.succeeded)} succeeded; "
        f"{len(report.wronged)} honest twins wronged; {report.elapsed_s:.0f} s.",
        highlight=False,
    )
    if report.succeeded or report.wronged:
        layers = sorted({name for v in report.succeeded for name in v.attack.header.layers})
        console.print(
            f"Layers concerned: {', '.join(layers) or 'none'}. `autograder doctor` says which of "
            "them this machine gives, and how to get the others.",
            highlight=False,
        )


def _lines(verdict: Verdict) -> Iterator[tuple[str, str]]:
    attack = verdict.attack
    name = f"{attack.family}/{attack.name} ({verdict.seconds:.1f} s)"
    if verdict.skipped:
        yield f"- {name}: skipped, {verdict.skipped}", "dim"
    elif not verdict.succeeded:
        yield f"✓ {name}", ""
    else:
        what = "an honest submission was wronged" if attack.header.twin else "SUCCEEDED"
        yield f"✗ {name}: {what}", "red"
        for item in verdict.evidence[:_MOST_SHOWN]:
            yield f"    {item.kind}: {item.text}"[:_LONGEST], "red"
