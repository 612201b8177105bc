"""Runs the demo, stage after stage."""

from __future__ import annotations

import json
import logging
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode, from_dict
from rich.console import Console
from rich.text import Text

from autograder.authoring import build_assignment, init_course
from autograder.batch import Course, open_course, visible
from autograder.batch.log import Log
from autograder.demo.folder import prepare_folder
from autograder.demo.handins import SLUG, HandIn, Material, load_material, plan_class
from autograder.demo.stages import Stages
from autograder.demo.steps import Desk, Staff
from autograder.demo.verdict import problems
from autograder.errors import UserError
from autograder.reports import Session, grade_class, report
from autograder.results import read_results
from autograder.settings import FILE_NAME

COURSE_ID = "demo"
_CHECKOUT = Path(__file__).resolve().parents[2]
_SETTINGS = """
# The demo plants an endless loop; nobody wants to wait a minute for it.
cell_cpu_s = 10.0
cell_wall_s = 60.0
# It plants no attack that could do harm, so it takes whatever confinement it finds, and says so.
unconfined = true
"""
_STAGES = 9


def run_demo(directory: Path, console: Console, *, keep: bool = False) -> int:
    """Take a class from the release to the feedback; return 0 if all is as it must be.

    Raises
    ------
    UserError
        If the folder is taken, or the assignments are not beside the package.
    """
    if not (_CHECKOUT / "assignments" / SLUG).is_dir():
        raise UserError(
            f"The demo needs the assignment {SLUG}, which no installed package holds.",
            hint="Run it in a checkout of the repository, for example with `make demo`.",
        )
    folder = prepare_folder(directory, keep=keep)
    log = logging.getLogger("autograder.demo")
    log.setLevel(logging.INFO)
    log.propagate = False
    stages = Stages(console, _STAGES)
    with stages.stage("A course directory"):
        course = _make_course(folder)
    with Log(folder / "nbgrader.log", course.app.log, log):
        demo = _Demo(folder, course, Staff(course, SLUG), console, log)
        session, found = demo.run(stages)
    report(session, console)
    demo.close(found, stages.elapsed_s)
    return 1 if found else 0


def _make_course(folder: Path) -> Course:
    exchange = folder / "exchange"
    exchange.mkdir(mode=0o777)
    home = folder / "course"
    init_course(
        home,
        course_id=COURSE_ID,
        exchange_root=exchange,
        assignments_dir=_CHECKOUT / "assignments",
        solutions_dir=_CHECKOUT / "solutions",
        graders_dir=_CHECKOUT / "autograder" / "graders",
    )
    with (home / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(_SETTINGS)
    return open_course(home)


@dataclass(frozen=True)
class _Demo:
    """What the stages share."""

    folder: Path
    course: Course
    staff: Staff
    console: Console
    log: logging.Logger

    def run(self, stages: Stages) -> tuple[Session, list[str]]:
        """Run every stage; return what grading saw, and what was not as it must be."""
        settings = self.course.settings
        with stages.stage("autograder build: stubs and reference become the source notebook"):
            build_assignment(SLUG, settings, self.course.root / "source")
        with stages.stage("nbgrader generate_assignment, release_assignment"):
            self.staff.generate_assignment()
            self.staff.release_assignment()
        material = load_material(settings)
        plan = plan_class(material, settings)
        with stages.stage(f"{len(plan)} students: nbgrader fetch_assignment, work, submit"):
            desks = [self._hand_in(handin, material) for handin in plan]
        with stages.stage("nbgrader collect"):
            self.staff.collect()
        with stages.stage("autograder grade: several submissions at once, one writer"):
            session = grade_class(self.course, SLUG, self.console)
        with stages.stage("nbgrader generate_feedback, release_feedback"):
            self.staff.generate_feedback()
            self.staff.release_feedback()
        with stages.stage("Every student: nbgrader fetch_feedback"):
            for desk in desks:
                desk.fetch_feedback()
        with stages.stage("Was everything as it must be?"):
            found = problems(self.course, SLUG, plan, read_results(settings, SLUG))
        return session, [*found, *_without_feedback(desks)]

    def _hand_in(self, handin: HandIn, material: Material) -> Desk:
        desk = Desk(
            student=handin.student,
            slug=SLUG,
            course_id=COURSE_ID,
            home=self.folder / "students" / handin.student,
            exchange=self.folder / "exchange",
            log=self.log,
        )
        desk.fetch()
        path = next(desk.work.glob("*.ipynb"))
        handin.write(path, material.solve(_read(path)))
        inbound = desk.submit()
        if handin.link is not None:
            name, target = handin.link
            (inbound / name).symlink_to(target)
        return desk

    def close(self, found: Sequence[str], elapsed_s: float) -> None:
        """Say where everything lies, and whether it went as it must."""
        for line in (
            f"Feedback: {self.course.root / 'feedback'}",
            f"What students have: {self.folder / 'students'}",
            f"For nbgrader and its formgrader: cd {shlex.quote(str(self.course.root))}",
        ):
            self.console.print(Text(line), soft_wrap=True)
        for problem in found:
            self.console.print(Text(f"✗ {visible(problem)}", "red"), soft_wrap=True)
        verdict = f"{len(found)} things were not as they must be" if found else "All as it must be"
        self.console.print(f"{verdict}, after {elapsed_s:.0f} s.", highlight=False)


def _read(path: Path) -> NotebookNode:
    notebook: NotebookNode = from_dict(json.loads(path.read_text(encoding="utf-8")))
    return notebook


def _without_feedback(desks: Sequence[Desk]) -> list[str]:
    """Name who got no feedback; nbgrader has none for whoever handed in no notebook."""
    return [
        f"{desk.student}: no feedback came back"
        for desk in desks
        if list(desk.work.glob("*.ipynb")) and not list(desk.work.glob("feedback/*/*.html"))
    ]
