"""The notebook opens and runs in a real JupyterLab, in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.authoring import build_stub, build_variant_notebook
from autograder.settings import load_settings

from .conftest import Run
from .lab import PICTURE

ROOT = Path(__file__).resolve().parents[2]
SLUG = "a1_sgd_vs_adam"
SETTINGS = load_settings(ROOT)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def checks(folder: Path) -> None:
    """Put the visible checks beside the notebook, as nbgrader does."""
    shutil.copy(ROOT / "assignments" / SLUG / "checks.py", folder)


def explored(notebook: NotebookNode) -> int:
    """Count the cells that show a picture."""
    return sum("explore" in cell.metadata.get("tags", []) for cell in notebook.cells)


def test_release_opens_runs_and_shows_checks_and_widget(run: Run) -> None:
    sheet = run(build_stub(SLUG, SETTINGS))
    sheet.keep("release")
    assert "Adam" in sheet.text()
    assert "not written yet" in sheet.text()
    assert "Traceback" not in sheet.text()


def test_solved_notebook_shows_every_picture(run: Run) -> None:
    reference = ROOT / "solutions" / SLUG / "reference.py"
    notebook = build_variant_notebook(SLUG, reference, SETTINGS)
    sheet = run(notebook)
    for number, cell in enumerate(sheet.page.query_selector_all(".jp-Notebook .jp-CodeCell")):
        cell.scroll_into_view_if_needed()
        sheet.keep(f"solved_{number:02d}")
    pictures = sheet.page.eval_on_selector_all(
        PICTURE, "images => images.filter(i => i.naturalWidth > 100).length"
    )
    assert "Traceback" not in sheet.text()
    assert pictures >= explored(notebook) > 12
