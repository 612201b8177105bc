"""The folder a demo lives in: replaced only if a demo made it."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from autograder.errors import UserError

MARKER = ".autograder-demo"
_MARKER_TEXT = "`autograder demo` made this folder, and replaces it when it is run again.\n"


def prepare_folder(folder: Path, *, keep: bool) -> Path:
    """Return an empty folder, marked as a demo's.

    Parameters
    ----------
    folder
        Where it is wanted. An earlier demo there is deleted.
    keep
        Leave an earlier demo alone, and number this one: ``demo-run-2``, ``demo-run-3``, ...

    Raises
    ------
    UserError
        If something else is there.
    """
    folder = folder.absolute()
    if keep:
        numbered = (folder.with_name(f"{folder.name}-{number}") for number in itertools.count(2))
        folder = next(path for path in itertools.chain([folder], numbered) if not _is_taken(path))
    elif _is_taken(folder):
        if folder.is_symlink() or not (folder / MARKER).is_file():
            raise UserError(
                f"{folder} is there already, and no demo made it.",
                hint="Choose another folder with --dir, or move this one away.",
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    return folder


def _is_taken(folder: Path) -> bool:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        return True
    return folder.is_dir() and any(folder.iterdir())
