"""What can be said about an assignment's files before anything runs."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.audit.findings import error
from autograder.audit.report import Finding, Stage
from autograder.authoring import Assignment, Solutions, Variant
from autograder.authoring.consistency import check_tests, check_variants
from autograder.authoring.marked import Marked, read_hidden_tests
from autograder.authoring.textfile import read_text
from autograder.errors import UserError
from autograder.settings import Settings

_STAFF = {"nbgrader", "autograder"}
"""Installed beside ``course``, but no part of what a submission sees."""


def read_graders(directory: Path) -> list[Marked]:
    """Return the hidden tests, once every file beside them is known to be Python.

    Raises
    ------
    UserError
        Naming file and line of a syntax error, or the directory if it holds no tests.
    """
    for path in sorted(directory.glob("*.py")):
        _parse(path)
    tests = read_hidden_tests(directory)
    if not tests:
        raise UserError(
            f"{directory} holds no hidden tests.",
            hint="They are functions test_...() in files test_*.py; see docs/hidden-tests.md.",
        )
    return tests


def file_findings(
    assignment: Assignment, solutions: Solutions, tests: list[Marked], settings: Settings
) -> Iterator[Finding]:
    """Yield what does not fit together, and what answers use that they may not."""
    for check in (
        lambda: check_tests(assignment, settings),
        lambda: check_variants(assignment, solutions, tests, settings),
    ):
        try:
            check()
        except UserError as problem:
            yield error(Stage.FILES, assignment.slug, str(problem), problem.hint)
    home = solutions.reference.path.parent
    for folder, variants, lack in (
        ("right", solutions.right, "nothing shows that the grader lets other right answers pass"),
        ("wrong", solutions.wrong, "nothing shows that the grader can say no"),
    ):
        if not variants:
            yield error(
                Stage.FILES,
                home / folder,
                f"There is no answer in it, so {lack}.",
                "Write at least one; docs/authoring.md says how.",
            )
    forbidden = {task.id: task.forbids for task in assignment.contract.tasks}
    for variant in (solutions.reference, *solutions.right, *solutions.wrong):
        yield from _unknown_imports(variant)
        if variant.expectation is None:  # refusing these is what a wrong one is there to show
            yield from _forbidden_imports(variant, forbidden)


def _forbidden_imports(
    variant: Variant, forbidden: Mapping[str, Iterable[str]]
) -> Iterator[Finding]:
    whole = read_text(variant.path)
    for task, text in variant.answers.items():
        before = whole[: max(whole.find(text), 0)].count("\n")
        for name, line in _imports(ast.parse(text)) if forbidden[task] else ():
            if any(name == part or name.startswith(f"{part}.") for part in forbidden[task]):
                yield error(
                    Stage.FILES,
                    f"{variant.path}:{before + line}",
                    f"This answer is to be right, but imports {name}, which its task forbids.",
                    "Graded calls into it are refused. Do without, or allow it in the contract.",
                )


def _unknown_imports(variant: Variant) -> Iterator[Finding]:
    for name, line in _imports(_parse(variant.path)):
        root = name.split(".")[0]
        if root in _STAFF or importlib.util.find_spec(root) is None:
            yield error(
                Stage.FILES,
                f"{variant.path}:{line}",
                f"This answer imports {name}, which a submission does not find.",
                "It fails for that, and not for what it is to show. Use what students have.",
            )


def _imports(module: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(read_text(path))
    except SyntaxError as problem:
        raise UserError(f"{path}:{problem.lineno}: this is not Python: {problem.msg}.") from problem
