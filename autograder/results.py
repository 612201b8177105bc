"""What grading came to, kept as one JSON document for each submission.

``<course directory>/.autograder/results/<assignment>/<student>.json``. The gradebook holds the
marks that count; these documents also say which hidden tests passed, which misconceptions were
recognised and what could not be graded, for tables, summaries and comparisons.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from autograder.errors import UserError
from autograder.outcomes import SubmissionResult
from autograder.settings import Settings

FOLDER = Path(".autograder", "results")
_SUFFIX = ".json"
_LONGEST_NAME = 200
"""Bytes; file systems stop at 255, and the temporary name is a little longer."""


def results_dir(settings: Settings, slug: str) -> Path:
    """Return where the results of an assignment are kept."""
    return settings.locate(FOLDER) / file_stem(slug)


def write_result(settings: Settings, result: SubmissionResult) -> Path:
    """Keep a result in place of the student's last one.

    Whoever reads at the same time finds the old document or the new one, never a part.

    Returns
    -------
    Path
        The file it wrote.
    """
    path = _path(settings, result.assignment, result.student)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(result.model_dump_json(indent=2) + "\n")
        os.replace(temporary, path)  # noqa: PTH105 (the name is mkstemp's, a string)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def read_result(settings: Settings, slug: str, student: str) -> SubmissionResult | None:
    """Return a student's last result, or None if there is none.

    Raises
    ------
    UserError
        If the file is not a valid result of this submission.
    """
    path = _path(settings, slug, student)
    return _read(path) if path.exists() else None


def read_results(settings: Settings, slug: str) -> list[SubmissionResult]:
    """Return the last result of every student, in the order of their ids.

    Raises
    ------
    UserError
        If a file is not a valid result, or not of the submission that it is named for.
    """
    paths = results_dir(settings, slug).glob(f"*{_SUFFIX}")
    found = [_read(path) for path in paths if not path.name.startswith(".")]
    return sorted(found, key=lambda result: result.student)


def file_stem(name: str) -> str:
    """Return a file name for any student's id: its own where that is safe, else encoded.

    Distinct ids give distinct names: bytes other than ASCII letters, digits and ``_-~.`` are
    percent-encoded, as is a dot in front; a name that would be too long ends in a digest of
    the whole id.
    """
    data = name.encode("utf-8", "surrogatepass")
    stem = quote(data, safe="")
    stem = f"%2E{stem[1:]}" if stem.startswith(".") else stem
    if len(stem) <= _LONGEST_NAME:
        return stem
    digest = hashlib.sha256(data).hexdigest()
    return f"{stem[: _LONGEST_NAME - len(digest) - 1]}-{digest}"


def _path(settings: Settings, slug: str, student: str) -> Path:
    return results_dir(settings, slug) / f"{file_stem(student)}{_SUFFIX}"


def _read(path: Path) -> SubmissionResult:
    try:
        result = SubmissionResult.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the document"
        raise UserError(
            f"{path} is not a valid result: {where}: {first['msg']}.",
            hint="Delete the file and grade this submission again.",
        ) from error
    owner = (file_stem(result.assignment), file_stem(result.student))
    if owner != (path.parent.name, path.stem):
        raise UserError(
            f"{path} holds the result of {result.student!r} for {result.assignment!r}.",
            hint="Delete the file and grade the submission that it is named for again.",
        )
    return result
