"""Runs the cells of a notebook, whatever they do to their process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.kernels.deadline import BudgetSpent
from autograder.kernels.outputs import OutputCollector
from autograder.kernels.process import ProcessEnded, StudentProcess

EXPLORE_TAG = "explore"
"""Cells with this tag run after the graded part and cost no marks."""

Chooser = Callable[[NotebookNode], bool]

_DEATHS_UNTIL_SKIPPED = 2
_MOST_RESTARTS = 8


def is_explore(cell: NotebookNode) -> bool:
    """Whether a cell runs after the graded part."""
    return EXPLORE_TAG in cell["metadata"].get("tags", [])


@dataclass
class NotebookRun:
    """A notebook whose graded part has run.

    Attributes
    ----------
    process
        Holds the notebook's state; None if it could not be kept alive.
    notes
        What a person should know about cells that were stopped or ended the process.
    """

    nb: NotebookNode
    collector: OutputCollector
    process: StudentProcess | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def has_ended(self) -> bool:
        """Whether the process was kept alive through the graded part, and has ended since.

        Raises
        ------
        SandboxLost
            If the sandbox is gone too.
        """
        return self.process is not None and self.process.has_ended

    @property
    def has_explore(self) -> bool:
        """Whether any cell is to run after the graded part."""
        return any(is_explore(cell) for _, cell in _code_cells(self.nb))

    def close(self) -> None:
        """Let the process go; the warm parent's ``clean`` ends it."""
        if self.process is not None:
            self.process.close()
        self.process = None

    def explore(self) -> None:
        """Run the cells tagged ``explore``; a failure among them costs nothing."""
        if self.process is None:
            return
        for index, cell in _code_cells(self.nb):
            if not is_explore(cell):
                continue
            try:
                _run_one(self, self.process, index, cell)
            except (ProcessEnded, BudgetSpent) as ended:
                self.collector.error(cell, "ProcessEnded", str(ended))
                self.notes.append(f"{_name(index, cell)}: {ended}")
                return


def run_notebook(
    nb: NotebookNode,
    launch: Callable[[], StudentProcess],
    collector: OutputCollector,
    passes_over: Chooser = is_explore,
) -> NotebookRun:
    """Run the graded part of a notebook, filling in the outputs.

    A cell that ends the process twice is left out in a fresh process, so that it
    costs only what depends on it.

    Parameters
    ----------
    nb
        The notebook, filled in place.
    launch
        Starts a fresh process; the last one's descendants are ended before.
    collector
        Where outputs go.
    passes_over
        Which cells are no part of it.

    Raises
    ------
    BudgetSpent
        If the submission had its time before the graded part was through.
    """
    run = NotebookRun(nb, collector)
    graded = [(index, cell) for index, cell in _code_cells(nb) if not passes_over(cell)]
    deaths: Counter[int] = Counter()
    killer: int | None = None
    for _ in range(_MOST_RESTARTS):
        run.notes.clear()
        left_out = {index for index, count in deaths.items() if count >= _DEATHS_UNTIL_SKIPPED}
        process = launch()
        killer = _run_graded(run, graded, process, left_out)
        if killer is None:
            run.process = process
            return run
        deaths[killer] += 1
        process.close()
    run.notes.append("The notebook ended its process again and again; no more was tried.")
    for index, cell in graded:
        if killer is not None and index > killer:
            collector.begin(cell)
            collector.error(cell, "NotRun", "earlier cells ended the process again and again")
    return run


def _run_graded(
    run: NotebookRun,
    graded: Iterable[tuple[int, NotebookNode]],
    process: StudentProcess,
    left_out: Iterable[int],
) -> int | None:
    """Run the graded cells; return the index of one that ended the process, if any did."""
    for index, cell in graded:
        if index in left_out:
            reason = "this cell ended the process twice, and was left out"
            run.collector.begin(cell)
            run.collector.error(cell, "ProcessEnded", reason)
            run.notes.append(f"{_name(index, cell)}: {reason}")
            continue
        try:
            _run_one(run, process, index, cell)
        except ProcessEnded as ended:
            run.collector.error(cell, "ProcessEnded", str(ended))
            return index
    return None


def _run_one(run: NotebookRun, process: StudentProcess, index: int, cell: NotebookNode) -> None:
    run.collector.begin(cell)
    done = process.run_cell(
        cell["source"], lambda kind, content: run.collector.add(cell, index, kind, content)
    )
    run.collector.finish(cell)
    cell["execution_count"] = done.count
    if done.stopped:
        run.collector.error(cell, "CellStopped", done.stopped)
        run.notes.append(f"{_name(index, cell)}: {done.stopped}")
    elif not done.success and not any(out["output_type"] == "error" for out in cell["outputs"]):
        run.collector.error(cell, "CellFailed", "this cell failed, and its error was not shown")


def _code_cells(nb: NotebookNode) -> Iterable[tuple[int, NotebookNode]]:
    for index, cell in enumerate(nb["cells"]):
        if cell["cell_type"] == "code" and cell["source"].strip():
            yield index, cell


def _name(index: int, cell: NotebookNode) -> str:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return f"cell {index + 1} ({grade_id})" if grade_id else f"cell {index + 1}"
