"""Distinctive lines of hidden text: a copied answer carries no canary, but the same lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.authoring import Assignment, Solutions
from autograder.authoring.textfile import read_text

_SHORTEST = 40
"""Characters; shorter lines are written twice by chance."""
_COMMON = ("import ", "from ", "#", "@", '"""', "class ")


def hidden_lines(assignment: Assignment, solutions: Solutions, grader_dir: Path) -> dict[str, str]:
    """Return each line that only answers or hidden tests have, and what it belongs to.

    A line that a stub has too, such as a signature, is no secret.
    """
    stubs = "\n".join(cell.source for cell in assignment.cells if cell.role == "answer")
    texts = {f"the reference ({task})": text for task, text in solutions.reference.answers.items()}
    for path in sorted(grader_dir.glob("*.py")):
        texts[f"the hidden file {path.name}"] = read_text(path)
    return {
        line: owner
        for owner, text in texts.items()
        for line in _distinctive(text)
        if line not in stubs
    }


def found_lines(lines: Mapping[str, str], data: bytes) -> set[str]:
    """Return what the hidden lines in some text, or in a notebook's JSON, belong to."""
    text = data.decode("utf-8", errors="replace")
    plain = text.replace('\\"', '"').replace("\\\\", "\\")
    return {owner for line, owner in lines.items() if line in plain}


def _distinctive(text: str) -> Iterator[str]:
    for line in map(str.strip, text.splitlines()):
        if len(line) >= _SHORTEST and not line.startswith(_COMMON):
            yield line
