"""A class that has handed in finished notebooks of one of this project's assignments."""

from __future__ import annotations

from pathlib import Path

import nbformat

from autograder.authoring import build_assignment, build_variant_notebook, init_course
from autograder.authoring.build import data_files
from autograder.settings import load_settings
from benchmarks.light_course import CONFIG, Kind, student_id

ROOT = Path(__file__).resolve().parents[1]


def write_real_course(root: Path, slug: str, kind: Kind, students: int) -> None:
    """Write a course directory with the source notebook and every hand-in.

    Everybody hands in the reference's answers, with the own name in a comment.
    """
    init_course(
        root,
        course_id="light",
        assignments_dir=ROOT / "assignments",
        solutions_dir=ROOT / "solutions",
        graders_dir=ROOT / "autograder" / "graders",
    )
    settings = load_settings(root)
    build_assignment(slug, settings, root / "source")
    if kind == "stock":
        (root / "nbgrader_config.py").write_text(CONFIG["stock"], encoding="utf-8")
    reference = ROOT / "solutions" / slug / "reference.py"
    finished = build_variant_notebook(slug, reference, settings)
    directory = ROOT / "assignments" / slug
    for number in range(students):
        folder = root / "submitted" / student_id(number) / slug
        for file in data_files(directory):
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((directory / file).read_bytes())
        _sign(finished, student_id(number))
        (folder / f"{slug}.ipynb").write_text(nbformat.writes(finished), encoding="utf-8")


def _sign(notebook: nbformat.NotebookNode, name: str) -> None:
    """Put a name into the first cell of code, in the place of the one before."""
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    own = cell["source"].partition("\n# handed in by")[0]
    cell["source"] = f"{own}\n# handed in by {name}"
