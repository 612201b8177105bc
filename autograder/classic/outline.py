"""What a classic assignment holds, as the gradebook knows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbgrader.api import Gradebook, Notebook
from nbgrader.coursedir import CourseDirectory

from autograder.contract import Kind
from autograder.outcomes import Outcome, SubmissionResult, TaskResult, TestResult

DELETED = "The test cell was deleted from the notebook; a person decides."


@dataclass(frozen=True)
class Part:
    """A cell that carries points: a test cell, or one that a person marks."""

    id: str
    title: str
    kind: Kind
    points: float
    notebook: str


@dataclass(frozen=True)
class Outline:
    """Stands where an assignment with hidden tests has its contract.

    Attributes
    ----------
    notebooks
        Names of its notebooks; there may be several.
    tasks
        Cells with points, in the order of the notebooks.
    """

    title: str
    notebooks: tuple[str, ...]
    tasks: tuple[Part, ...]

    @property
    def tests(self) -> list[Part]:
        """The test cells."""
        return [part for part in self.tasks if part.kind is Kind.AUTO]


def read_outline(coursedir: CourseDirectory) -> Outline:
    """Read the coursedir's assignment from the gradebook, which knows it."""
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        notebooks = gradebook.find_assignment(coursedir.assignment_id).notebooks
        names = tuple(notebook.name for notebook in notebooks)
        tasks = tuple(part for notebook in notebooks for part in _parts(notebook, names))
    return Outline(coursedir.assignment_id, names, tasks)


def merge(results: Sequence[SubmissionResult], outline: Outline) -> SubmissionResult:
    """Put the results of a submission's notebooks together; there is at least one.

    As in nbgrader, a notebook that was not handed in has zero points, and a person decides about
    a test cell that was deleted.
    """
    tasks = [
        task.model_copy(update={"task": _name(task.task, result.notebook, outline.notebooks)})
        for result in results
        for task in result.tasks
    ]
    notebooks, cells = {result.notebook for result in results}, {task.task for task in tasks}
    for part in outline.tests:
        if part.notebook not in notebooks:
            tasks.append(_not_handed_in(part))
        elif part.id not in cells:
            tasks.append(TaskResult(task=part.id, max_points=part.points, reason=DELETED))
    return results[0].model_copy(
        update={
            "notebook": ", ".join(result.notebook for result in results),
            "tasks": tuple(tasks),
            "damaged": " ".join(result.damaged for result in results if result.damaged),
            "notes": tuple(dict.fromkeys(note for result in results for note in result.notes)),
        }
    )


def _parts(notebook: Notebook, names: Sequence[str]) -> Iterator[Part]:
    solutions = {cell.name for cell in notebook.solution_cells}
    points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
    graded = {cell.name for cell in notebook.grade_cells}
    for cell in notebook.source_cells:
        if cell.name in points:
            is_test = cell.name in graded - solutions and cell.cell_type == "code"
            name = _name(cell.name, notebook.name, names)
            kind = Kind.AUTO if is_test else Kind.WRITTEN
            yield Part(name, name, kind, points[cell.name], notebook.name)


def _not_handed_in(part: Part) -> TaskResult:
    message = f"The notebook {part.notebook} was not handed in, for which nbgrader gives no points."
    test = TestResult(
        name=part.id,
        task=part.id,
        points=part.points,
        outcome=Outcome.FAILED,
        message=message,
    )
    return TaskResult(task=part.id, max_points=part.points, tests=(test,))


def _name(cell: str, notebook: str, notebooks: Sequence[str]) -> str:
    """Return a cell's name; where there are several notebooks, with that of its own."""
    return cell if len(notebooks) == 1 else f"{notebook}/{cell}"
