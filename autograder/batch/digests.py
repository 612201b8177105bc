"""What a mark depends on, as digests: the submission, the grader, the data, the environment.

Equal digests give equal marks; so a submission whose digest has not changed need not be graded
again, and marks that were given by another grader can be told from those that were not.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from pydantic import BaseModel, ConfigDict

from autograder.hooks.files import survey
from autograder.settings import Settings

_LIMITS = (
    *("term", "cell_cpu_s", "cell_wall_s", "call_cpu_s", "call_wall_s", "submission_wall_s"),
    *("memory_limit_bytes", "file_limit_bytes", "process_limit", "notebook_limit_bytes"),
)
_ENGINE = Path(__file__).resolve().parents[1]
_DECIDING = ("codec", "grading", "hooks", "inside", "kernels", "sandbox")
"""Parts of the engine that a mark can depend on."""
_BLOCK = 1 << 20


class Basis(BaseModel):
    """What all marks of a run rest on, beside the submissions themselves.

    Attributes
    ----------
    grader
        Hidden tests, contract, reference, released cells, secret and limits.
    data
        The instructor's files beside the notebook.
    environment
        Python, every installed package, and the engine.
    """

    model_config = ConfigDict(frozen=True)

    grader: str
    data: str
    environment: str


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def submission_digest(folder: Path) -> str:
    """Return the digest of everything that was handed in, its time included."""
    found = survey(folder)
    parts = [f"{name}\0{reason}" for name, reason in sorted(found.odd.items())]
    for name in found.regular:
        parts.append(f"{name}\0{file_digest(folder / name)}")
    return _digest([*parts, found.too_much])


def basis(settings: Settings, coursedir: CourseDirectory) -> Basis:
    """Return what marks of the coursedir's assignment rest on now."""
    slug = coursedir.assignment_id
    source = Path(coursedir.format_path(coursedir.source_directory, ".", slug))
    return Basis(
        grader=_digest(_grader_parts(settings, coursedir, slug)),
        data=_digest(_files([source], but=".ipynb")),
        environment=_digest(_environment_parts()),
    )


def _grader_parts(settings: Settings, coursedir: CourseDirectory, slug: str) -> list[str]:
    folders = [settings.locate(settings.graders_dir) / slug]
    folders += [settings.locate(settings.assignments_dir) / slug / "assignment.toml"]
    folders += [settings.locate(settings.solutions_dir) / slug / "reference.py"]
    folders += [settings.locate(settings.secret_file)]
    parts = [f"{name}={getattr(settings, name)}" for name in _LIMITS]
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        for notebook in gradebook.find_assignment(slug).notebooks:
            points = {cell.name: cell.max_score for cell in notebook.grade_cells}
            cells = {cell.name: cell.checksum for cell in notebook.source_cells}
            parts.append(f"{notebook.name} {sorted(points.items())} {sorted(cells.items())}")
    return [*parts, *_files(folders)]


def _environment_parts() -> list[str]:
    installed = {f"{item.name}=={item.version}" for item in metadata.distributions()}
    engine = _files([_ENGINE / part for part in _DECIDING])
    return [platform.python_version(), platform.machine(), *sorted(installed), *engine]


def _files(places: Iterable[Path], but: str = "\0") -> list[str]:
    """Return a line for each file, by its place below the folder that was named."""
    lines = []
    for place in places:
        paths = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in paths:
            if path.is_file() and path.suffix not in (but, ".pyc"):
                lines.append(f"{place.name}/{path.relative_to(place)}\0{file_digest(path)}")
    return lines


def _digest(parts: Iterable[str]) -> str:
    text = "\n".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()
