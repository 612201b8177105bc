"""A course with one small assignment, for each test afresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import init_course, new_assignment
from autograder.settings import load_settings

from .bench import SLUG, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    root = tmp_path / "course"
    init_course(root, course_id="test")
    settings = load_settings(root)
    new_assignment(SLUG, settings)
    return Bench(settings)
