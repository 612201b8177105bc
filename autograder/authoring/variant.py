"""Answers to an assignment: the reference, and others known to be right or wrong.

Each lies in a percent script that holds only answers, ``# %% task="a1_t3"`` or, for a written
task, ``# %% [markdown] task="a1_t10"``; what stands in the cell replaces the whole answer cell.
Imports on top are no part of any answer: they let hidden tests import the reference.
A wrong one starts with what it is expected to do, as TOML in comments::

    # /// variant
    # misconception = "velocity-reset"
    # fails = ["test_velocity_is_kept"]
    # hints = ["velocity-reset"]
    # ///
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from autograder.authoring.percent import Cell, read_script
from autograder.contract import Contract, Kind
from autograder.errors import UserError

_HEADER = re.compile(r"^# /// variant\n(?P<toml>(?:#.*\n)*?)# ///$", re.MULTILINE)

Name = Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]


class Expectation(BaseModel):
    """What the grader must make of a wrong answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    misconception: Name
    """A name no other variant of the assignment has."""
    fails: tuple[Name, ...] = Field(min_length=1)
    """Hidden tests, by function name, that it must at least fail."""
    hints: tuple[Name, ...]
    """Hints it must earn; none for answers that show no misconception, such as ``pass``."""


@dataclass(frozen=True)
class Variant:
    """Answers by task, and for a wrong variant what must come of them."""

    path: Path
    answers: Mapping[str, str]
    expectation: Expectation | None = None

    @property
    def name(self) -> str:
        """The file's name without ``.py``."""
        return self.path.stem


def read_variant(path: Path, contract: Contract) -> Variant:
    """Read a reference or another right answer.

    Raises
    ------
    UserError
        If a cell is no answer to a task of the contract, naming file and line.
    """
    script = read_script(path, imports_on_top=True)
    return Variant(path, _answers(script.cells, contract))


def read_wrong_variant(path: Path, contract: Contract) -> Variant:
    """Read a wrong answer and what is expected of it.

    Raises
    ------
    UserError
        As :func:`read_variant`, or if the file does not start with a valid ``variant`` block.
    """
    script = read_script(path, imports_on_top=True)
    expectation = _read_expectation(path, script.header)
    return Variant(path, _answers(script.cells, contract), expectation)


def apply_answers(stub: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """Return the stub notebook as a student hands it in who wrote ``answers``.

    Only the text of the answer cells changes: ids, points and checksums stay the stub's.
    Tasks without an answer keep their stub.
    """
    notebook = copy.deepcopy(stub)
    for cell in notebook.cells:
        task = answered_task(cell)
        if task is not None and task in answers:
            cell.source = answers[task]
    return notebook


def answered_task(cell: NotebookNode) -> str | None:
    """Return the task whose answer a notebook cell holds, or None."""
    nbgrader = cell.metadata.get("nbgrader", {})
    if not nbgrader.get("solution"):
        return None
    return str(nbgrader["grade_id"]).removesuffix("_answer")


def _answers(cells: tuple[Cell, ...], contract: Contract) -> dict[str, str]:
    answers: dict[str, str] = {}
    for cell in cells:
        task = contract.by_id.get(cell.task or "")
        if task is None:
            raise cell.error(
                f"task={cell.task!r} is not a task of the contract.",
                f'Every cell here answers one of {", ".join(contract.by_id)}: # %% task="...".',
            )
        if cell.role is not None or cell.tags:
            raise cell.error("an answer has a task, and neither role nor tags.")
        if (cell.kind == "markdown") != (task.kind is Kind.WRITTEN):
            raise cell.error(
                f"{task.id} is of the kind {task.kind}, and this cell is {cell.kind}.",
                "Answers to written tasks are [markdown], all others are code.",
            )
        if task.id in answers:
            raise cell.error(f"{task.id} is answered twice in this file.")
        answers[task.id] = cell.source
    return answers


def _read_expectation(path: Path, header: str) -> Expectation:
    found = _HEADER.search(header)
    if found is None:
        raise UserError(
            f"{path} does not say what is expected of it.",
            hint="Start it with a `# /// variant` block; docs/authoring.md shows one.",
        )
    text = "\n".join(line.removeprefix("#").strip() for line in found["toml"].splitlines())
    try:
        return Expectation.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: its variant block is not valid TOML: {error}") from error
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise UserError(
            f"{path}: its variant block is not valid.\n  " + "\n  ".join(problems),
            hint="It holds misconception, fails and hints; docs/authoring.md shows one.",
        ) from error
