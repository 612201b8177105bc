"""Keeps the files that a notebook made beside it, as plain nbgrader leaves them.

Their names and contents are the student's process's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

MOST_FILES = 100
MOST_BYTES = 16 << 20
_LONGEST_NAME = 200
_NOT_KEPT = (".ipynb", ".pyc")
_NBGRADERS_OWN = "timestamp.txt"


def keep_made(folder: Path, files: Mapping[object, object]) -> int:
    """Write the files that a notebook made into its folder; return how many were not kept.

    Nothing that is there is replaced, no notebook is made, and nothing lies outside the folder.

    Parameters
    ----------
    files
        Contents by name, as the student's process told them.
    """
    left, kept = MOST_BYTES, 0
    for name, content in list(files.items())[:MOST_FILES]:
        if not (isinstance(name, str) and isinstance(content, bytes) and _is_plain(name)):
            continue
        if len(content) <= left and _write(folder, name, content):
            left, kept = left - len(content), kept + 1
    return len(files) - kept


def _is_plain(name: str) -> bool:
    """Whether a name is that of a file below the folder, and none that nbgrader reads."""
    path = PurePosixPath(name)
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and str(path) == name
        and not path.is_absolute()
        and not any(part.startswith(".") for part in path.parts)
        and path.suffix not in _NOT_KEPT
        and name != _NBGRADERS_OWN
    )


def _write(folder: Path, name: str, content: bytes) -> bool:
    path = folder / name
    if any((folder / parent).is_symlink() for parent in PurePosixPath(name).parents):
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:  # follows no link, and replaces nothing
            file.write(content)
    except (FileExistsError, NotADirectoryError):
        return False
    return True
