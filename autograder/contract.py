"""The contract of an assignment: its tasks, what each is worth and what it allows.

It is read from ``assignments/<slug>/assignment.toml``, where ``<slug>``, the name of the
directory, is also nbgrader's name of the assignment. Points are written there and nowhere
else. Once an assignment is released, its task ids, names and points are a promise.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from autograder.errors import UserError

CONTRACT_FILE = "assignment.toml"
SLUG_PATTERN = r"[a-z][a-z0-9_]{0,39}"
# ASCII and short, since ids of notebook cells are made of them (nbformat allows 64 characters).
TASK_ID_PATTERN = r"^[a-z][A-Za-z0-9_]*_t[0-9]+$"
NOTEBOOK_PATTERN = r"^[A-Za-z][A-Za-z0-9_]*$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Module = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")]


_NEEDED_INSIDE = {"numpy", "torch"}
"""What the student's process needs to answer at all."""


class Kind(StrEnum):
    """Who marks a task: the hidden tests (``AUTO``) or a person (``WRITTEN``)."""

    AUTO = "auto"
    WRITTEN = "written"


class Level(StrEnum):
    """Whether every student is expected to do a task."""

    CORE = "core"
    STRETCH = "stretch"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Task(_Table):
    """One thing the student writes."""

    id: str = Field(pattern=TASK_ID_PATTERN, max_length=50)
    """Its name in cells, tests and marks, for example ``a1_t3``."""
    title: Text
    kind: Kind
    level: Level
    points: float = Field(gt=0, allow_inf_nan=False)
    minutes: int = Field(gt=0)
    """How long a student should expect to work on it."""
    forbids: tuple[Module, ...] = ()
    """Library modules whose use inside a graded call is refused, for example ``torch.optim``."""

    @field_validator("forbids")
    @classmethod
    def _leaves_the_process_its_own(cls, forbids: tuple[Module, ...]) -> tuple[Module, ...]:
        whole = [name for name in forbids if name in _NEEDED_INSIDE]
        if whole:
            raise ValueError(
                f"{' and '.join(whole)} cannot be forbidden as a whole, since arrays and tensors "
                "could not be sent either; name the parts that would do the work, such as torch.nn"
            )
        return forbids


class Contract(_Table):
    """An assignment's tasks, in the order of the notebook."""

    title: Text
    notebook: str = Field(pattern=NOTEBOOK_PATTERN, max_length=50)
    """Name of the built notebook, without ``.ipynb``."""
    tasks: tuple[Task, ...] = Field(alias="task")

    @model_validator(mode="after")
    def _has_tasks_with_unique_ids(self) -> Self:
        if not self.tasks:
            raise ValueError("there is no [[task]], and an assignment needs at least one")
        twice = [name for name, count in Counter(t.id for t in self.tasks).items() if count > 1]
        if twice:
            raise ValueError(f"the task id {', '.join(twice)} is used more than once")
        return self

    @property
    def by_id(self) -> dict[str, Task]:
        """The tasks by their ids."""
        return {task.id: task for task in self.tasks}


def load_contract(assignment_dir: Path) -> Contract:
    """Read the contract of the assignment in ``assignment_dir``.

    Raises
    ------
    UserError
        If the directory's name cannot be an assignment's, or if the file is missing, is not
        TOML, or holds a key that is unknown, missing or out of range. It names file and key.
    """
    check_slug(assignment_dir.resolve().name)
    path = assignment_dir / CONTRACT_FILE
    document = _read_toml(path)
    try:
        return Contract.model_validate(document)
    except ValidationError as error:
        raise UserError(
            f"{path} is not a valid contract.\n  " + "\n  ".join(_problems(document, error)),
            hint="Correct these keys; docs/authoring.md explains each of them.",
        ) from error


def check_slug(slug: str) -> None:
    """Refuse a name that cannot be an assignment's directory and nbgrader id at once.

    Raises
    ------
    UserError
        If it is not a letter and up to 39 letters, digits and underscores, all lower-case.
    """
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise UserError(
            f"{slug!r} cannot be the name of an assignment's directory.",
            hint="Use a letter, then up to 39 letters, digits and underscores, all lower-case.",
        )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UserError(
            f"There is no contract {path}.",
            hint="Write one, or start an assignment with `autograder new`.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path} is not valid TOML: {error}", hint="Correct the line it names."
        ) from error


_PROBLEMS = {
    "missing": "this key is missing",
    "extra_forbidden": "this key is unknown",
    "tuple_type": "this must be a list",
}
_SHAPES = {
    "id": "an id is letters, digits and underscores ending in _t and a number, such as a1_t3",
    "notebook": "a name is letters, digits and underscores, without .ipynb",
    "forbids": "a module is named as in an import, such as torch.optim",
}


def _problems(document: dict[str, Any], error: ValidationError) -> list[str]:
    """Return one line for each key that is wrong."""
    lines = []
    for item in error.errors():
        problem = _PROBLEMS.get(item["type"], item["msg"].removeprefix("Value error, "))
        if item["type"] == "string_pattern_mismatch":
            problem = _SHAPES[next(str(part) for part in item["loc"] if part in _SHAPES)]
        if item["loc"] and item["type"] != "missing":
            problem += f" (got {item['input']!r})"
        lines.append(f"{_key(document, item['loc'])}: {problem}")
    return lines


def _key(document: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """Return a key as a person would look for it: ``task 2 (a1_t3), points``."""
    match location:
        case ():
            return "task"
        case ("task", int(index), *rest):
            table = document["task"][index]
            name = table.get("id", "without an id") if isinstance(table, dict) else "not a table"
            return ", ".join([f"task {index + 1} ({name})", *map(str, rest)])
        case _:
            return ", ".join(map(str, location))
