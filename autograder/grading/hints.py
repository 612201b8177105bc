"""What students are told about known misconceptions."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from autograder.errors import UserError

FILE_NAME = "hints.toml"


class Hint(BaseModel):
    """One misconception: what to say, and what to read again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    section: str = ""

    @property
    def advice(self) -> str:
        """The text with a pointer to the section of the notebook."""
        return f"{self.text} Read again: {self.section}." if self.section else self.text


def load_hints(grader_dir: Path) -> dict[str, Hint]:
    """Read an assignment's hints; no file means none.

    Raises
    ------
    UserError
        If the file is not TOML of the form ``[identifier]`` with ``text`` and ``section``.
    """
    path = grader_dir / FILE_NAME
    if not path.exists():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: Hint.model_validate(entry) for name, entry in entries.items()}
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise UserError(
            f"{path} is not a valid list of hints: {error}",
            hint='Each is a table [identifier] with text = "..." and section = "...".',
        ) from error
