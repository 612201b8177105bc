"""The absence of each layer, and of the whole engine: each attack succeeds where it must.

The whole suite against all layers is `autograder redteam`, which CI runs.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from autograder.doctor.examine import examine
from autograder.errors import UserError
from autograder.redteam import Attack, load_attacks, open_attacks, run_redteam
from autograder.redteam.stock import run_stock
from autograder.sandbox import choose_confinement
from autograder.sandbox.layers import LAYERS

WEAKEN = Path(__file__).with_name("weaken.py")
CONFINEMENT = {layer.name for layer in LAYERS}
PATCHED = {"codec", "deadline", "display", "kinship", "output_limit", "policy", "reader"}
_NO_SWITCH = "reading with pickle refuses garbage too; tests/codec shows what the limits stop"
_TRACING = "bubblewrap keeps no capability to trace, and the warm parent lets nobody trace it"
_JOINING = "bubblewrap keeps no capability to join a namespace"
_ESCAPED = "nbconvert escapes it as well"
BACKED: dict[str, str] = {
    "events_out_of_order": _NO_SWITCH,
    "garbage_replies": _NO_SWITCH,
    "huge_reply": _NO_SWITCH,
    "callback_flood": "a call of what was never offered ends the copy before its time is up",
    "environment_of_others": _TRACING,
    "joining_namespaces": _JOINING,
    "memory_of_the_grader": _TRACING,
    "process_vm_readv": _TRACING,
    "ptrace_of_the_grader": _TRACING,
    "warm_parent_poisoned": _TRACING,
    "script_in_errors": _ESCAPED,
    "script_in_names": _ESCAPED,
    "script_in_values": _ESCAPED,
    "terminal_escapes": "each line of a log or table is cleaned where it is written; no one switch",
}
"""Attacks that something else than the layers they name stops too, and what."""
HARMLESS_ON_STOCK = {
    "deep_json", "half_a_notebook", "name_of_the_students_id", "name_that_is_not_utf8",
    "numbers_that_never_end", "timestamp_bomb", "claimed_cell", "early_exit", "exception_handler",
    "partial_credit", "points_edited", "tests_retyped", "tests_unlocked", "arguments_of_others",
    "inherited_descriptors", "script_in_errors", "script_in_names", "script_in_values",
    "endless_loop", "endless_call",
}  # fmt: skip
"""Attacks that plain nbgrader was seen to withstand, or that cost nobody else anything there."""

pytestmark = [pytest.mark.proof, pytest.mark.timeout(3000)]


def groups() -> dict[str, list[Attack]]:
    """Return the attacks by what has to be taken away for them to succeed."""
    found: dict[str, list[Attack]] = defaultdict(list)
    for attack in load_attacks():
        layers = set(attack.header.layers)
        if not attack.header.twin and layers <= CONFINEMENT | PATCHED:
            found[",".join(sorted(layers))].append(attack)
    return dict(found)


@pytest.mark.parametrize("layers", groups())
def test_attacks_succeed_without_the_layers_they_name(layers: str) -> None:
    names = layers.split(",")
    off = ",".join(name for name in names if name in CONFINEMENT)
    taken = [f"{WEAKEN}:off:{off}"] if off else []
    taken += [f"{WEAKEN}:{name}:" for name in names if name in PATCHED]
    attacks = [attack for attack in groups()[layers] if attack.name not in BACKED]
    report = run_redteam(attacks, weaknesses=taken)
    assert {v.attack.name for v in report.verdicts if not v.succeeded} == set()


def test_weaker_tier_leaves_open_what_doctor_says() -> None:
    try:
        choose_confinement("plain")
    except UserError as refused:  # root's own environment, which nobody else may read
        pytest.skip(str(refused))
    attacks = load_attacks()
    said = {attack.name for attack in open_attacks(attacks, examine("plain").held)}
    report = run_redteam(attacks, weaknesses=[f"{WEAKEN}:plain:"])
    assert report.tier in {"T3", "T4"}
    assert said
    assert {verdict.attack.name for verdict in report.succeeded} == said


def test_plain_nbgrader_shows_that_the_oracles_see_success() -> None:
    report = run_stock(load_attacks())
    tried = [verdict for verdict in report.attacks if not verdict.skipped]
    assert len(tried) >= 80
    assert {v.attack.name for v in tried if not v.succeeded} <= HARMLESS_ON_STOCK
    assert "warning_on_stderr" in {verdict.attack.name for verdict in report.wronged}
