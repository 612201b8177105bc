"""What the build writes, and what it refuses to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.authoring import (
    build_assignment,
    build_source,
    build_stub,
    build_variant_notebook,
)
from autograder.errors import UserError
from autograder.settings import Settings

SLUG = "b1_errors"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def by_grade_id(notebook: Any) -> dict[str, Any]:
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def test_cells_carry_what_nbgrader_needs(settings: Settings) -> None:
    notebook = build_stub(SLUG, settings)
    MetadataValidator().validate_nb(notebook)
    flags = {
        name: (m.get("points"), m.grade, m.solution, m.locked, m.schema_version)
        for name, cell in by_grade_id(notebook).items()
        for m in [cell.metadata.nbgrader]
    }
    assert flags == {
        "b1_errors_cell_01": (None, False, False, True, 3),
        "b1_t1_answer": (None, False, True, False, 3),
        "b1_t1": (4.0, True, False, True, 3),
        "b1_t2": (2.0, True, True, False, 3),
    }
    assert notebook.metadata.kernelspec.name == "python3"


def test_exploring_and_prose_stay_the_students(settings: Settings) -> None:
    notebook = build_stub(SLUG, settings)
    free = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]
    assert {cell.cell_type for cell in free} == {"code", "markdown"}
    assert [cell.metadata.tags for cell in free if cell.cell_type == "code"] == [["explore"]]
    assert all(cell.metadata.get("editable", True) for cell in free)


def test_building_twice_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    def build(name: str) -> dict[str, bytes]:
        out = tmp_path / name
        build_assignment(SLUG, settings, out)
        build_assignment(SLUG, settings, out)
        return {
            str(path.relative_to(out)): path.read_bytes()
            for path in out.rglob("*")
            if path.is_file()
        }

    first = build("first")
    assert set(first) == {"b1_errors/b1_errors.ipynb", "b1_errors/checks.py"}
    assert build("second") == first


def test_correcting_prose_changes_no_id_but_its_own(
    settings: Settings, assignment_dir: Path
) -> None:
    before = build_stub(SLUG, settings).cells
    replace(
        assignment_dir / "notebook.py", "# %%\nimport", "# %% [markdown]\n# New.\n\n# %%\nimport"
    )
    after = build_stub(SLUG, settings).cells
    assert [cell.id for cell in before] == [cell.id for cell in after if cell.source != "New."]
    assert len(after) == len(before) + 1


def test_equal_cells_get_different_ids(settings: Settings, assignment_dir: Path) -> None:
    with (assignment_dir / "notebook.py").open("a", encoding="utf-8") as file:
        file.write('\n# %% tags=["explore"]\n1\n\n# %% tags=["explore"]\n1\n')
    ids = [cell.id for cell in build_stub(SLUG, settings).cells]
    assert len(set(ids)) == len(ids)


def test_source_runs_the_reference(settings: Settings) -> None:
    source = by_grade_id(build_source(SLUG, settings))["b1_t1_answer"].source
    names: dict[str, Any] = {}
    exec(f"import numpy as np\n{source}", names)
    np = names["np"]
    assert names["mean_squared_error"](np.array([1.0, 3.0]), np.zeros(2)) == 5.0


def test_variant_differs_from_the_stub_in_its_answers_only(
    settings: Settings, solutions_dir: Path
) -> None:
    stub = build_stub(SLUG, settings)
    variant = build_variant_notebook(SLUG, solutions_dir / "wrong" / "sum_for_mean.py", settings)
    assert len(variant.cells) == len(stub.cells)
    changed = [a for a, b in zip(variant.cells, stub.cells, strict=True) if a.source != b.source]
    assert [cell.id for cell in changed] == ["b1_t1_answer", "b1_t2"]
    assert "np.sum" in changed[0].source
    assert "outweigh" in changed[1].source  # left out by the variant, so the reference's
    assert [cell.metadata for cell in variant.cells] == [cell.metadata for cell in stub.cells]


def test_data_go_to_the_students_and_nothing_else(
    settings: Settings, assignment_dir: Path, tmp_path: Path
) -> None:
    for name in ("data/points.csv", "__pycache__/checks.pyc", ".cache/x", "notebook.ipynb"):
        (assignment_dir / name).parent.mkdir(exist_ok=True)
        (assignment_dir / name).write_text("1\n", encoding="utf-8")
    build_assignment(SLUG, settings, tmp_path / "source")
    target = tmp_path / "source" / SLUG
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files == {"b1_errors.ipynb", "checks.py", "data/points.csv"}


def test_stale_notebook_would_be_released_so_it_is_refused(
    settings: Settings, assignment_dir: Path, tmp_path: Path
) -> None:
    build_assignment(SLUG, settings, tmp_path)
    replace(assignment_dir / "assignment.toml", 'notebook = "b1_errors"', 'notebook = "renamed"')
    with pytest.raises(UserError, match=r"does not write: b1_errors\.ipynb"):
        build_assignment(SLUG, settings, tmp_path)
    assert not (tmp_path / SLUG / "renamed.ipynb").exists()


Edit = Callable[[Path, Path, Path], None]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda a, s, g: replace(a / "assignment.toml", "points = 4", "points = 5"), "come to 4"),
        (lambda a, s, g: (g / "test_mean_squared_error.py").unlink(), "come to 0"),
        (lambda a, s, g: replace(g / "test_mean_squared_error.py", "b1_t1", "b1_t7"), "'b1_t7'"),
        (lambda a, s, g: replace(g / "test_mean_squared_error.py", "b1_t1", "b1_t2"), "'b1_t2'"),
        (
            lambda a, s, g: replace(g / "test_mean_squared_error.py", ", points=3", ""),
            "does not say which task",
        ),
        (
            lambda a, s, g: replace(
                g / "test_mean_squared_error.py",
                "test_arguments_are_left_as_they_were",
                "test_mean_over_all_entries",
            ),
            "another hidden test has the same name",
        ),
        (lambda a, s, g: replace(a / "checks.py", "@visible", "@str"), "no visible check for"),
        (lambda a, s, g: (a / "checks.py").unlink(), "There is no file"),
        (lambda a, s, g: replace(g / "hints.toml", "[sum-for-mean]", "[other]"), "'sum-for-mean'"),
        (lambda a, s, g: replace(g / "hints.toml", '"Mean squared', '"Median'), "not a heading"),
        (
            lambda a, s, g: replace(s / "wrong/sum_for_mean.py", "test_mean_over", "test_mean_of"),
            "not a test of its tasks",
        ),
        (
            lambda a, s, g: replace(
                s / "wrong/sum_for_mean.py", '"sum-for-mean"\n', '"absolute-error"\n'
            ),
            "share the misconception",
        ),
        (
            lambda a, s, g: replace(
                s / "reference.py", "difference =", "# BEGIN SOLUTION\n    d ="
            ),
            "solution delimiters",
        ),
    ],
)
def test_disagreement_stops_the_build(
    edit: Edit,
    expected: str,
    settings: Settings,
    assignment_dir: Path,
    solutions_dir: Path,
    graders_dir: Path,
    tmp_path: Path,
) -> None:
    edit(assignment_dir, solutions_dir, graders_dir)
    with pytest.raises(UserError) as caught:
        build_assignment(SLUG, settings, tmp_path / "source")
    assert expected in str(caught.value)
    assert not (tmp_path / "source").exists()


def test_unknown_assignment_names_those_there_are(settings: Settings) -> None:
    with pytest.raises(UserError, match="It holds b1_errors"):
        build_stub("b2_errors", settings)


def test_notebook_is_valid_as_a_file(settings: Settings, tmp_path: Path) -> None:
    path = build_assignment(SLUG, settings, tmp_path)
    assert path == tmp_path / SLUG / "b1_errors.ipynb"
    nbformat.validate(nbformat.read(path, as_version=4))
