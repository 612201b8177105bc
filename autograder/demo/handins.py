"""The class of the demo: who hands in what, and what grading must make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring import Variant, load_assignment, load_solutions
from autograder.authoring.variant import apply
from autograder.contract import Kind
from autograder.demo import damage
from autograder.demo.damage import Damage
from autograder.settings import Settings

MOST_WRONG = 8
"""Wrong variants that hand in; all of them are tried by ``autograder audit``."""
_CHEATED_POINTS = 99


class Expected(StrEnum):
    """What must come of a hand-in."""

    FULL = "all points"
    LESS = "fewer points"
    NOT_GRADED = "not graded, with a reason"


@dataclass(frozen=True)
class HandIn:
    """One student's hand-in.

    Attributes
    ----------
    write
        Makes the notebook in the student's folder, before it is submitted.
    expected
        What must come of it.
    mentions
        Words that must occur in what was found.
    link
        A link that is put into the exchange afterwards: its name, and where it leads.
    """

    student: str
    write: Damage
    expected: Expected
    mentions: str = ""
    link: tuple[str, Path] | None = None


def plan_class(slug: str, settings: Settings) -> list[HandIn]:
    """Return all hand-ins, in the order of the students' ids."""
    assignment = load_assignment(slug, settings)
    solutions = load_solutions(assignment, settings)
    step = max(1, -(-len(solutions.wrong) // MOST_WRONG))
    auto = [task.id for task in assignment.contract.tasks if task.kind is Kind.AUTO]
    plan = [
        HandIn("right-reference", damage.save, Expected.FULL),
        *(_answered("right", v, Expected.FULL) for v in solutions.right),
        *(_answered("wrong", v, Expected.LESS) for v in solutions.wrong[::step]),
        HandIn("wrong-untouched", damage.untouched, Expected.LESS),
        *_unreadable(),
        *_tampered(auto[0]),
        *_misbehaving(f"{auto[-1]}_answer"),
        *_links(slug, f"{assignment.contract.notebook}.ipynb", settings),
    ]
    return sorted(plan, key=lambda handin: handin.student)


def solved_notebook(slug: str, fetched: NotebookNode, settings: Settings) -> NotebookNode:
    """Return the fetched notebook with the reference's answers."""
    reference = load_solutions(load_assignment(slug, settings), settings).reference
    return apply(fetched, reference.answers)


def _answered(kind: str, variant: Variant, expected: Expected) -> HandIn:
    """Return the hand-in of a variant; the reference answers the other tasks."""

    def write(path: Path, solved: NotebookNode) -> None:
        damage.save(path, apply(solved, variant.answers))

    return HandIn(f"{kind}-{variant.name.replace('_', '-')}", write, expected)


def _unreadable() -> Iterator[HandIn]:
    lost = Expected.NOT_GRADED
    yield HandIn("broken-json", damage.not_json, lost, "not JSON")
    yield HandIn("broken-format-3", damage.old_format, lost, "format 3")
    yield HandIn("broken-no-notebook", damage.missing, lost, "No notebook named")


def _tampered(check: str) -> Iterator[HandIn]:
    """Yield hand-ins whose answers are right and whose notebook is not as released."""
    repaired: list[tuple[str, Callable[[str], Damage], str]] = [
        ("test-deleted", damage.deleted, "put back"),
        ("test-doubled", damage.duplicated, "2 times"),
        ("test-retyped", damage.retyped, "had become a markdown cell"),
        ("points-changed", lambda name: damage.worth(name, _CHEATED_POINTS), "is worth 99"),
    ]
    for name, make, mentions in repaired:
        yield HandIn(f"odd-{name}", make(check), Expected.FULL, mentions)
    yield HandIn("odd-kernel-r", damage.foreign_kernel(), Expected.FULL, "language R")
    yield HandIn("odd-file-name", damage.odd_file_name, Expected.FULL)
    yield HandIn("odd-script", damage.scripted(), Expected.FULL)


def _misbehaving(answer: str) -> Iterator[HandIn]:
    yield HandIn("runs-endless", damage.endless(answer), Expected.LESS)
    yield HandIn("runs-kills-itself", damage.killing(answer), Expected.LESS)
    yield HandIn("runs-prints-50-mb", damage.flooding(answer), Expected.FULL)


def _links(slug: str, notebook: str, settings: Settings) -> Iterator[HandIn]:
    """Yield hand-ins that would have the instructor's files copied by whoever collects."""
    answers = settings.locate(Path("source")) / slug / notebook
    secret = settings.locate(settings.secret_file)
    yield HandIn(
        "link-to-answers",
        damage.missing,
        Expected.NOT_GRADED,
        "No notebook named",
        link=(notebook, answers),
    )
    yield HandIn("link-to-secret", damage.save, Expected.FULL, link=("notes.txt", secret))
