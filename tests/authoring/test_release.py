"""What students get from `nbgrader generate_assignment`: the stub, and never the answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import OverwriteCells

from autograder.authoring import (
    build_assignment,
    build_stub,
    build_variant_notebook,
    load_assignment,
    load_reference,
)
from autograder.settings import Settings

SLUG = "b1_errors"
WITH_RESTORE_STUBS = """
from nbgrader.converters import GenerateAssignment
stock = GenerateAssignment.preprocessors.default_args[0]
restore = "autograder.authoring.restore_stubs.RestoreStubs"
c = get_config()
c.GenerateAssignment.preprocessors = [
    restore if step.__name__ == "ClearSolutions" else step for step in stock
]
"""
STOCK = ""


def release(settings: Settings, config: str) -> Path:
    """Build, run the real command, and return the notebook that students would fetch."""
    course = settings.course_dir
    build_assignment(SLUG, settings, course / "source")
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    home = course / "home"  # no configuration of this account takes part
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **{name: str(home) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")},
    }
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", SLUG],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return course / "release" / SLUG / "b1_errors.ipynb"


def fragments(settings: Settings) -> set[str]:
    """Return the lines of the reference that the stub does not hold, as JSON writes them."""
    assignment = load_assignment(SLUG, settings)
    answers = load_reference(assignment, settings).answers.values()
    public = {line.strip() for cell in assignment.cells for line in cell.source.splitlines()}
    lines = {line.strip() for answer in answers for line in answer.splitlines()} - public
    return {json.dumps(line)[1:-1] for line in lines if line}


def test_release_is_the_stub_notebook(settings: Settings) -> None:
    released = release(settings, WITH_RESTORE_STUBS)
    stub = build_stub(SLUG, settings)
    got = nbformat.read(released, as_version=4)
    assert len(got.cells) == len(stub.cells)
    for cell, expected in zip(got.cells, stub.cells, strict=True):
        assert cell == expected
    assert released.read_text(encoding="utf-8") == nbformat.writes(stub) + "\n"
    assert {path.name for path in released.parent.iterdir()} == {"b1_errors.ipynb", "checks.py"}


@pytest.mark.parametrize("config", [WITH_RESTORE_STUBS, STOCK], ids=["restore_stubs", "stock"])
def test_answer_does_not_leak_into_the_release(settings: Settings, config: str) -> None:
    secret = fragments(settings)
    assert "difference = predicted - target" in secret
    assert any("pulled towards" in line for line in secret)
    text = release(settings, config).read_text(encoding="utf-8")
    source = settings.course_dir / "source" / SLUG / "b1_errors.ipynb"
    assert [line for line in secret if line not in source.read_text(encoding="utf-8")] == []
    assert [line for line in secret if line in text] == []


def test_changed_import_cell_is_restored_and_the_answer_is_not(
    settings: Settings, solutions_dir: Path
) -> None:
    release(settings, WITH_RESTORE_STUBS)
    handed_in = build_variant_notebook(SLUG, solutions_dir / "right" / "loop.py", settings)
    expected = [cell.source for cell in handed_in.cells]
    tampered = [c for c in handed_in.cells if c.id == "b1_t1" or c.source.startswith("import")]
    assert len(tampered) == 2
    for cell in tampered:
        cell.source = "np = None"
    names = {"notebook": "b1_errors", "assignment": SLUG}
    database = f"sqlite:///{settings.course_dir / 'gradebook.db'}"
    resources = {"nbgrader": {**names, "db_url": database}}
    restored, _ = OverwriteCells().preprocess(handed_in, resources)
    assert [cell.source for cell in restored.cells] == expected
