"""Attacks, one file each: a header in TOML, what it tries in words, then the cells.

::

    # /// attack
    # catalogue = "reading: gradebook.db"
    # layers = ["view"]
    # aim = "canary"
    # ///
    # Reads the gradebook by its path.

    # %%
    print(open(TARGET["gradebook"], "rb").read())

The parts after ``# %%`` say where the code goes:

===================== ==================================================================
``# %%``              a cell on top of the notebook
``# %% answer``       the end of every answer cell
``# %% last``         a cell after all graded ones
``# %% explore``      a cell that runs after the hidden tests
``# %% markdown``     a Markdown cell at the end, every line a comment
``# %% file NAME``    a file beside the notebook
``# %% prepare``      run on this side, to shape ``notebook`` (JSON) and ``folder`` (a path)
``# %% accomplice``   a cell of the next submission, which looks for what this one left
===================== ==================================================================

Code finds the dictionary ``TARGET`` (:meth:`autograder.redteam.ground.Ground.card`): a student
is assumed to know where everything lies and what the tasks' functions are called.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from autograder.errors import UserError
from autograder.sandbox.layers import NAMES

SHIPPED = Path(__file__).parent / "attacks"
_HEADER = re.compile(r"\A# /// attack\n(?P<toml>(?:#.*\n)*?)# ///\n(?P<about>(?:#.*\n)*)")
_MARKER = re.compile(r"^# %%(?: +(?P<kind>\S+))?(?: +(?P<name>\S+))?$", re.MULTILINE)
_KINDS = ("cell", "answer", "last", "explore", "markdown", "file", "prepare", "accomplice")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]


class Aim(StrEnum):
    """What an attack would leave behind if it worked: the kinds of evidence."""

    MARKS = "marks"
    CANARY = "canary"
    PACKET = "packet"
    PROCESS = "process"
    PROCESSES = "processes"
    MEMORY = "memory"
    DISK = "disk"
    TIME = "time"
    SIZE = "size"
    FILE = "file"
    NEIGHBOUR = "neighbour"
    LEFT = "left"
    MARKUP = "markup"
    BATCH = "batch"
    EXCUSE = "excuse"


class Header(BaseModel):
    """What a file says about its attack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    catalogue: str = Field(min_length=3)
    """The line of the attack catalogue it belongs to."""
    layers: tuple[Name, ...] = ()
    """Layers that stop it, each by itself: with all of them switched off it succeeds."""
    aim: Aim
    """The evidence that it succeeded."""
    base: Literal["empty", "solved"] = "empty"
    """Whether the tasks are answered rightly otherwise."""
    twin: bool = False
    """An honest submission that looks like an attack: it must keep its marks."""
    stock: str = ""
    """Why it is not run against plain nbgrader; empty where it is."""


class Part(BaseModel):
    """A piece of an attack, and where it goes."""

    model_config = ConfigDict(frozen=True)

    kind: str
    text: str
    name: str = ""


class Attack(BaseModel):
    """One attack, or one honest twin."""

    model_config = ConfigDict(frozen=True)

    name: str
    family: str
    about: str
    header: Header
    parts: tuple[Part, ...]

    @property
    def student(self) -> str:
        """The id of the student who hands it in."""
        return f"rt-{self.name.replace('_', '-')}"

    @property
    def accomplice(self) -> str:
        """The id of the student who comes next and looks for what was left."""
        return f"{self.student}-next"

    def of_kind(self, *kinds: str) -> list[Part]:
        """Return the parts of these kinds, in order."""
        return [part for part in self.parts if part.kind in kinds]


def load_attacks(folders: Iterable[Path] = (SHIPPED,)) -> list[Attack]:
    """Read every attack below the folders; each subfolder is a family.

    Raises
    ------
    UserError
        If a file is no attack, or two have one name.
    """
    attacks = [read_attack(path) for folder in folders for path in sorted(folder.glob("*/*.py"))]
    names = [attack.name for attack in attacks]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise UserError(f"Two attacks have the same name: {', '.join(doubled)}.")
    return attacks


def open_attacks(attacks: Iterable[Attack], held: frozenset[str]) -> list[Attack]:
    """Return the attacks that nothing stops where only these layers of the confinement hold.

    What is no layer of the confinement (deadlines, the codec, the boundary itself) always holds.
    """
    missing = NAMES - held
    return [
        attack
        for attack in attacks
        if not attack.header.twin
        and attack.header.layers
        and missing.issuperset(attack.header.layers)
    ]


def read_attack(path: Path) -> Attack:
    """Read one attack.

    Raises
    ------
    UserError
        If it has no header, or the header or a part is not as it must be.
    """
    text = path.read_text(encoding="utf-8")
    found = _HEADER.match(text)
    if found is None:
        raise UserError(
            f"{path} is no attack.",
            hint="It starts with a `# /// attack` block; see autograder/redteam/attack.py.",
        )
    try:
        header = Header.model_validate(tomllib.loads(_uncommented(found["toml"])))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise UserError(f"The header of {path} is not valid: {error}") from error
    parts = tuple(_parts(path, text[found.end() :]))
    about = " ".join(_uncommented(found["about"]).split())
    return Attack(name=path.stem, family=path.parent.name, about=about, header=header, parts=parts)


def _parts(path: Path, text: str) -> Iterable[Part]:
    markers = list(_MARKER.finditer(text))
    for marker, following in zip(markers, [*markers[1:], None], strict=True):
        kind = marker["kind"] or "cell"
        if kind not in _KINDS or (kind == "file") != bool(marker["name"]):
            raise UserError(f"{path}: {marker[0]!r} is no kind of part.")
        content = text[marker.end() : following.start() if following else None].strip("\n")
        piece = _uncommented(content) if kind == "markdown" else content
        yield Part(kind=kind, text=piece, name=marker["name"] or "")


def _uncommented(text: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in text.splitlines())
