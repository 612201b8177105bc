"""Reading a text file that a person wrote."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import UserError


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    UserError
        If it is not there, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UserError(
            f"There is no file {path}.", hint="Write it; docs/authoring.md describes the format."
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: {error}", hint="Save it as UTF-8.") from error
