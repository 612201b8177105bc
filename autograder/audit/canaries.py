"""A throw-away course in which hidden text carries canaries: words that are found nowhere else."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder.audit.lines import hidden_lines
from autograder.authoring import (
    Solutions,
    apply_answers,
    build_assignment,
    build_stub,
    init_course,
    load_assignment,
    load_solutions,
)
from autograder.batch import Course, open_course
from autograder.demo.steps import Staff
from autograder.settings import FILE_NAME, Settings

PREFIX = "canary"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", ".ipynb_checkpoints")
_PATIENCE_S = 4.0
"""Of wrong answers texts are wanted, not marks: their servers are not waited for so long."""


@dataclass
class Canaries:
    """Words planted in hidden text.

    Attributes
    ----------
    planted
        Word -> what it stands for, such as "the hidden test test_a1_t5.py".
    """

    planted: dict[str, str] = field(default_factory=dict)

    def new(self, meaning: str) -> str:
        """Return a word that stands for ``meaning``."""
        word = f"{PREFIX}-{secrets.token_hex(12)}"
        self.planted[word] = meaning
        return word

    def found_in(self, data: bytes) -> set[str]:
        """Return what the canaries in some bytes stand for."""
        return {meaning for word, meaning in self.planted.items() if word.encode() in data}


@dataclass(frozen=True)
class PlantedCourse:
    """An nbgrader course directory whose graders and answers carry canaries."""

    course: Course
    slug: str
    canaries: Canaries
    solutions: Solutions
    hidden_lines: Mapping[str, str]

    @property
    def root(self) -> Path:
        """The course directory."""
        return self.course.root

    def release(self) -> Path:
        """Build and generate the release; return its directory."""
        settings = self.course.settings
        build_assignment(self.slug, settings, settings.locate(Path("source")))
        Staff(self.course, self.slug).generate_assignment()
        return self.root / "release" / self.slug

    def submit(self, student: str, answers: Mapping[str, str], more: Iterable[str] = ()) -> None:
        """Write a submission: the stub with some answers, and some cells before it."""
        stub = build_stub(self.slug, self.course.settings)
        notebook = apply_answers(stub, answers)
        notebook.cells[:0] = [nbformat.v4.new_code_cell(source, id="spy") for source in more]
        folder = self.root / "submitted" / student / self.slug
        shutil.copytree(self.root / "release" / self.slug, folder)
        (path,) = folder.glob("*.ipynb")
        path.write_text(nbformat.writes(notebook), encoding="utf-8")


def plant(slug: str, settings: Settings, home: Path) -> PlantedCourse:
    """Copy an assignment into a new course below ``home``, and plant canaries in it."""
    canaries = Canaries()
    folders = {}
    for name in ("assignments", "solutions", "graders"):
        original = settings.locate(getattr(settings, f"{name}_dir")) / slug
        shutil.copytree(original, home / name / slug, ignore=_IGNORED)
        folders[name] = home / name
    _plant_in_graders(folders["graders"] / slug, canaries)
    _plant_in_answers(folders["solutions"] / slug / "reference.py", canaries)
    root = home / "course"
    init_course(
        root,
        course_id="audit",
        assignments_dir=folders["assignments"],
        solutions_dir=folders["solutions"],
        graders_dir=folders["graders"],
    )
    with (root / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(f"answer_wall_s = {_PATIENCE_S}\n")
    course = open_course(root)
    secret = course.settings.locate(course.settings.secret_file).read_text().strip()
    canaries.planted[secret] = "the course's secret"
    assignment = load_assignment(slug, course.settings)
    answers = load_solutions(assignment, course.settings)
    lines = hidden_lines(assignment, answers, folders["graders"] / slug)
    return PlantedCourse(course, slug, canaries, answers, lines)


def _plant_in_graders(directory: Path, canaries: Canaries) -> None:
    for path in sorted(directory.rglob("*")):
        if path.suffix in (".py", ".toml"):
            word = canaries.new(f"the hidden file {path.name}")
            text = f'# {word}\n_CANARY = "{word}"\n' if path.suffix == ".py" else f"# {word}\n"
            path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")


def _plant_in_answers(path: Path, canaries: Canaries) -> None:
    """Put a comment below each cell's head, where the answer begins."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if line.startswith("# %%"):
            word = canaries.new(f"the reference ({line.removeprefix('# %%').strip()})")
            lines.append(f"# {word}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
