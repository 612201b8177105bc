"""Writing files from the templates of this package, never over a file that is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.errors import UserError

_TEMPLATES = Path(__file__).parent / "templates"
_SUFFIX = ".j2"


def render(folder: str, values: dict[str, str]) -> dict[Path, str]:
    """Return the texts of one folder of templates, by their paths without ``.j2``."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES / folder),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    return {
        Path(name.removesuffix(_SUFFIX)): environment.get_template(name).render(values)
        for name in sorted(environment.list_templates(extensions=["j2"]))
    }


def refuse_existing(paths: Iterable[Path]) -> None:
    """Refuse to go on if one of the paths is already taken.

    Raises
    ------
    UserError
        Naming those that are.
    """
    taken = [str(path) for path in paths if path.exists() or path.is_symlink()]
    if taken:
        raise UserError(
            f"Nothing was written, since this is already there: {', '.join(taken)}.",
            hint="Choose another name, or move it out of the way.",
        )


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet, and the directories it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
