"""Says on the terminal, or in JSON, what came of the attacks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.authoring import load_assignment
from autograder.batch import visible
from autograder.errors import UserError
from autograder.redteam.attack import SHIPPED, Attack, load_attacks
from autograder.redteam.run import Report, Verdict, run_redteam
from autograder.redteam.stock import run_stock
from autograder.settings import load_settings

_MOST_SHOWN = 3
_LONGEST = 200


def redteam_command(
    console: Console,
    slug: str,
    course: Path,
    *,
    only: Sequence[str] = (),
    more: Path | None = None,
    stock: bool = False,
    as_json: bool = False,
) -> int:
    """Run the suite and report; return 0 if nothing got through and nobody was wronged.

    Against plain nbgrader, where attacks are to succeed, it returns 0 in any case.

    Raises
    ------
    UserError
        If there is nothing to run, or the suite cannot begin.
    """
    attacks = _choose(load_attacks([SHIPPED, *([more] if more else [])]), only)
    quiet = Console(quiet=True) if as_json else console

    def watcher(verdict: Verdict) -> None:
        show_verdict(verdict, quiet)

    if stock:
        report = run_stock(attacks, watcher)
    elif slug:
        settings = load_settings(course)
        load_assignment(slug, settings)  # says which there are, if it is none of them
        report = run_redteam(attacks, watcher, theirs=settings, slug=slug)
    else:
        report = run_redteam(attacks, watcher)
    if as_json:
        console.print_json(json.dumps(report.to_json()))
    else:
        show_report(report, console)
    return 0 if stock else int(bool(report.succeeded or report.wronged))


def _choose(attacks: list[Attack], only: Sequence[str]) -> list[Attack]:
    chosen = [
        attack
        for attack in attacks
        if not only or any(words in f"{attack.family}/{attack.name}" for words in only)
    ]
    if not chosen:
        raise UserError(f"No attack is called like {', '.join(only)}.")
    return chosen


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
