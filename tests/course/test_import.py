"""A notebook starts at once: nothing heavy is loaded before it is used."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import course

HEAVY = ("numpy", "matplotlib", "torch", "ipywidgets", "IPython")


def loaded_after(statement: str) -> set[str]:
    """Return which heavy modules a fresh interpreter has loaded after the statement."""
    program = f"import sys\n{statement}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    names = set(ran.stdout.split())
    assert "course" in names
    return names & set(HEAVY)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import course", set()),
        ("from course import check", set()),
        ("from course.checking import visible", set()),
        ("import course; course.noisy_sine(); course.hills()", {"numpy"}),
        ("from course import TanhNetwork, train", {"numpy"}),
        ("from course import plot_error_curves, plot_surface", {"numpy", "matplotlib"}),
    ],
)
def test_import_loads_more_than_is_used(statement: str, expected: set[str]) -> None:
    assert loaded_after(statement) == expected


def test_public_name_cannot_be_loaded() -> None:
    assert len(course.__all__) >= 12
    for name in course.__all__:
        assert getattr(course, name).__name__ == name


def test_public_name_is_undocumented() -> None:
    module_docs = course.__doc__ or ""
    for name in course.__all__:
        assert f"``{name}``" in module_docs, f"{name} is missing from the table"
        assert inspect.getdoc(getattr(course, name)), name


def test_table_types_and_homes_disagree() -> None:
    tree = ast.parse(Path(course.__file__).read_text(encoding="utf-8"))
    (guarded,) = (node for node in tree.body if isinstance(node, ast.If))
    for_types = {
        alias.name: node.module
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert for_types == course._HOMES
    assert sorted(course.__all__) == sorted(for_types)
    assert set(course.__all__) <= set(dir(course))


def test_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"no 'hils'.*hills.*noisy_sine"):
        _ = course.hils  # type: ignore[attr-defined]
