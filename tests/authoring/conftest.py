"""A small assignment to test with: the one that `autograder new` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import new_assignment
from autograder.settings import FILE_NAME, Settings

SLUG = "b1_errors"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a course directory that holds one assignment."""
    settings = Settings(course_dir=tmp_path / "course", graders_dir=Path("graders"))
    settings.course_dir.mkdir()
    (settings.course_dir / FILE_NAME).touch()
    new_assignment(SLUG, settings)
    return settings


@pytest.fixture
def assignment_dir(settings: Settings) -> Path:
    """Return where the assignment's public files lie."""
    return settings.locate(settings.assignments_dir) / SLUG


@pytest.fixture
def solutions_dir(settings: Settings) -> Path:
    """Return where the assignment's answers lie."""
    return settings.locate(settings.solutions_dir) / SLUG


@pytest.fixture
def graders_dir(settings: Settings) -> Path:
    """Return where the assignment's hidden tests lie."""
    return settings.locate(settings.graders_dir) / SLUG
