"""Prints what the examination found, and what to do about it."""

from __future__ import annotations

import getpass
import json

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.doctor.examine import Diagnosis, Finding, examine
from autograder.redteam import load_attacks, open_attacks
from autograder.settings import Settings

_COUNTS = {
    "Cgroup": "a control group counts a submission's memory",
    "Watchdog": "no control group may be made here: a watchdog counts a submission's memory",
    "": "nothing counts a submission's memory",
}


def doctor_command(settings: Settings, console: Console, *, as_json: bool = False) -> int:
    """Examine this machine and print the result; return 0 if the agreed minimum holds, else 1.

    Raises
    ------
    UserError
        If no confined process can be started at all.
    """
    diagnosis = examine(settings.confinement)
    if as_json:
        console.out(json.dumps(_as_data(diagnosis), indent=2), highlight=False)
    else:
        _print(diagnosis, console)
    return 1 if diagnosis.missing else 0


def _print(diagnosis: Diagnosis, console: Console) -> None:
    title = f"Tier {diagnosis.tier}, as {getpass.getuser()}: each layer was tried"
    table = Table(title=title, title_justify="left")
    for heading in ("Layer", "Holds", "What it stops"):
        table.add_column(heading, overflow="fold")
    for item in diagnosis.findings:
        holds = Text("yes", "green") if item.holds else Text("no", "bold red")
        table.add_row(item.layer.name, holds, item.layer.stops)
    console.print(table)
    console.print(Text(f"Memory: {_COUNTS[diagnosis.counts_by]}."))
    for item in diagnosis.findings:
        if not item.holds:
            console.print(Text(_advice(item, diagnosis)), soft_wrap=True)
    if names := _open_attacks(diagnosis):
        console.print(Text(f"Attacks that succeed here: {', '.join(names)}."), soft_wrap=True)
    console.print(Text(_verdict(diagnosis)), soft_wrap=True)


def _advice(item: Finding, diagnosis: Diagnosis) -> str:
    kind = "needed" if item.layer.needed else "on top"
    backing = ", ".join(sorted(item.layer.backed_by & diagnosis.held))
    state = "Open" if item in diagnosis.open else f"Stopped here by {backing} alone"
    return (
        f"- {item.layer.name} ({kind}) does not hold: {item.open}.\n"
        f"  {state}: {item.layer.stops}.\n"
        f"  How to get it: {item.layer.get}"
    )


def _open_attacks(diagnosis: Diagnosis) -> list[str]:
    return [attack.name for attack in open_attacks(load_attacks(), diagnosis.held)]


def _verdict(diagnosis: Diagnosis) -> str:
    if not diagnosis.missing:
        return "The agreed minimum holds. `autograder redteam` attacks it with real submissions."
    names = ", ".join(item.layer.name for item in diagnosis.missing)
    return (
        f"The agreed minimum does not hold: {names}. Grading is refused here, unless you trust "
        "every submission: `autograder grade --unconfined`, or unconfined = true in "
        "autograder.toml. Every mark then records it."
    )


def _as_data(diagnosis: Diagnosis) -> dict[str, object]:
    return {
        "tier": diagnosis.tier,
        "minimum_holds": not diagnosis.missing,
        "memory_counted_by": diagnosis.counts_by,
        "open": [item.layer.name for item in diagnosis.open],
        "open_attacks": _open_attacks(diagnosis),
        "layers": [
            {
                "name": item.layer.name,
                "holds": item.holds,
                "needed": item.layer.needed,
                "open": item.open,
                "stops": item.layer.stops,
                "get": item.layer.get,
            }
            for item in diagnosis.findings
        ],
    }
