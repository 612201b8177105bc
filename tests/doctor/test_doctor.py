"""The examination sees a layer hold, and sees it fail as soon as it is switched off."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from autograder.doctor import Diagnosis, Finding, doctor_command, examine
from autograder.doctor import report as report_module
from autograder.doctor.bait import planted
from autograder.doctor.examine import probe
from autograder.sandbox import LAYERS, Layer, choose_confinement
from autograder.settings import load_settings

GIVEN = choose_confinement()
# Not to be switched off: what lies in the order of grading, and, for an ordinary user,
# what bubblewrap does by itself.
ALWAYS = {"fresh_process"} | ({"privileges"} if GIVEN.tier == "T2" else set())
TRIED = [layer for layer in LAYERS if layer.name not in ALWAYS and GIVEN.has(layer.name)]
BY_NAME = {layer.name: layer for layer in LAYERS}


@pytest.fixture(scope="module")
def bait() -> Iterator[dict[str, Any]]:
    with planted() as bait:
        yield bait


@pytest.mark.parametrize("layer", TRIED, ids=lambda layer: layer.name)
def test_probe_is_stopped_by_its_layer_and_by_nothing_else(
    layer: Layer, bait: dict[str, Any]
) -> None:
    assert probe(layer, bait, layer.backed_by) == ""
    got = probe(layer, bait, layer.backed_by | {layer.name})
    assert got, "the probe cannot see the layer fail"
    assert "gave no answer" not in got
    assert "lost" not in got


def test_machine_with_namespaces_has_the_agreed_minimum() -> None:
    if not GIVEN.namespaces:
        pytest.skip("this machine gives no namespaces")
    diagnosis = examine()
    assert diagnosis.missing == []
    assert diagnosis.counts_by in ("Cgroup", "Watchdog")
    assert {item.layer.name for item in diagnosis.findings if not item.holds} <= {"landlock"}


def test_machine_without_namespaces_lists_what_is_open_and_how_to_close_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lacking = {"view", "landlock"}
    findings = tuple(
        Finding(layer, "this machine does not give it" if layer.name in lacking else "")
        for layer in LAYERS
    )
    found = Diagnosis("T4", findings, "Watchdog")
    monkeypatch.setattr(report_module, "examine", lambda wanted: found)
    page = StringIO()
    status = doctor_command(load_settings(), Console(file=page, width=200))
    assert status == 1
    assert BY_NAME["view"].get in page.getvalue()
    assert BY_NAME["view"].stops in page.getvalue()
    assert "--unconfined" in page.getvalue()
    assert "gradebook_by_path" in page.getvalue()
    page = StringIO()
    assert doctor_command(load_settings(), Console(file=page), as_json=True) == 1
    data = json.loads(page.getvalue())
    assert data["minimum_holds"] is False
    assert {layer["name"] for layer in data["layers"] if not layer["holds"]} == lacking
    assert "gradebook_by_path" in data["open_attacks"]
    assert "tcp" not in data["open_attacks"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root's own environment may be unreadable without")
def test_ordinary_user_without_namespaces_misses_them_and_nothing_else() -> None:
    diagnosis = examine("plain")
    assert diagnosis.tier == "T4"
    missing = {item.layer.name for item in diagnosis.missing}
    assert missing == {"view", "network", "processes", "ipc", "scratch"}
    assert {item.layer.name for item in diagnosis.open} == {"processes", "scratch"}


def test_page_on_security_tells_of_every_layer_and_no_other() -> None:
    page = Path(__file__).parents[2] / "docs" / "security.md"
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*)\|$", page.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == [layer.name for layer in LAYERS]
    for name, backing in rows:
        assert set(re.findall(r"`(\w+)`", backing)) == BY_NAME[name].backed_by
