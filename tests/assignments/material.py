"""All assignments, what is known of each, and its notebook as a student runs it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import nbclient
import numpy as np
from nbformat import NotebookNode

from autograder.authoring import (
    Assignment,
    Variant,
    apply_answers,
    build_stub,
    load_assignment,
    load_reference,
    load_solutions,
)
from autograder.contract import Kind
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load_settings(ROOT)
SLUGS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))


@cache
def assignment_of(slug: str) -> Assignment:
    return load_assignment(slug, SETTINGS)


@cache
def reference_of(slug: str) -> Variant:
    return load_reference(assignment_of(slug), SETTINGS)


@cache
def right_answers_of(slug: str) -> tuple[Variant, ...]:
    return load_solutions(assignment_of(slug), SETTINGS).right


def auto_tasks(slug: str) -> set[str]:
    """Return the tasks that tests decide."""
    tasks = assignment_of(slug).contract.tasks
    return {task.id for task in tasks if task.kind is Kind.AUTO}


def solved(slug: str) -> NotebookNode:
    """Return the notebook with the answers of the reference."""
    return apply_answers(build_stub(slug, SETTINGS), reference_of(slug).answers)


def is_explored(cell: NotebookNode) -> bool:
    """Tell whether a cell is there to be looked at, and no part of what is graded."""
    return "explore" in cell.metadata.get("tags", [])


def run_notebook(slug: str, notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook with a stock Jupyter kernel, as a student does."""
    shutil.copy(assignment_of(slug).directory / "checks.py", folder)
    resources = {"metadata": {"path": str(folder)}}
    return nbclient.NotebookClient(notebook, timeout=120, resources=resources).execute()


def outputs(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    return [output for cell in cells for output in cell.get("outputs", [])]


def load_answers(slug: str, name: str = "reference", **imports: object) -> ModuleType:
    """Import a file of answers; ``imports`` are those that it leaves to the notebook."""
    path = ROOT / "solutions" / slug / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{slug}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update(imports)
    sys.modules[spec.name] = module  # what answers define can then be sent to other processes
    spec.loader.exec_module(module)
    return module


def all_differ(values: Mapping[str, Any]) -> None:
    """Demand that no two values are close.

    Of a right rule and of known mistakes: two hints that fit the same answer would send a
    student to the wrong section.
    """
    for one, other in combinations(sorted(values), 2):
        close = np.allclose(values[one], values[other], rtol=1e-3, atol=1e-3, equal_nan=True)
        assert not close, (one, other)
