"""The class of the demo: who hands in what, and what grading must make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat import NotebookNode

from autograder.authoring import (
    Assignment,
    Solutions,
    Variant,
    apply_answers,
    load_assignment,
    load_solutions,
)
from autograder.contract import Kind
from autograder.demo import damage
from autograder.demo.damage import Damage
from autograder.reports.findings import hint_name
from autograder.settings import Settings

SLUG = "a1_sgd_vs_adam"
RIGHT = ("loops", "single_precision", "state_in_place", "torch_arithmetic")
WRONG = (
    "adam_betas_swapped",
    "adam_delegates_to_torch",
    "adam_eps_in_root",
    "average_never_corrected",
    "batches_shuffled_apart",
    "fit_last_weights",
    "packed_views_are_copies",
    "sgd_climbs",
    "sgd_weights_in_place",
    "standard_measured_anew",
    "stopping_no_copy",
)
"""Some of the known answers; `tests/assignments` tries them all."""
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
        What must be said of it.
    link
        A link that is put into the exchange afterwards: its name, and where it leads.
    """

    student: str
    write: Damage
    expected: Expected
    mentions: tuple[str, ...] = ()
    link: tuple[str, Path] | None = None


@dataclass(frozen=True)
class Material:
    """What hand-ins are made from."""

    assignment: Assignment
    solutions: Solutions

    def solve(self, fetched: NotebookNode) -> NotebookNode:
        """Return the fetched notebook with the reference's answers."""
        return apply_answers(fetched, self.solutions.reference.answers)

    @property
    def auto(self) -> list[str]:
        """The ids of the tasks with hidden tests."""
        return [task.id for task in self.assignment.contract.tasks if task.kind is Kind.AUTO]


def load_material(settings: Settings) -> Material:
    """Read the assignment of the demo and its known answers."""
    assignment = load_assignment(SLUG, settings)
    return Material(assignment, load_solutions(assignment, settings))


def plan_class(material: Material, settings: Settings) -> list[HandIn]:
    """Return all hand-ins, in the order of the students' ids."""
    right = {variant.name: variant for variant in material.solutions.right}
    wrong = {variant.name: variant for variant in material.solutions.wrong}
    plan = [
        HandIn("right-reference", damage.save, Expected.FULL),
        *(_answered("right", right[name], Expected.FULL) for name in RIGHT),
        *(_answered("wrong", wrong[name], Expected.LESS) for name in WRONG),
        HandIn("wrong-untouched", damage.untouched, Expected.LESS),
        *_unreadable(),
        *_tampered(material.auto[0]),
        *_misbehaving(f"{material.auto[-1]}_answer"),
        *_links(f"{material.assignment.contract.notebook}.ipynb", settings),
    ]
    return sorted(plan, key=lambda handin: handin.student)


def _answered(kind: str, variant: Variant, expected: Expected) -> HandIn:
    """Return the hand-in of a variant; the reference answers the other tasks."""

    def write(path: Path, solved: NotebookNode) -> None:
        damage.save(path, apply_answers(solved, variant.answers))

    hints = variant.expectation.hints if variant.expectation else ()
    student = f"{kind}-{variant.name.replace('_', '-')}"
    return HandIn(student, write, expected, tuple(hint_name(hint) for hint in hints))


def _unreadable() -> Iterator[HandIn]:
    lost = Expected.NOT_GRADED
    yield HandIn("broken-json", damage.not_json, lost, ("not JSON",))
    yield HandIn("broken-format-3", damage.old_format, lost, ("format 3",))
    yield HandIn("broken-no-notebook", damage.missing, lost, ("No notebook named",))


def _tampered(check: str) -> Iterator[HandIn]:
    """Yield hand-ins whose answers are right and whose notebook is not as released."""
    repaired: list[tuple[str, Callable[[str], Damage], str]] = [
        ("test-deleted", damage.deleted, "put back"),
        ("test-doubled", damage.duplicated, "2 times"),
        ("test-retyped", damage.retyped, "had become a markdown cell"),
        ("points-changed", lambda name: damage.worth(name, _CHEATED_POINTS), "is worth 99"),
    ]
    for name, make, mentions in repaired:
        yield HandIn(f"odd-{name}", make(check), Expected.FULL, (mentions,))
    yield HandIn("odd-kernel-r", damage.foreign_kernel(), Expected.FULL, ("language R",))
    yield HandIn("odd-file-name", damage.odd_file_name, Expected.FULL)
    yield HandIn("odd-script", damage.scripted(), Expected.FULL)


def _misbehaving(answer: str) -> Iterator[HandIn]:
    yield HandIn("runs-endless", damage.endless(answer), Expected.LESS)
    yield HandIn("runs-kills-itself", damage.killing(answer), Expected.LESS)
    yield HandIn("runs-prints-50-mb", damage.flooding(answer), Expected.FULL)


def _links(notebook: str, settings: Settings) -> Iterator[HandIn]:
    """Yield hand-ins that would have the instructor's files copied by whoever collects."""
    answers = settings.locate(Path("source")) / SLUG / notebook
    secret = settings.locate(settings.secret_file)
    yield HandIn(
        "link-to-answers",
        damage.missing,
        Expected.NOT_GRADED,
        ("No notebook named",),
        link=(notebook, answers),
    )
    yield HandIn("link-to-secret", damage.unchanged, Expected.FULL, link=("notes.txt", secret))
