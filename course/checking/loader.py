"""Reads ``checks.py``, afresh whenever its text has changed."""

from __future__ import annotations

import linecache
from pathlib import Path
from types import ModuleType

from course.checking.marks import VisibleCheck
from course.errors import name_and_message

FILE_NAME = "checks.py"


class ChecksError(Exception):
    """The checks cannot be run; the message tells a student what to do."""


_loaded: dict[Path, tuple[str, list[VisibleCheck]]] = {}


def load_checks(folder: Path) -> list[VisibleCheck]:
    """Return the visible checks of ``checks.py`` in a folder, in the order they are written.

    The text is compared, not the time of the file: a corrected file counts at once, and no
    compiled copy is left beside the notebook.

    Raises
    ------
    ChecksError
        If the file is missing, cannot be read, fails when it is run, or holds no check.
    """
    path = folder.resolve() / FILE_NAME
    text = _read(path)
    if path not in _loaded or _loaded[path][0] != text:
        _loaded[path] = text, _checks_in(text, path)
    return _loaded[path][1]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ChecksError(
            f"There is no {FILE_NAME} in {path.parent}. It comes with the assignment: fetch the "
            "assignment again, or copy the file beside the notebook. Your work is not affected."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, error) from error


def _checks_in(text: str, path: Path) -> list[VisibleCheck]:
    module = ModuleType("checks")
    module.__file__ = str(path)
    try:
        exec(compile(text, str(path), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        raise _broken(path, error) from error
    linecache.checkcache(str(path))  # lines of an older text must not stand in a report
    checks = [value for value in vars(module).values() if isinstance(value, VisibleCheck)]
    if not checks:
        raise ChecksError(f"{path} holds no visible check. Fetch the assignment again.")
    return checks


def _broken(path: Path, error: BaseException) -> ChecksError:
    return ChecksError(
        f"{path} cannot be used ({name_and_message(error)}). This is not a fault of your "
        "solution. If you changed the file, fetch the assignment again."
    )
