"""A contract that is not valid must say where, before a class is graded by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.contract import Kind, Level, load_contract
from autograder.errors import UserError

TASK = """
[[task]]
id = "a1_t3"
title = "SGD with momentum"
kind = "auto"
level = "core"
points = 4
minutes = 45
forbids = ["torch.optim"]
"""
CONTRACT = f'title = "SGD against Adam"\nnotebook = "a1_sgd"\n{TASK}'


def write(tmp_path: Path, text: str, slug: str = "a1_sgd") -> Path:
    directory = tmp_path / slug
    directory.mkdir()
    (directory / "assignment.toml").write_text(text, encoding="utf-8")
    return directory


def test_contract_is_read_whole(tmp_path: Path) -> None:
    contract = load_contract(write(tmp_path, CONTRACT))
    assert (contract.title, contract.notebook) == ("SGD against Adam", "a1_sgd")
    (task,) = contract.tasks
    assert (task.id, task.kind, task.level) == ("a1_t3", Kind.AUTO, Level.CORE)
    assert (task.points, task.minutes, task.forbids) == (4.0, 45, ("torch.optim",))
    assert contract.by_id == {"a1_t3": task}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("points = 4", "points = 0", "task 1 (a1_t3), points"),
        ("points = 4", "points = inf", "task 1 (a1_t3), points"),
        ("points = 4", "", "task 1 (a1_t3), points: this key is missing"),
        ("points = 4", "points = 4\nworth = 4", "task 1 (a1_t3), worth: this key is unknown"),
        ('"auto"', '"automatic"', "task 1 (a1_t3), kind"),
        ('"core"', '"hard"', "task 1 (a1_t3), level"),
        ('"a1_t3"', '"A1_t3"', "task 1 (A1_t3), id"),
        ('"a1_t3"', '"task3"', "task 1 (task3), id"),
        ('["torch.optim"]', '["import torch"]', "task 1 (a1_t3), forbids"),
        ('["torch.optim"]', '["torch"]', "torch cannot be forbidden as a whole"),
        ('"a1_sgd"', '"a1_sgd.ipynb"', "notebook: a name is"),
        (TASK, "", "task: this key is missing"),
        (TASK, "task = []", "task: there is no [[task]]"),
        (TASK, TASK + TASK, "the task id a1_t3 is used more than once"),
        ("minutes = 45", "minutes = ", "is not valid TOML"),
    ],
)
def test_mistake_is_named_with_file_and_key(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in CONTRACT
    directory = write(tmp_path, CONTRACT.replace(old, new))
    with pytest.raises(UserError) as caught:
        load_contract(directory)
    assert str(directory / "assignment.toml") in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize("slug", ["A1", "1a", "a-1", "a" * 41])
def test_directory_that_nbgrader_could_not_name_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(UserError, match="cannot be the name"):
        load_contract(write(tmp_path, CONTRACT, slug))


def test_missing_contract_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no contract"):
        load_contract(tmp_path / "a1_sgd")
