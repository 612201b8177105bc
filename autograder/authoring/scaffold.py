"""Starting a new assignment from a small one that is complete."""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.templating import refuse_existing, render, write_new
from autograder.contract import check_slug
from autograder.errors import UserError
from autograder.settings import FILE_NAME, Settings


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
        If the slug cannot be a directory's name here, or is in use; or if this is no course.
    """
    check_slug(slug)
    if not (settings.course_dir / FILE_NAME).is_file():
        raise UserError(
            f"{settings.course_dir.resolve()} holds no {FILE_NAME}, so it is no course directory.",
            hint="Name one with --course, or make one with `autograder init DIR`.",
        )
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
