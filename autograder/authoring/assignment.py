"""An assignment's files: where they lie, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.percent import Cell
from autograder.authoring.stub import NOTEBOOK_FILE, read_stub
from autograder.authoring.variant import Variant, read_variant, read_wrong_variant
from autograder.contract import CONTRACT_FILE, Contract, check_slug, load_contract
from autograder.errors import UserError
from autograder.settings import Settings

CHECKS_FILE = "checks.py"
REFERENCE_FILE = "reference.py"


@dataclass(frozen=True)
class Assignment:
    """What students get, before it is made into a notebook."""

    slug: str
    directory: Path
    contract: Contract
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Solutions:
    """The answers that are known: one reference, and others by what the grader must say."""

    reference: Variant
    right: tuple[Variant, ...]
    wrong: tuple[Variant, ...]


def load_assignment(slug: str, settings: Settings) -> Assignment:
    """Read the contract and the stub notebook of an assignment.

    Raises
    ------
    UserError
        If there is no such assignment, or if one of the two is not valid.
    """
    check_slug(slug)
    home = settings.locate(settings.assignments_dir)
    directory = home / slug
    if not directory.is_dir():
        known = sorted(path.parent.name for path in home.glob(f"*/{CONTRACT_FILE}"))
        raise UserError(
            f"There is no assignment {slug!r} in {home}.",
            hint=f"It holds {', '.join(known)}." if known else "It holds no assignment yet.",
        )
    contract = load_contract(directory)
    return Assignment(slug, directory, contract, read_stub(directory / NOTEBOOK_FILE, contract))


def load_reference(assignment: Assignment, settings: Settings) -> Variant:
    """Read the reference, which answers every task of the assignment.

    Raises
    ------
    UserError
        If it is missing or not valid, or leaves a task unanswered.
    """
    path = settings.locate(settings.solutions_dir) / assignment.slug / REFERENCE_FILE
    reference = read_variant(path, assignment.contract)
    missing = assignment.contract.by_id.keys() - reference.answers.keys()
    if missing:
        raise UserError(
            f"{path} does not answer {', '.join(sorted(missing))}.",
            hint="The reference answers every task; a written one with a model answer.",
        )
    return reference


def load_solutions(assignment: Assignment, settings: Settings) -> Solutions:
    """Read the reference and all variants, each in the order of its file's name.

    Raises
    ------
    UserError
        If one of them is not valid.
    """
    home = settings.locate(settings.solutions_dir) / assignment.slug
    contract = assignment.contract
    return Solutions(
        load_reference(assignment, settings),
        tuple(read_variant(path, contract) for path in sorted(home.glob("right/*.py"))),
        tuple(read_wrong_variant(path, contract) for path in sorted(home.glob("wrong/*.py"))),
    )
