"""The stub notebook: what students start from, checked against its contract."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from autograder.authoring.percent import EXPLORE_TAG, Cell, Role, read_script
from autograder.contract import Contract, Kind
from autograder.errors import UserError

NOTEBOOK_FILE = "notebook.py"

_ROLES = {Kind.AUTO: (Role.ANSWER, Role.CHECK), Kind.WRITTEN: (Role.WRITTEN,)}
_CELL_KINDS = {Role.ANSWER: "code", Role.CHECK: "code", Role.WRITTEN: "markdown"}


def read_stub(path: Path, contract: Contract) -> tuple[Cell, ...]:
    """Read the stub notebook and check that it and its contract agree.

    Every auto task has one answer cell and, after it, one check cell; every written task
    has one written cell; no cell belongs to a task that the contract does not hold.

    Raises
    ------
    UserError
        Naming file and line of the first cell that is wrong, or the task without its cells.
    """
    cells = read_script(path).cells
    for cell in cells:
        _check_cell(cell, contract)
    for task in contract.tasks:
        _check_task(path, cells, task.id, _ROLES[task.kind])
    return cells


def _check_cell(cell: Cell, contract: Contract) -> None:
    if cell.task is None and cell.role is None:
        return
    if cell.task is None or cell.role is None:
        raise cell.error("task and role belong together.", "Give both, or neither.")
    task = contract.by_id.get(cell.task)
    if task is None:
        raise cell.error(
            f"the contract has no task {cell.task!r}.",
            f"Its tasks are {', '.join(contract.by_id)}.",
        )
    if cell.role not in _ROLES[task.kind]:
        raise cell.error(
            f"{task.id} is of the kind {task.kind}, and its cells cannot be {cell.role}.",
            f"The roles of this kind are {', '.join(_ROLES[task.kind])}.",
        )
    if cell.kind != _CELL_KINDS[cell.role]:
        raise cell.error(f"a cell with the role {cell.role} is {_CELL_KINDS[cell.role]}.")
    if EXPLORE_TAG in cell.tags:
        raise cell.error("a cell of a task is graded, so it cannot be tagged explore.")
    _check_source(cell, task.id)


def _check_source(cell: Cell, task: str) -> None:
    if cell.role is Role.ANSWER:
        _check_answer_stub(cell, task)
    elif cell.role is Role.CHECK and cell.source.strip() != f'check("{task}")':
        raise cell.error(f'the check cell of {task} is the one line check("{task}").')
    elif cell.role is Role.WRITTEN and not cell.source.strip():
        raise cell.error(f"{task} has an empty placeholder.", "Say what to write there.")


def _check_answer_stub(cell: Cell, task: str) -> None:
    """Demand that calling the stub says which task is missing."""
    try:
        tree = ast.parse(cell.source)
    except SyntaxError as error:
        raise cell.error(
            f"the stub of {task} is not Python: {error.msg} (its line {error.lineno})."
        ) from error
    messages = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "NotImplementedError"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    if not any(str(message).startswith(f"{task}:") for message in messages):
        raise cell.error(
            f"the stub of {task} does not say what is missing.",
            f'End it with raise NotImplementedError("{task}: what to write").',
        )


def _check_task(path: Path, cells: Sequence[Cell], task: str, roles: Sequence[Role]) -> None:
    lines = []
    for role in roles:
        found = [cell for cell in cells if (cell.task, cell.role) == (task, role)]
        if not found:
            raise UserError(
                f"{path}: the task {task} has no {role} cell.",
                hint=f'Add a cell with task="{task}" role="{role}", or drop the task from '
                "assignment.toml.",
            )
        if len(found) > 1:
            raise found[1].error(
                f"the task {task} already has its {role} cell, in line {found[0].line}."
            )
        lines.append(found[0].line)
    if lines != sorted(lines):
        raise UserError(f"{path}:{lines[1]}: the check of {task} stands before its answer.")
