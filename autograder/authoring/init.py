"""Making an nbgrader course directory that uses this autograder, or switching one on."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from autograder.authoring.switch_on import replace_text, switched_on
from autograder.authoring.templating import refuse_existing, render, write_new
from autograder.errors import UserError
from autograder.settings import Settings

CONFIG_FILE = "nbgrader_config.py"
_SECRET_BYTES = 32
_NEVER_PUBLISHED = (".autograder-secret", "/.autograder/")


def init_course(
    directory: Path,
    *,
    course_id: str,
    exchange_root: Path | None = None,
    assignments_dir: Path | None = None,
    solutions_dir: Path | None = None,
    graders_dir: Path | None = None,
) -> list[Path]:
    """Write ``nbgrader_config.py``, ``autograder.toml``, ``.gitignore`` and the course's secret.

    In a course directory that is there already, the autograder is switched on in its own
    ``nbgrader_config.py``. A ``.gitignore`` that is there gets the secret and the journal's folder
    at its end, unless it names them.

    Parameters
    ----------
    directory
        The course directory; it is made if need be.
    course_id
        nbgrader's name of the course.
    exchange_root
        nbgrader's exchange, where it is not the one nbgrader chooses.
    assignments_dir, solutions_dir, graders_dir
        Where the course's material lies; by default inside the course directory. Paths
        inside it are written relative to it, so that it can be moved.

    Returns
    -------
    list of Path
        The files it wrote or changed.

    Raises
    ------
    UserError
        If one of the other files is already there, or the configuration cannot be changed;
        then nothing is written.
    """
    home = directory.resolve()
    secret_file = home / str(Settings.model_fields["secret_file"].default)
    values = {
        "course_id": _quoted(course_id),
        "exchange_root": _quoted(str(exchange_root.resolve())) if exchange_root else "",
        "assignments_dir": _as_written(assignments_dir or home / "assignments", home),
        "solutions_dir": _as_written(solutions_dir or home / "solutions", home),
        "graders_dir": _as_written(graders_dir or home / "graders", home),
        "secret_file": _as_written(secret_file, home),
    }
    texts = {home / name: text for name, text in render("course", values).items()}
    changes: dict[Path, str] = {}
    config, ignored = home / CONFIG_FILE, home / ".gitignore"
    if config.exists():
        changes[config] = _switched_on(config, exchange_root)
        del texts[config]
        texts[ignored] = _with_lines("", _NEVER_PUBLISHED)  # its folders are tracked as they are
    if ignored.exists():
        del texts[ignored]
        before = ignored.read_text(encoding="utf-8")
        if (after := _with_lines(before, _NEVER_PUBLISHED)) != before:
            changes[ignored] = after
    refuse_existing([*texts, secret_file])
    for path, text in texts.items():
        write_new(path, text)
    _write_secret(secret_file)
    for path, text in changes.items():
        replace_text(path, text)
    return [*changes, *texts, secret_file]


def _with_lines(text: str, lines: Iterable[str]) -> str:
    """Return the text with those lines at its end that it does not have."""
    missing = [line for line in lines if line not in text.splitlines()]
    before = text if not text or text.endswith("\n") else f"{text}\n"
    return before + "".join(f"{line}\n" for line in missing) if missing else text


def _switched_on(config: Path, exchange_root: Path | None) -> str:
    if exchange_root is not None:
        raise UserError(
            f"{config} is there already, and says itself where the exchange is.",
            hint="Leave --exchange out; nothing was changed.",
        )
    return switched_on(config)


def _as_written(path: Path, home: Path) -> str:
    """Return a path as text: relative to the course directory if it lies inside."""
    path = path.resolve()
    return _quoted(str(path.relative_to(home) if path.is_relative_to(home) else path))


def _quoted(text: str) -> str:
    """Return a string literal that is the same in Python and in TOML."""
    return json.dumps(text, ensure_ascii=False)


def _write_secret(path: Path) -> None:
    """Write a fresh secret that only its owner can read, from the first moment on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_SECRET_BYTES) + "\n")
