"""Building notebooks: the stub, the instructor's source, and submissions known in advance.

``stub + reference -> source -> (nbgrader generate_assignment) -> release``, and the release
is the stub notebook again, byte for byte. Building twice gives the same bytes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.authoring.assignment import (
    Assignment,
    load_assignment,
    load_reference,
    load_solutions,
)
from autograder.authoring.consistency import check_tests, check_variants
from autograder.authoring.hidden_answer import DELIMITER_WORDS, hide_stub
from autograder.authoring.notebook import as_released, to_notebook
from autograder.authoring.stub import NOTEBOOK_FILE
from autograder.authoring.variant import Variant, answered_task, apply_answers, read_variant
from autograder.contract import CONTRACT_FILE
from autograder.errors import UserError
from autograder.settings import Settings

_NOT_FOR_STUDENTS = {NOTEBOOK_FILE, CONTRACT_FILE}
_LEFTOVERS = {".ipynb", ".pyc"}  # of a paired notebook, of an import


def build_stub(slug: str, settings: Settings) -> NotebookNode:
    """Return the notebook as students get it.

    Raises
    ------
    UserError
        If the assignment is not valid.
    """
    assignment = load_assignment(slug, settings)
    return as_released(to_notebook(assignment.cells, assignment.contract))


def build_source(slug: str, settings: Settings) -> NotebookNode:
    """Return the instructor's notebook: the stub joined with the reference.

    Raises
    ------
    UserError
        If the assignment or its reference is not valid.
    """
    assignment = load_assignment(slug, settings)
    return _source(assignment, load_reference(assignment, settings))


def build_variant_notebook(slug: str, variant_path: Path, settings: Settings) -> NotebookNode:
    """Return the notebook as a student hands it in whose answers are the variant's.

    Tasks that the variant does not answer are answered by the reference.

    Raises
    ------
    UserError
        If the assignment, its reference or the variant is not valid.
    """
    assignment = load_assignment(slug, settings)
    reference = load_reference(assignment, settings)
    variant = read_variant(variant_path, assignment.contract)
    stub = as_released(to_notebook(assignment.cells, assignment.contract))
    return apply_answers(stub, {**reference.answers, **variant.answers})


def build_assignment(slug: str, settings: Settings, out_dir: Path) -> Path:
    """Write ``out_dir/<slug>/`` for ``nbgrader generate_assignment`` to read.

    It receives the source notebook, ``checks.py`` and the assignment's data files.

    Parameters
    ----------
    out_dir
        nbgrader's source directory, normally ``source`` in the course directory.

    Returns
    -------
    Path
        The notebook it wrote.

    Raises
    ------
    UserError
        If anything about the assignment is not valid (points and tests disagree, a variant
        expects a test that does not exist, ...), or if the directory holds files that this
        build does not write, since nbgrader would release them too.
    """
    assignment = load_assignment(slug, settings)
    solutions = load_solutions(assignment, settings)
    tests = check_tests(assignment, settings)
    check_variants(assignment, solutions, tests, settings)
    notebook = _source(assignment, solutions.reference)

    target = out_dir / slug
    data = data_files(assignment.directory)
    name = Path(f"{assignment.contract.notebook}.ipynb")
    _refuse_strangers(target, {name, *data})
    for file in data:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(assignment.directory / file, target / file)
    (target / name).write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return target / name


def _source(assignment: Assignment, reference: Variant) -> NotebookNode:
    for name, answer in reference.answers.items():
        if any(word in answer for word in DELIMITER_WORDS):
            raise UserError(
                f"{reference.path}: the answer to {name} holds nbgrader's solution delimiters.",
                hint="Delete them: the build writes them around every answer.",
            )
    notebook = to_notebook(assignment.cells, assignment.contract)
    for cell in notebook.cells:
        task = answered_task(cell)
        if task is not None:
            hide_stub(cell, reference.answers[task])
    return notebook


def data_files(directory: Path) -> list[Path]:
    """Return what students get beside the notebook, relative to the assignment."""
    files = [path.relative_to(directory) for path in directory.rglob("*") if path.is_file()]
    return sorted(
        file
        for file in files
        if str(file) not in _NOT_FOR_STUDENTS
        and file.suffix not in _LEFTOVERS
        and not any(part.startswith(".") for part in file.parts)
    )


def _refuse_strangers(target: Path, expected: set[Path]) -> None:
    found = {path.relative_to(target) for path in target.rglob("*") if path.is_file()}
    strangers = sorted(
        str(file)
        for file in found - expected
        if file.suffix != ".pyc" and ".ipynb_checkpoints" not in file.parts
    )
    if strangers:
        raise UserError(
            f"{target} holds files that this build does not write: {', '.join(strangers)}.",
            hint="nbgrader would give them to the students. Move or delete them, build again.",
        )
