"""A cell that was not run to its end must not look like one that had nothing to show.

Where tests stand in the notebook, nbgrader gives full marks to a test cell without outputs.
"""

from __future__ import annotations

from typing import Any, cast

import nbformat
from nbformat import NotebookNode

from autograder.kernels import StudentProcess, run_notebook
from autograder.kernels.outputs import OutputCollector
from autograder.kernels.process import CellRun, ProcessEnded

LIMIT = 1000


class Process:
    """Stands for a student's process: ends, fails silently, or runs, by what a cell says."""

    def run_cell(self, source: str, on_message: Any) -> CellRun:
        if source == "end":
            raise ProcessEnded("the process ended itself with exit status 0")
        return CellRun(success=source != "fail", count=1)

    def close(self) -> None:
        pass


def run(*sources: str) -> list[NotebookNode]:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    run_notebook(nb, lambda: cast(StudentProcess, Process()), OutputCollector(nb, LIMIT))
    return list(nb.cells)


def errors(cell: NotebookNode) -> list[str]:
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def test_cell_that_ended_the_process_has_one_error_and_the_others_run() -> None:
    ran, ended, after = run("1", "end", "2")
    assert (errors(ran), errors(ended), errors(after)) == ([], ["ProcessEnded"], [])
    assert after.execution_count == 1


def test_cell_that_was_never_reached_has_an_error() -> None:
    cells = run(*["end"] * 6, "print()")
    assert all(errors(cell) for cell in cells)
    assert errors(cells[-1]) == ["NotRun"]


def test_failure_that_was_hidden_is_shown() -> None:
    (cell,) = run("fail")
    assert errors(cell) == ["CellFailed"]


def test_how_a_cell_ended_is_kept_however_much_it_showed_before() -> None:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
    collector, cell = OutputCollector(nb, LIMIT), nb.cells[0]
    collector.begin(cell)
    text = {"name": "stdout", "text": "x" * 600}
    value = {"data": {"text/plain": "0.5"}, "metadata": {}, "execution_count": 1}
    error = {"ename": "E", "evalue": "", "traceback": []}
    for kind, content in [("stream", text)] * 3 + [("execute_result", value), ("error", error)] * 2:
        collector.add(cell, 0, kind, content)
    collector.finish(cell)
    kinds = [output.output_type for output in cell.outputs]
    assert kinds == ["stream", "execute_result", "error"]
    # A note on stderr would cost the points of an honest test cell.
    assert cell.outputs[0].name == "stdout"
    assert "was cut" in cell.outputs[0].text
