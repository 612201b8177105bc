"""A course directory that `autograder init` makes must work, and keep its secret."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from traitlets.config.loader import PyFileConfigLoader

from autograder.authoring import build_assignment, init_course, new_assignment
from autograder.errors import UserError
from autograder.settings import load_settings

FILES = {"nbgrader_config.py", "autograder.toml", ".autograder-secret", ".gitignore"}


def test_new_course_takes_an_assignment_to_its_source(tmp_path: Path) -> None:
    course = tmp_path / "course"
    assert {path.name for path in init_course(course, course_id="dl")} == FILES
    settings = load_settings(course)
    new_assignment("b1_errors", settings)
    assert {path.name for path in course.iterdir()} == {
        *FILES,
        "assignments",
        "solutions",
        "graders",
    }
    assert build_assignment("b1_errors", settings, course / "source").is_file()


def test_paths_inside_are_relative_and_others_absolute(tmp_path: Path) -> None:
    course, elsewhere = tmp_path / "course", tmp_path / 'else "where"'
    init_course(course, course_id="dl", solutions_dir=course / "mine", graders_dir=elsewhere)
    settings = load_settings(course)
    assert settings.assignments_dir == Path("assignments")
    assert settings.solutions_dir == Path("mine")
    assert settings.graders_dir == elsewhere
    assert settings.locate(settings.secret_file) == course / ".autograder-secret"


def test_secret_is_random_and_only_its_owners(tmp_path: Path) -> None:
    secrets = set()
    for name in ("one", "two"):
        init_course(tmp_path / name, course_id="dl")
        path = tmp_path / name / ".autograder-secret"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        secrets.add(path.read_bytes().strip())
    assert len(secrets) == 2
    assert min(map(len, secrets)) >= 32


def test_nbgrader_reads_the_configuration(tmp_path: Path) -> None:
    course = tmp_path / "course"
    init_course(course, course_id="dl 'x'", exchange_root=tmp_path / "exchange")
    config = PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()
    assert config.CourseDirectory.root == str(course)
    assert config.CourseDirectory.course_id == "dl 'x'"
    assert config.Exchange.root == str(tmp_path / "exchange")
    assert "RestoreStubs" in str(config.GenerateAssignment.preprocessors)


def test_exchange_is_nbgraders_own_unless_asked(tmp_path: Path) -> None:
    init_course(tmp_path, course_id="dl")
    assert "Exchange" not in (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("taken", sorted(FILES - {".gitignore"}))
def test_existing_file_is_not_overwritten(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match=taken):
        init_course(tmp_path, course_id="dl")
    assert [path.name for path in tmp_path.iterdir()] == [taken]
    assert (tmp_path / taken).read_text(encoding="utf-8") == "mine"


def test_git_keeps_out_what_must_not_be_published(tmp_path: Path) -> None:
    course = tmp_path / "course"
    init_course(course, course_id="dl")
    ignored = (course / ".gitignore").read_text().split()
    for name in (".autograder-secret", "/submitted/", "/source/"):
        assert name in ignored


def test_gitignore_of_ones_own_stays(tmp_path: Path) -> None:
    course = tmp_path
    (course / ".gitignore").write_text("mine\n")
    init_course(course, course_id="dl")
    assert (course / ".gitignore").read_text() == "mine\n"
