"""Looks at the files of a submission without following where they point.

A file name, a symbolic link and a named pipe are all under the student's control, so
every entry is looked at with ``lstat`` and opened without following links.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DEEPEST = 30
"""Folders inside folders that are looked at; nbgrader's own walk fails at about 900."""
MOST_FILES = 2000
MOST_ODD = 50


class UnreadableError(Exception):
    """A file cannot be read as a submission's; the message says why, for a person."""


@dataclass
class Survey:
    """What lies in a submission.

    Attributes
    ----------
    regular
        Paths of ordinary files that can be read, relative to the submission.
    odd
        Paths that must not be copied, with the reason in words.
    too_much
        Why none of the files is copied; empty if they are.
    """

    regular: list[str] = field(default_factory=list)
    odd: dict[str, str] = field(default_factory=dict)
    too_much: str = ""


def survey(folder: Path) -> Survey:
    """Look through a submission's folder."""
    found = Survey()
    for path, entry in _walk(folder):
        reason = _oddity(path, entry)
        if reason:
            found.odd[path] = reason
        elif entry.is_file(follow_symlinks=False):
            found.regular.append(path)
        if path.count(os.sep) >= DEEPEST:
            found.too_much = f"its folders are nested more than {DEEPEST} deep"
        elif len(found.regular) > MOST_FILES:
            found.too_much = f"it has more than {MOST_FILES} files"
        elif len(found.odd) > MOST_ODD:
            found.too_much = f"it has more than {MOST_ODD} links, pipes or unreadable names"
        if found.too_much:
            break
    found.regular.sort()
    return found


def read_regular(path: Path, limit: int) -> bytes:
    """Read an ordinary file of at most ``limit`` bytes.

    Raises
    ------
    UnreadableError
        If it is a link, a pipe, a device or a folder, is too large or cannot be opened.
    """
    try:
        # Not blocking, since opening a pipe would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise UnreadableError("it is not there") from error
    except OSError as error:
        why = "it is a symbolic link" if path.is_symlink() else str(error.strerror)
        raise UnreadableError(why) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("it is not an ordinary file")
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(f"it is larger than {limit / 2**20:.3g} MiB")
    return data


def printable(name: str, longest: int = 80) -> str:
    """Return a file name fit for a message, whatever bytes it is made of."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every entry below a folder, entering only real folders with proper names."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
        except OSError:  # unreadable: nbgrader's walk passes over it too
            continue
        for entry in entries:
            path = os.path.join(below, entry.name)  # noqa: PTH118 (a Path drops nothing here)
            yield path, entry
            if entry.is_dir(follow_symlinks=False) and not _oddity(path, entry):
                waiting.append(path)


def _oddity(path: str, entry: os.DirEntry[str]) -> str:
    """Say why an entry must not be copied; empty if it may."""
    if entry.is_symlink():
        return "is a symbolic link"
    if not entry.is_file(follow_symlinks=False) and not entry.is_dir(follow_symlinks=False):
        return "is not an ordinary file"
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if not os.access(entry.path, os.R_OK, follow_symlinks=False):
        return "may not be read"
    return ""
