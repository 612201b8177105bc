"""The attacks are files that anybody can read, and they cover the catalogue."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.redteam import load_attacks, open_attacks
from autograder.redteam.attack import read_attack
from autograder.redteam.handing_in import hand_in
from autograder.sandbox.layers import NAMES, NAMESPACES

HEADER = (
    '# /// attack\n# catalogue = "reading: a file"\n# layers = ["view"]\n# aim = "canary"\n# ///\n'
)
CATALOGUE = """
In[-1]; caller frame constants; pre_run_cell hook; gc scan; gradebook.db; ../../../source;
/proc of the parent; inherited descriptors; other submissions; import of the reference;
hidden tests in feedback; input transformer; AST transformer; run_cell_async; session.send;
custom exception handler; patched numpy.testing; patched allclose; local numpy; conftest.py;
TestReport; sitecustomize; always-equal; ndarray subclass; float/int subclass;
daemon writes the gradebook; 999 as partial credit; os._exit(0); printed markers; points edited;
duplicate ids; deleted or retyped cells; kernelspec edited; checksum edited; stored outputs;
neighbour overwritten; ~/.ipython; patched student-side codec; garbage replies; tracing;
fork bomb; memfd and shared maps; disk; endless loop; print flood; daemon outlives; pid hopping;
daemon holding the pipe; 1e6 cells; 200,000-deep JSON; HTTP; DNS; local services;
abstract and path sockets; SysV memory; docker socket; hard-coded visible answers;
detecting the grading environment; time bombs; forbidden library call; symbolic link to source;
linked data; archive members with ..; device names; NUL and non-UTF-8; nbformat 3; invalid JSON;
script in markdown; script in output; names; script in errors; SVG; terminal escapes;
formulas in CSV; honest warning on stderr
"""


def test_there_are_eighty_attacks_and_more() -> None:
    attacks = load_attacks()
    assert sum(not attack.header.twin for attack in attacks) >= 80
    assert sum(attack.header.twin for attack in attacks) >= 5


@pytest.mark.parametrize("line", [item.strip() for item in CATALOGUE.split(";")])
def test_every_line_of_the_catalogue_has_an_attack(line: str) -> None:
    assert [a.name for a in load_attacks() if line in a.header.catalogue]


def test_every_attack_says_what_it_does_and_which_layer_stops_it() -> None:
    for attack in load_attacks():
        assert len(attack.about) > 20, attack.name
        assert bool(attack.header.layers) is not attack.header.twin, attack.name
        assert attack.parts, attack.name


def test_every_attack_is_python() -> None:
    for attack in load_attacks():
        for part in attack.parts:
            if part.kind != "markdown" and not part.name.endswith((".ini", ".pth")):
                ast.parse(part.text, attack.name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# %%\nprint(1)\n", "is no attack"),
        (HEADER.replace('"canary"', '"glory"'), "header"),
        (HEADER.replace("catalogue", "katalog"), "header"),
        (HEADER + "# It reads.\n\n# %% somewhere\nprint(1)\n", "no kind of part"),
        (HEADER + "# It reads.\n\n# %% file\nprint(1)\n", "no kind of part"),
    ],
)
def test_a_file_that_is_no_attack_is_refused_by_name(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "own" / "mine.py"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(UserError, match=words) as caught:
        load_attacks([tmp_path])
    assert "mine.py" in str(caught.value)


def test_two_attacks_cannot_share_a_name(tmp_path: Path) -> None:
    for family in ("one", "two"):
        path = tmp_path / family / "same.py"
        path.parent.mkdir()
        path.write_text(HEADER + "# It reads.\n\n# %%\nprint(1)\n")
    with pytest.raises(UserError, match="same name: same"):
        load_attacks([tmp_path])


def test_parts_go_where_they_belong(tmp_path: Path) -> None:
    path = tmp_path / "own" / "mine.py"
    path.parent.mkdir()
    path.write_text(
        HEADER + "# It reads.\n\n# %%\na = 1\n\n# %% answer\nb = 2\n\n# %% last\nc = 3\n\n"
        "# %% explore\nd = 4\n\n# %% markdown\n# prose\n\n# %% file data.txt\ne = 5\n\n"
        "# %% prepare\nnotebook['metadata']['told'] = target['told']\n"
    )
    answer = {"cell_type": "code", "metadata": {"nbgrader": {"solution": True}}, "source": "x = 0"}
    notebook = {"cells": [answer], "metadata": {}}
    hand_in(read_attack(path), tmp_path / "in", notebook, "lab", {"told": 7})
    text = (tmp_path / "in" / "lab.ipynb").read_text()
    nb = json.loads(text)
    assert [cell["source"] for cell in nb["cells"]] == [
        "TARGET = {'told': 7}", "a = 1", "x = 0\n\nb = 2", "c = 3", "d = 4", "prose",
    ]  # fmt: skip
    assert nb["cells"][4]["metadata"]["tags"] == ["explore"]
    assert nb["metadata"]["told"] == 7
    assert (tmp_path / "in" / "data.txt").read_text() == "e = 5"
    assert notebook["cells"] == [answer]
    assert answer["source"] == "x = 0"


def test_open_attacks_are_those_whose_layers_are_all_missing() -> None:
    attacks = load_attacks()
    assert open_attacks(attacks, NAMES) == []
    named = {attack.name for attack in open_attacks(attacks, NAMES - NAMESPACES)}
    assert named == {"arguments_of_others"}
    everything = {attack.name for attack in open_attacks(attacks, frozenset())}
    assert {"tcp", "gradebook_by_path", "fork_bomb"} <= everything
    assert not everything & {"always_equal", "script_in_outputs", "own_server"}
