"""What only a5 needs: its answers start processes, so they are checked in a real kernel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.authoring import build_variant_notebook

from .material import (
    ROOT,
    SETTINGS,
    assignment_of,
    auto_tasks,
    is_explored,
    outputs,
    run_notebook,
)

SLUG = "a5_parallel_algorithms"
RIGHT = sorted((ROOT / "solutions" / SLUG / "right").glob("*.py"))


def test_points_make_a_hundred() -> None:
    assert sum(task.points for task in assignment_of(SLUG).contract.tasks) == 100


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_visible_checks_pass_every_right_answer(path: Path, tmp_path: Path) -> None:
    notebook = build_variant_notebook(SLUG, path, SETTINGS)
    notebook.cells = [cell for cell in notebook.cells if not is_explored(cell)]
    said = str(outputs(run_notebook(SLUG, notebook, tmp_path).cells))
    passed = set(re.findall(r"(\w+): (\d+) of \2 visible checks passed", said))
    assert {task for task, _ in passed} == auto_tasks(SLUG), said
