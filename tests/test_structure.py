"""Imports go one way, so that each layer can be read without those above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Lowest first. A module may import its own layer and those before it.
LAYERS = [
    {"__init__", "errors", "termination", "outcomes", "codec", "channel"},
    {"settings", "contract"},
    {"inside"},
    {"sandbox"},
    {"kernels"},
    {"grading", "headstart", "results"},
    {"classic"},
    {"authoring"},
    {"hooks"},
    {"batch"},
    {"reports"},
    {"demo"},
    {"audit"},
    {"redteam"},
    {"doctor"},
    {"cli", "__main__"},
]
INSIDE_MAY_IMPORT = {"__init__", "codec", "channel", "inside"}


def layer_of(part: str) -> int:
    return next(number for number, parts in enumerate(LAYERS) if part in parts)


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    others = {"graders", "templates", "attacks"}  # attacks are what students would submit
    return [path for path in found if not others & set(path.parts)]


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 1 and "graders" in path.parts:
                continue  # hidden tests of one assignment share modules
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module
            # `from autograder import codec` names a part, not an attribute
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    return path.relative_to(ROOT / "autograder").parts[0].removesuffix(".py")


def parts_imported(path: Path) -> set[str]:
    names = [name for name in imported_names(path) if name.startswith("autograder.")]
    known = set().union(*LAYERS)
    return {name.split(".")[1] for name in names} & known


def test_every_part_of_the_engine_has_a_layer() -> None:
    parts = {part_of(path) for path in modules("autograder")}
    assert "grading" in parts
    assert parts <= set().union(*LAYERS)


@pytest.mark.parametrize("path", modules("autograder"), ids=lambda p: str(p.relative_to(ROOT)))
def test_engine_module_imports_no_layer_above_its_own(path: Path) -> None:
    mine = layer_of(part_of(path))
    above = {part for part in parts_imported(path) if layer_of(part) > mine}
    assert not above, f"{path.relative_to(ROOT)} imports from above: {above}"


def test_code_inside_the_sandbox_imports_only_codec_and_channel() -> None:
    for path in modules("autograder/inside"):
        assert parts_imported(path) <= INSIDE_MAY_IMPORT, path


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("course", {"autograder", "assignments", "solutions", "tests"}),
        ("assignments", {"autograder", "solutions", "tests"}),
        ("solutions", {"autograder", "tests"}),
        ("autograder", {"solutions", "tests"}),
    ],
)
def test_folders_import_one_way(folder: str, forbidden: set[str]) -> None:
    others = {"templates", "attacks"}
    paths = [path for path in (ROOT / folder).rglob("*.py") if not others & set(path.parts)]
    assert paths
    for path in paths:
        roots = {name.split(".")[0] for name in imported_names(path)}
        assert not roots & forbidden, f"{path.relative_to(ROOT)}: {roots & forbidden}"
