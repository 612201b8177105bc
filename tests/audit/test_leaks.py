"""Hidden text that students could read is found wherever it got out."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.audit import crossing
from autograder.audit.disclosure import revealed
from autograder.audit.leaks import search_leaks, together
from autograder.audit.report import Leak, LeakSearch
from autograder.authoring import Variant

from .bench import SLUG, Bench, change

PROJECT = """\
[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = "leaky"
version = "1"

[tool.setuptools]
packages = ["graders.b1_errors"]
"""


def search(bench: Bench) -> LeakSearch:
    return search_leaks(SLUG, bench.settings, [])


def test_wrong_answers_share_submissions_where_their_tasks_differ() -> None:
    wrong = [
        Variant(Path("a.py"), {"t1": "a"}),
        Variant(Path("b.py"), {"t1": "b"}),
        Variant(Path("c.py"), {"t2": "c"}),
        Variant(Path("d.py"), {"t2": "d", "t3": "d"}),
    ]
    assert together(wrong) == [{"t1": "a", "t2": "c"}, {"t1": "b", "t2": "d", "t3": "d"}]


def test_nothing_leaks_from_a_sound_assignment_and_everything_was_searched(bench: Bench) -> None:
    found = search(bench)
    assert not found.leaks
    searched = {"release", "feedback", "frames sent to a submission", "files a submission can read"}
    assert searched <= {place for place, count in found.places.items() if count > 0}


def test_hidden_test_copied_into_the_assignment_is_found(bench: Bench) -> None:
    assignment = bench.settings.locate(bench.settings.assignments_dir) / SLUG
    shutil.copyfile(bench.tests, assignment / "helper.py")
    found = search(bench)
    assert Leak(
        what=f"lines of the hidden file {bench.tests.name}", where="release: helper.py"
    ) in (found.leaks)


def test_answer_pasted_into_the_notebook_is_found(bench: Bench) -> None:
    notebook = bench.settings.locate(bench.settings.assignments_dir) / SLUG / "notebook.py"
    line = "    squares = float(np.mean((predicted - target) ** 2, dtype=np.float64))"
    change(bench.solutions / "reference.py", "    return", f"{line}\n    return")
    notebook.write_text(notebook.read_text() + f'\n# %% tags=["explore"]\nif False:\n{line}\n')
    assert [leak.what for leak in search(bench).leaks] == ["lines of the reference (b1_t1)"]


def test_test_that_prints_itself_is_found_in_the_feedback(bench: Bench) -> None:
    change(
        bench.tests,
        'what="The error is the mean of the squared differences over all entries."',
        "what=open(__file__).read()[-400:]",
    )
    leaks = search(bench).leaks
    assert {leak.what for leak in leaks} == {f"the hidden file {bench.tests.name}"}
    assert all(leak.where.startswith("feedback: ") for leak in leaks)


def test_expected_value_in_a_data_file_crosses_to_the_submission(bench: Bench) -> None:
    """What tests pass on purpose are inputs; a file of answers beside the notebook is none."""
    before = "    expect.close(\n"
    bench.tests.write_text(bench.tests.read_text().replace(before, FIXED + before, 1))
    assignment = bench.settings.locate(bench.settings.assignments_dir) / SLUG
    np.save(assignment / "table.npy", np.array([2.0, 0.7654321**2]))
    leaks = search(bench).leaks
    assert any(leak.where == "what crosses to a submission" for leak in leaks), leaks


FIXED = """\
    fixed, zero = np.array([0.7654321]), np.zeros(1)
    got = student.call("mean_squared_error", fixed, zero)
    expect.close(got, mean_of_squares(fixed, zero), what="The error")
"""


def test_wheel_that_packs_the_hidden_tests_is_found(bench: Bench) -> None:
    (bench.settings.course_dir / "pyproject.toml").write_text(PROJECT)
    found = search(bench)
    assert found.places["wheel"] > 0
    assert any("leaky" in leak.where and bench.tests.name in leak.what for leak in found.leaks)


@pytest.mark.parametrize(
    ("message", "gives_away"),
    [
        ("expected 0.123457", True),
        ("expected 1.2346e-05, got 3", True),
        ("expected 0.12", False),  # two digits agree by chance
        ("12 entries, 3.5 times", False),
        ("", False),
    ],
)
def test_expected_values_in_a_message(message: str, gives_away: bool) -> None:
    wanted = [np.array([[0.1234567, 7.0]]), np.array(1.23456e-5)]
    assert bool(revealed(message, wanted)) is gives_away
    assert not revealed(message, wanted, own=wanted)


@pytest.mark.parametrize(
    ("value", "telling"), [(0.1234567890123, True), (0.5, False), (1e300, False), (5e-324, False)]
)
def test_only_a_value_of_many_digits_is_known_again(value: float, telling: bool) -> None:
    """The eight bytes of 5e-324 are those of the count 1, which stands in most frames."""
    assert crossing._is_telling(value) is telling
