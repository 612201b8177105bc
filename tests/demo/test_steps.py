"""Students must reach the exchange under their own ids, from folders of their own."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from autograder.authoring import build_assignment, init_course, new_assignment
from autograder.batch import Course, open_course
from autograder.demo.steps import Desk, Staff
from autograder.settings import load_settings

SLUG = "b1_errors"


@pytest.fixture
def staff(tmp_path: Path) -> Staff:
    (tmp_path / "exchange").mkdir(mode=0o777)
    home = tmp_path / "course"
    init_course(home, course_id="demo", exchange_root=tmp_path / "exchange")
    settings = load_settings(home)
    new_assignment(SLUG, settings)
    build_assignment(SLUG, settings, home / "source")
    course: Course = open_course(home)
    return Staff(course, SLUG)


def desk(tmp_path: Path, student: str) -> Desk:
    log = logging.getLogger("test_steps")
    return Desk(student, SLUG, "demo", tmp_path / student, tmp_path / "exchange", log)


def test_hand_ins_arrive_under_the_students_ids(staff: Staff, tmp_path: Path) -> None:
    staff.generate_assignment()
    staff.release_assignment()
    for student in ("ada", "grace"):
        place = desk(tmp_path, student)
        place.fetch()
        (place.work / f"{SLUG}.ipynb").write_text(f"the work of {student}")
        assert place.submit().name.startswith(f"{student}+{SLUG}+")
    staff.collect()
    submitted = staff.course.root / "submitted"
    assert staff.course.submitted_students(SLUG) == ["ada", "grace"]
    for student in ("ada", "grace"):
        text = (submitted / student / SLUG / f"{SLUG}.ipynb").read_text()
        assert text == f"the work of {student}"
