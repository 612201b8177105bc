"""Makes an attack's files: what a student would have submitted."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.redteam.attack import Attack, Part

_TAIL = {"last": [], "explore": ["explore"]}


def hand_in(
    attack: Attack, folder: Path, notebook: dict[str, Any], name: str, card: dict[str, Any]
) -> None:
    """Write an attack's submission.

    Parameters
    ----------
    folder
        Where it is collected to; it is made.
    notebook
        The notebook that the attack starts from, as JSON.
    name
        The notebook's name.
    card
        What the attacker knows, for its code the dictionary ``TARGET``.
    """
    folder.mkdir(parents=True)
    notebook = copy.deepcopy(notebook)
    for part in attack.of_kind("file"):
        path = folder / part.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(part.text, encoding="utf-8")
    _add_cells(notebook, attack.of_kind("cell"), attack, card)
    given: dict[str, Any] = {"notebook": notebook, "folder": folder, "target": card, "data": None}
    for part in attack.of_kind("prepare"):
        exec(compile(part.text, f"{attack.name} (prepare)", "exec"), given)
    if given["data"] is not None:
        (folder / f"{name}.ipynb").write_bytes(given["data"])
    elif given["notebook"]:
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def hand_in_accomplice(
    attack: Attack, folder: Path, notebook: dict[str, Any], name: str, card: dict[str, Any]
) -> None:
    """Write the next submission, which looks for what the attack left; it knows no mark."""
    folder.mkdir(parents=True)
    notebook = copy.deepcopy(notebook)
    known = {key: value for key, value in card.items() if key != "mark"}
    _add_cells(notebook, attack.of_kind("accomplice"), None, known)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def _add_cells(
    notebook: dict[str, Any], top: Iterable[Part], attack: Attack | None, card: dict[str, Any]
) -> None:
    cells: list[dict[str, Any]] = notebook["cells"]
    first = [_code(f"TARGET = {card!r}", "rt-target")]
    first += [_code(part.text, f"rt-top-{number}") for number, part in enumerate(top)]
    if attack is not None:
        answer = "\n\n".join(part.text for part in attack.of_kind("answer"))
        for cell in cells:
            if answer and is_answer(cell):
                cell["source"] = f"{source_of(cell)}\n\n{answer}"
        for number, part in enumerate(attack.of_kind("last", "explore")):
            cells.append(_code(part.text, f"rt-end-{number}", _TAIL[part.kind]))
        for number, part in enumerate(attack.of_kind("markdown")):
            markdown = {"cell_type": "markdown", "metadata": {}, "source": part.text}
            cells.append({**markdown, "id": f"rt-text-{number}"})
    cells[:0] = first


def is_answer(cell: dict[str, Any]) -> bool:
    """Say whether a cell holds the answer to a task that hidden tests mark."""
    flags = cell["metadata"].get("nbgrader", {})
    return cell["cell_type"] == "code" and bool(flags.get("solution"))


def source_of(cell: dict[str, Any]) -> str:
    """Return a cell's text, which JSON may hold as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _code(source: str, name: str, tags: Iterable[str] = ()) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
