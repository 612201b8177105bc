"""Whether contract, checks, hidden tests, variants and hints speak of the same things.

What a test decides about an answer is seen only by running it. What is checked here needs
nothing but the files, and would otherwise surface while a class is graded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from autograder.authoring.assignment import CHECKS_FILE, Assignment, Solutions
from autograder.authoring.marked import Marked, read_hidden_tests, read_visible_checks
from autograder.authoring.variant import Variant
from autograder.contract import Kind
from autograder.errors import UserError
from autograder.grading.hints import Hint, load_hints
from autograder.settings import Settings


def check_tests(assignment: Assignment, settings: Settings) -> list[Marked]:
    """Demand that every auto task has visible checks and hidden tests worth its points.

    Returns
    -------
    list of Marked
        The hidden tests.

    Raises
    ------
    UserError
        Naming the test or the task that does not fit.
    """
    directory = settings.locate(settings.graders_dir) / assignment.slug
    tests = read_hidden_tests(directory)
    checks = read_visible_checks(assignment.directory / CHECKS_FILE)
    auto = {task.id: task for task in assignment.contract.tasks if task.kind is Kind.AUTO}
    for marked in [*tests, *checks]:
        if marked.task not in auto:
            raise marked.error(f"{marked.task!r} is not an auto task of the contract.")
    _refuse_repeated_names(tests)
    for task in auto.values():
        worth = sum(test.points for test in tests if test.task == task.id)
        if not math.isclose(worth, task.points):
            raise UserError(
                f"{task.id} is worth {task.points:g} points in the contract, but its hidden "
                f"tests in {directory} come to {worth:g}.",
                hint="Change the points of its tests, or those of the contract.",
            )
        if task.id not in {check.task for check in checks}:
            raise UserError(
                f"{assignment.directory / CHECKS_FILE} has no visible check for {task.id}.",
                hint=f'Write one, decorated with @visible("{task.id}").',
            )
    return tests


def check_variants(
    assignment: Assignment, solutions: Solutions, tests: Sequence[Marked], settings: Settings
) -> None:
    """Demand that wrong variants expect tests and hints there are, each its own misconception.

    Raises
    ------
    UserError
        Naming the variant or the hint that does not fit.
    """
    hints = load_hints(settings.locate(settings.graders_dir) / assignment.slug)
    _check_sections(assignment, hints)
    owners: dict[str, Variant] = {}
    for variant in solutions.wrong:
        expectation = variant.expectation
        if expectation is None:
            continue
        within = {test.name for test in tests if test.task in variant.answers}
        _refuse_unknown(variant, "fails", expectation.fails, within, "a test of its tasks")
        _refuse_unknown(variant, "hints", expectation.hints, set(hints), "an id of hints.toml")
        owner = owners.setdefault(expectation.misconception, variant)
        if owner is not variant:
            raise UserError(
                f"{variant.path} and {owner.path.name} share the misconception "
                f"{expectation.misconception!r}.",
                hint="Give each its own name: reports tell them apart by it.",
            )


def _refuse_repeated_names(tests: Sequence[Marked]) -> None:
    counts = Counter(test.name for test in tests)
    for test in tests:
        if counts[test.name] > 1:
            raise test.error(
                "another hidden test has the same name.",
                "Results and variants name a test by its function: give each its own.",
            )


def _refuse_unknown(
    variant: Variant, key: str, names: Sequence[str], known: set[str], meaning: str
) -> None:
    for name in names:
        if name not in known:
            raise UserError(
                f"{variant.path}: {key} names {name!r}, which is not {meaning}.",
                hint=f"Known are {', '.join(sorted(known)) or 'none'}.",
            )


def _check_sections(assignment: Assignment, hints: Mapping[str, Hint]) -> None:
    """Demand that each hint sends the student to a heading that exists."""
    headings = {
        line.lstrip("#").strip()
        for cell in assignment.cells
        if cell.kind == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    }
    for name, hint in hints.items():
        if hint.section and hint.section not in headings:
            raise UserError(
                f"The hint {name!r} points to the section {hint.section!r}, which is not a "
                f"heading of {assignment.slug}'s notebook.",
                hint=f"Its headings are: {'; '.join(sorted(headings))}.",
            )
