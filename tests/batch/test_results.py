"""Results must survive odd names, and must be what they claim to be when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult
from autograder.results import file_stem, read_result, read_results, results_dir, write_result
from autograder.settings import Settings

ODD_NAMES = [
    "ada",
    ".",
    "..",
    "../../etc/passwd",
    "a/b",
    "a%2Fb",
    "grüße",
    "ß" * 150,
    "ß" * 149 + "s",
    "x" * 255,
    "name with spaces",
    "CON.json",
    ".hidden",
]


def result(student: str = "ada", points: float = 2.0) -> SubmissionResult:
    test = TestResult(name="test_x", task="b1_t1", points=points, outcome=Outcome.PASSED)
    return SubmissionResult(
        student=student,
        assignment="b1",
        notebook="b1",
        tasks=(TaskResult(task="b1_t1", max_points=points, tests=(test,)),),
        tier="T1",
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(course_dir=tmp_path)


def test_distinct_students_never_share_a_file() -> None:
    stems = {file_stem(name) for name in ODD_NAMES}
    assert len(stems) == len(ODD_NAMES)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_stay_inside_the_folder_and_come_back(settings: Settings, name: str) -> None:
    path = write_result(settings, result(name))
    assert path.parent == results_dir(settings, "b1")
    assert path.resolve() == path
    assert [item.student for item in read_results(settings, "b1")] == [name]
    assert read_result(settings, "b1", name) == result(name)


def test_new_result_replaces_the_old_and_leaves_nothing_beside_it(settings: Settings) -> None:
    write_result(settings, result(points=2.0))
    path = write_result(settings, result(points=3.0))
    assert read_results(settings, "b1") == [result(points=3.0)]
    assert list(path.parent.iterdir()) == [path]


def test_writing_that_fails_keeps_the_old_result(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_result(settings, result(points=2.0))

    def full(source: str, target: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("autograder.results.os.replace", full)
    with pytest.raises(OSError, match="no space"):
        write_result(settings, result(points=3.0))
    assert read_results(settings, "b1") == [result(points=2.0)]
    assert list(path.parent.iterdir()) == [path]


def test_no_results_yet_is_an_empty_list(settings: Settings) -> None:
    assert read_results(settings, "b1") == []
    assert read_result(settings, "b1", "ada") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Invalid JSON"),
        ('{"student": "ada"}', "assignment"),
        ("[]", "the document"),
    ],
)
def test_file_that_is_no_result_is_named(settings: Settings, text: str, problem: str) -> None:
    path = write_result(settings, result())
    path.write_text(text)
    with pytest.raises(UserError) as error:
        read_results(settings, "b1")
    assert str(path) in str(error.value)
    assert problem in str(error.value)


def test_result_under_another_students_name_is_refused(settings: Settings) -> None:
    path = write_result(settings, result("ada"))
    path.rename(path.with_name("grace.json"))
    with pytest.raises(UserError, match="holds the result of 'ada'"):
        read_results(settings, "b1")
