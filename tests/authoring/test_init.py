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


EXISTING = """\
'''My course: it imports os.'''
import os
c = get_config()  # traitlets gives it
c.CourseDirectory.course_id = "mine"
c.Autograde.autograde_preprocessors.insert(0, "my_step.Step")
"""


def test_course_that_is_there_is_switched_on_by_one_command(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(EXISTING)
    (tmp_path / "nbgrader_config.py").chmod(0o640)
    (tmp_path / "source").mkdir()
    assert {path.name for path in init_course(tmp_path, course_id="other")} == FILES
    config = PyFileConfigLoader("nbgrader_config.py", str(tmp_path)).load_config()
    assert config.CourseDirectory.course_id == "mine"
    steps = config.Autograde.autograde_preprocessors
    assert steps[0] == "my_step.Step"  # what the course says comes after, and counts
    assert "autograder.hooks.grade.GradeSubmission" in steps
    assert stat.S_IMODE((tmp_path / "nbgrader_config.py").stat().st_mode) == 0o640
    # What its owner tracks stays tracked; the secret is new.
    assert (tmp_path / ".gitignore").read_text().split() == [".autograder-secret", "/.autograder/"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("c = get_config()\nfrom autograder.hooks import configure\n", "on already"),
        ("c = load('elsewhere')\n", "no line"),
        ("c = get_config(\n", "not valid Python"),
    ],
)
def test_configuration_that_cannot_be_changed_stays(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "nbgrader_config.py"
    path.write_text(text)
    with pytest.raises(UserError, match=why):
        init_course(tmp_path, course_id="dl")
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_exchange_of_a_course_that_is_there_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(EXISTING)
    with pytest.raises(UserError, match="where the exchange is"):
        init_course(tmp_path, course_id="dl", exchange_root=tmp_path / "exchange")
    assert (tmp_path / "nbgrader_config.py").read_text() == EXISTING


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


@pytest.mark.parametrize("own", ["mine\n", "mine", "mine\n/.autograder/\n", ""])
def test_gitignore_of_ones_own_keeps_its_lines_and_never_shows_the_secret(
    tmp_path: Path, own: str
) -> None:
    course = tmp_path
    (course / ".gitignore").write_text(own)
    init_course(course, course_id="dl")
    lines = (course / ".gitignore").read_text().splitlines()
    assert lines[: len(own.splitlines())] == own.splitlines()
    assert sorted(set(lines) - {"mine"}) == [".autograder-secret", "/.autograder/"]
    assert len(lines) == len(set(lines))
