"""A variant that is read wrongly would make the grader look fairer than it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring import load_assignment, load_reference, load_solutions
from autograder.authoring.variant import read_variant
from autograder.errors import UserError
from autograder.settings import Settings

SLUG = "b1_errors"
ANSWER = '# %% task="b1_t1"\ndef mean_squared_error(predicted, target):\n    return 0.0\n'


def test_wrong_variant_says_what_it_must_fail(settings: Settings) -> None:
    solutions = load_solutions(load_assignment(SLUG, settings), settings)
    assert [variant.name for variant in solutions.right] == ["loop"]
    assert [variant.name for variant in solutions.wrong] == ["absolute_error", "sum_for_mean"]
    wrong = solutions.wrong[1]
    assert wrong.expectation is not None
    assert wrong.expectation.misconception == "sum-for-mean"
    assert wrong.expectation.fails == ("test_mean_over_all_entries",)
    assert wrong.expectation.hints == ("sum-for-mean",)
    assert list(wrong.answers) == ["b1_t1"]
    assert wrong.answers["b1_t1"].startswith("def mean_squared_error(predicted, target):\n")


def test_imports_on_top_are_no_part_of_an_answer(settings: Settings, solutions_dir: Path) -> None:
    path = solutions_dir / "reference.py"
    assert "import numpy as np\n\n\n# %%" in path.read_text(encoding="utf-8")
    contract = load_assignment(SLUG, settings).contract
    assert "import" not in "".join(read_variant(path, contract).answers.values())


def test_other_code_on_top_would_be_lost_so_it_is_refused(
    settings: Settings, solutions_dir: Path
) -> None:
    path = solutions_dir / "right" / "loop.py"
    path.write_text(f"import math\n\nHALF = 0.5\n\n{ANSWER}", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_solutions(load_assignment(SLUG, settings), settings)
    assert f"{path}:3: " in str(caught.value)
    assert "would be lost" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (ANSWER.replace("b1_t1", "b1_t9"), 1, "'b1_t9' is not a task"),
        (ANSWER.replace(' task="b1_t1"', ""), 1, "None is not a task"),
        (ANSWER.replace('"b1_t1"', '"b1_t1" role="answer"'), 1, "neither role nor tags"),
        (ANSWER.replace("%%", "%% [markdown]"), 1, "this cell is markdown"),
        (ANSWER + ANSWER.replace("b1_t1", "b1_t2"), 4, "this cell is code"),
        (ANSWER + ANSWER, 4, "answered twice"),
    ],
)
def test_cell_that_is_no_answer_is_named_with_file_and_line(
    settings: Settings, solutions_dir: Path, text: str, line: int, expected: str
) -> None:
    path = solutions_dir / "right" / "mine.py"
    path.write_text(text, encoding="utf-8")
    contract = load_assignment(SLUG, settings).contract
    with pytest.raises(UserError) as caught:
        read_variant(path, contract)
    assert f"{path}:{line}: " in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("# Just a comment.", "does not say what is expected"),
        ('# /// variant\n# misconception = "a\n# ///', "not valid TOML"),
        ('# /// variant\n# misconception = "a"\n# hints = []\n# ///', "fails: Field required"),
        ('# /// variant\n# misconception = "a"\n# fails = []\n# hints = []\n# ///', "fails: "),
        (
            '# /// variant\n# misconception = "a"\n# fails = ["b"]\n# hints = []\n# x = 1\n# ///',
            "x: Extra inputs",
        ),
    ],
)
def test_wrong_variant_without_a_valid_expectation_is_refused(
    settings: Settings, solutions_dir: Path, header: str, expected: str
) -> None:
    path = solutions_dir / "wrong" / "mine.py"
    path.write_text(f"{header}\n\n{ANSWER}", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_solutions(load_assignment(SLUG, settings), settings)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)


def test_reference_that_leaves_a_task_out_is_refused(
    settings: Settings, solutions_dir: Path
) -> None:
    (solutions_dir / "reference.py").write_text(ANSWER, encoding="utf-8")
    with pytest.raises(UserError, match="does not answer b1_t2"):
        load_reference(load_assignment(SLUG, settings), settings)
