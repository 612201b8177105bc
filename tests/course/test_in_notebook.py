"""What a real kernel's outputs hold: a report for each check, a picture for the race."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

CHECKS = '''
from course.checking import visible

@visible("t1")
def descends(answer):
    """A step goes downhill."""
    assert answer.SGD(lr=0.5).step(1.0, 1.0) == 0.5
'''
CELLS = [
    """
from course import check, optimizer_race
class SGD:
    def __init__(self, lr):
        self.lr = lr
    def step(self, w, g):
        return w - self.lr * g
""",
    'check("t1")',
    'race = optimizer_race({"SGD": SGD}, steps=5)\nrace',
    'race.controls["SGD"]["lr"].value = 0.07',
    "def SGD(lr):\n    return 1 / 0\ncheck('t1')",
    'check("t9")',
]
WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    folder: Path = tmp_path_factory.mktemp("notebook")
    (folder / "checks.py").write_text(CHECKS, encoding="utf-8")
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    client = NotebookClient(nb, timeout=60, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return nb


def data_of(notebook: NotebookNode, cell: int) -> list[Any]:
    outputs = notebook.cells[cell].outputs
    assert all(output.output_type == "display_data" for output in outputs), outputs
    return [output.data for output in outputs]


def test_check_shows_no_html_or_no_text(notebook: NotebookNode) -> None:
    (data,) = data_of(notebook, 1)
    assert data["text/plain"].startswith("t1: 1 of 1 visible checks passed")
    assert "A step goes downhill." in data["text/html"]


def test_line_of_the_students_cell_is_lost(notebook: NotebookNode) -> None:
    (data,) = data_of(notebook, 4)
    assert "ZeroDivisionError: division by zero" in data["text/plain"]
    assert "line 2 of your cell: return 1 / 0" in data["text/plain"]


def test_unknown_task_stops_the_notebook(notebook: NotebookNode) -> None:
    (data,) = data_of(notebook, 5)
    assert "There are some for: t1" in data["text/plain"]


def test_race_leaves_no_picture_in_the_notebook(notebook: NotebookNode) -> None:
    controls, picture = data_of(notebook, 2)
    assert WIDGET in controls
    assert "image/png" not in controls
    assert len(picture["image/png"]) > 10_000
    assert WIDGET not in picture


def test_moved_slider_leaves_the_old_picture(notebook: NotebookNode) -> None:
    (_, picture) = data_of(notebook, 2)
    assert notebook.cells[3].outputs == []
    w1, w2 = -4.0 * (1 - 0.07) ** 5, 1.2 * (1 - 0.07 * 25) ** 5
    loss = 0.5 * (w1**2 + 25 * w2**2)
    assert f"SGD: loss {loss:.3g} after 5 steps" in picture["text/plain"]


@pytest.mark.parametrize("with_state", [True, False])
def test_html_export_lacks_the_picture(notebook: NotebookNode, with_state: bool) -> None:
    nb = nbformat.from_dict(notebook)
    if not with_state:
        nb.metadata.pop("widgets", None)
    page, _ = HTMLExporter().from_notebook_node(nb)
    assert page.count('src="data:image/png;base64') == 1
