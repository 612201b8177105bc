"""Starting a new assignment from a small one that is complete."""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.templating import refuse_existing, render, write_new
from autograder.contract import check_slug
from autograder.settings import Settings


def new_assignment(slug: str, settings: Settings) -> list[Path]:
    """Write an assignment to change into one's own.

    It has one auto and one written task, visible checks, a reference, a right and two wrong
    variants, hidden tests and hints. It builds, and its grader tells right from wrong.

    Returns
    -------
    list of Path
        The files it wrote.

    Raises
    ------
    UserError
        If the slug cannot be a directory's name here, or is in use.
    """
    check_slug(slug)
    homes = {
        "assignment": settings.locate(settings.assignments_dir) / slug,
        "solutions": settings.locate(settings.solutions_dir) / slug,
        "grader": settings.locate(settings.graders_dir) / slug,
    }
    refuse_existing(homes.values())
    values = {
        "slug": slug,
        "title": slug.replace("_", " ").capitalize(),
        "prefix": slug.split("_")[0],
    }
    written = []
    for folder, home in homes.items():
        for name, text in render(folder, values).items():
            write_new(home / name, text)
            written.append(home / name)
    return written
