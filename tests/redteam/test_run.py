"""The suite against the product: nothing succeeds, and where a layer is taken away, attacks do.

`make test` tries the command with one attack; all else is slow.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from autograder.errors import UserError
from autograder.redteam import Attack, load_attacks, run_redteam
from autograder.redteam.attack import Header, Part
from autograder.redteam.report import redteam_command

WEAKEN = Path(__file__).with_name("weaken.py")
REDUCED = {
    "hidden_tests_by_path", "gradebook_by_path", "inherited_descriptors", "hidden_input_by_file",
    "tcp", "always_equal", "points_edited", "pickle_reply", "file_dropped_outside",
    "file_in_tmp", "daemon_outlives", "script_in_markdown", "warning_on_stderr",
}  # fmt: skip


def named(*names: str) -> list[Attack]:
    found = [attack for attack in load_attacks() if attack.name in names]
    assert len(found) == len(names)
    return found


@pytest.mark.slow
def test_reduced_suite_finds_nothing_and_wrongs_nobody() -> None:
    report = run_redteam(named(*REDUCED))
    assert {v.attack.name: v.evidence for v in report.succeeded + report.wronged} == {}
    assert len(report.attacks) == len(REDUCED) - 1


@pytest.mark.slow
def test_attacks_succeed_where_their_layer_is_missing() -> None:
    taken = [f"{WEAKEN}:off:clean,fresh_process", f"{WEAKEN}:codec:", f"{WEAKEN}:display:"]
    names = ("file_in_tmp", "hidden_input_by_file", "pickle_reply", "script_in_markdown")
    report = run_redteam(named(*names), weaknesses=taken)
    assert {verdict.attack.name for verdict in report.succeeded} == set(names)


@pytest.mark.slow
def test_twin_that_loses_marks_is_wronged() -> None:
    header = Header(catalogue="a twin that is none", aim="marks", base="solved", twin=True)
    forget = Part(kind="last", text="for name in TARGET['names']: del globals()[name]")
    twin = Attack(name="no_twin", family="own", about="", header=header, parts=(forget,))
    report = run_redteam([twin])
    assert [verdict.attack.name for verdict in report.wronged] == ["no_twin"]
    assert report.attacks == []


@pytest.mark.slow
def test_nothing_is_said_where_nothing_is_graded() -> None:
    with pytest.raises(UserError, match="got no points"):
        run_redteam(named("tcp"), weaknesses=[f"{WEAKEN}:everything:"])


def test_command_prints_json_and_tells_by_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    status = redteam_command(
        Console(width=120), "", Path(), only=["reading/other_sub"], as_json=True
    )
    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (told["attacks"], told["succeeded"]) == (1, [])
    assert told["verdicts"][0]["layers"] == ["view", "landlock"]
