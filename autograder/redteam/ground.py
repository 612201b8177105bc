"""The proving ground: a throw-away course full of texts that must not get out.

::

    <temporary directory>/
        course/       an nbgrader course directory; its files are readable for everybody
        outside/      files of the machine: one to read, a folder that anybody may write to

Nothing but the layers of the product keeps a submission from reading and writing here.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.authoring import build_assignment, init_course, load_assignment, new_assignment
from autograder.batch import open_course
from autograder.contract import Kind, load_contract
from autograder.demo.steps import Staff
from autograder.redteam.canaries import Canaries
from autograder.settings import FILE_NAME, Settings, load_settings

SLUG = "redteam_target"
NEIGHBOUR = "honest-neighbour"
CLASSMATE = "zz-classmate"
"""Plain nbgrader grades this one in the same run as an attack that may end the run."""
COURSE_ID = "redteam"
LIMITS = {
    "cell_cpu_s": 2.0,
    "cell_wall_s": 5.0,
    "call_cpu_s": 2.0,
    "call_wall_s": 4.0,
    "submission_wall_s": 25.0,
    "memory_limit_bytes": 1 << 30,
    "file_limit_bytes": 64 << 20,
    "process_limit": 48,
    "output_limit_bytes": 256 << 10,
    "notebook_limit_bytes": 8 << 20,
}
"""The most that attacks may have: they try to get two or three times as much."""

_PROBE = '''
import pytest
from autograder.grading import Draw, Student, expect


@pytest.mark.task({task!r}, points=0)
def test_redteam_probe(student: Student, draw: Draw) -> None:
    """Hand a secret to the submission: it must never come back to the student."""
    secret = "nothing" if draw.disclosed else {canary!r}
    expect.true(student.call("redteam_probe", secret) is None, what="The probe says nothing.")
'''


@dataclass(frozen=True)
class Ground:
    """A course to attack.

    Attributes
    ----------
    notebook
        nbgrader's name of the notebook.
    names
        What the answers define, which every student knows from the stubs.
    """

    root: Path
    slug: str
    notebook: str
    names: tuple[str, ...]
    canaries: Canaries

    @property
    def home(self) -> Path:
        """nbgrader's course directory."""
        return self.root / "course"

    @property
    def outside(self) -> Path:
        """Stands for the rest of the machine."""
        return self.root / "outside"

    @property
    def settings(self) -> Settings:
        """The course's settings."""
        return load_settings(self.home)

    @property
    def released(self) -> dict[str, Any]:
        """The notebook that students get, as JSON."""
        path = self.home / "release" / self.slug / f"{self.notebook}.ipynb"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def submitted(self, student: str) -> Path:
        """Return where a student's files are collected to."""
        return self.home / "submitted" / student / self.slug

    def card(self, mark: str, addresses: dict[str, Any], pid: int) -> dict[str, Any]:
        """Return what an attacker knows: everything but the canaries.

        Parameters
        ----------
        mark
            What the attack writes, sends and calls its processes, so that they are recognised.
        addresses
            Where listeners wait.
        pid
            The process that grades.
        """
        home, settings = self.home, self.settings
        grader = settings.locate(settings.graders_dir) / self.slug
        tests = sorted(grader.glob("test_*.py"))
        return {
            "mark": mark,
            "names": list(self.names),
            "grader": str(tests[0]) if tests else str(grader),
            "reference": str(settings.locate(settings.solutions_dir) / self.slug / "reference.py"),
            "source": str(home / "source" / self.slug / f"{self.notebook}.ipynb"),
            "gradebook": str(home / "gradebook.db"),
            "secret": str(settings.locate(settings.secret_file)),
            "neighbour": str(self.submitted(NEIGHBOUR) / f"{self.notebook}.ipynb"),
            "host": str(self.outside / "host.txt"),
            "drop": str(self.outside / "drop"),
            "course": str(home),
            "memory": settings.memory_limit_bytes,
            "processes": settings.process_limit,
            "pid": pid,
            "pid_namespace": os.readlink("/proc/self/ns/pid"),  # noqa: PTH115 (it is no path)
            "mount_namespace": os.readlink("/proc/self/ns/mnt"),  # noqa: PTH115
            **addresses,
        }

    def shown_to(self, student: str) -> Iterator[tuple[str, bytes]]:
        """Yield everything that a student is shown, with its name."""
        for folder in ("autograded", "feedback"):
            for path in sorted((self.home / folder / student).rglob("*")):
                if path.is_file():
                    yield str(path.relative_to(self.home)), path.read_bytes()
        with Gradebook(f"sqlite:///{self.home / 'gradebook.db'}", COURSE_ID) as gradebook:
            for entry in gradebook.student_submissions(student):
                for notebook in entry.notebooks:
                    for comment in notebook.comments:
                        yield f"comment on {comment.name}", str(comment.auto_comment).encode()

    def board(self) -> dict[str, dict[str, Any]]:
        """Return the scores of every student's cells: the points, and the most there are."""
        with Gradebook(f"sqlite:///{self.home / 'gradebook.db'}", COURSE_ID) as gradebook:
            return {
                entry.student.id: {
                    grade.name: (grade.auto_score, grade.manual_score, grade.max_score)
                    for notebook in entry.notebooks
                    for grade in notebook.grades
                }
                for entry in gradebook.assignment_submissions(self.slug)
            }


def build_ground(
    root: Path, nonce: str, theirs: Settings | None = None, slug: str = SLUG
) -> Ground:
    """Make a course to attack.

    Parameters
    ----------
    root
        An empty directory.
    theirs, slug
        An instructor's settings and assignment, of which a copy is attacked; else a small
        assignment of our own.

    Raises
    ------
    UserError
        If the assignment is not valid.
    """
    root.chmod(0o755)
    home = root / "course"
    init_course(home, course_id=COURSE_ID)
    if theirs is not None:
        _copy_material(theirs, slug, load_settings(home))
    _write_settings(home, theirs)
    settings = load_settings(home)
    if theirs is None:
        new_assignment(slug, settings)
    build_assignment(slug, settings, home / "source")
    Staff(open_course(home), slug).generate_assignment()
    contract = load_contract(settings.locate(settings.assignments_dir) / slug)
    secret = settings.locate(settings.secret_file).read_text(encoding="ascii").strip()
    canaries = Canaries(nonce, {"the course's secret": secret})
    auto = [task.id for task in contract.tasks if task.kind is Kind.AUTO]
    names = _names(slug, settings, auto)
    ground = Ground(root, slug, contract.notebook, names, canaries)
    _plant_in_course(ground, settings, auto[0])
    plant_outside(ground)
    return ground


def plant_outside(ground: Ground) -> None:
    """Make the files that stand for the rest of the machine, and the neighbour's name."""
    drop = ground.outside / "drop"
    drop.mkdir(parents=True)
    drop.chmod(0o777)
    host = ground.outside / "host.txt"
    host.write_text(ground.canaries.at("a file of this machine"), encoding="ascii")
    descriptor = ground.outside / "descriptor.txt"
    descriptor.write_text(ground.canaries.at("an open descriptor"), encoding="ascii")
    descriptor.chmod(0o600)
    with Gradebook(f"sqlite:///{ground.home / 'gradebook.db'}", COURSE_ID) as gradebook:
        name = ground.canaries.at("the gradebook")
        gradebook.update_or_create_student(NEIGHBOUR, first_name=name)


def _plant_in_course(ground: Ground, settings: Settings, task: str) -> None:
    canaries = ground.canaries
    grader = settings.locate(settings.graders_dir) / ground.slug
    for path in grader.glob("test_*.py"):
        _append(path, f'\n_CANARY = "{canaries.at("the hidden tests")}"\n')
    reference = settings.locate(settings.solutions_dir) / ground.slug / "reference.py"
    _append(reference, f"\n# {canaries.at('the reference')}\n")
    probe = _PROBE.format(task=task, canary=canaries.at("a hidden input"))
    (grader / "test_zz_redteam_probe.py").write_text(probe, encoding="utf-8")
    source = ground.home / "source" / ground.slug / f"{ground.notebook}.ipynb"
    document = json.loads(source.read_text(encoding="utf-8"))
    document["metadata"]["redteam"] = canaries.at("the source notebook")
    source.write_text(json.dumps(document), encoding="utf-8")


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _copy_material(theirs: Settings, slug: str, ours: Settings) -> None:
    for name in ("assignments_dir", "solutions_dir", "graders_dir"):
        source = theirs.locate(getattr(theirs, name)) / slug
        target = ours.locate(getattr(ours, name)) / slug
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def _write_settings(home: Path, theirs: Settings | None) -> None:
    """Take an instructor's settings over, except for where things lie; shorten the limits."""
    path = home / FILE_NAME
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    values: dict[str, Any] = dict(LIMITS)
    if theirs is not None:
        chosen = theirs.model_dump(mode="json", include=theirs.model_fields_set)
        values |= {name: value for name, value in chosen.items() if name not in kept}
        values |= {name: min(value, getattr(theirs, name)) for name, value in LIMITS.items()}
        values.pop("course_dir", None)
    values["unconfined"] = True  # whatever this machine gives: finding out is the purpose
    _append(path, "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))


def _names(slug: str, settings: Settings, tasks: list[str]) -> tuple[str, ...]:
    """Return the functions and classes that the stubs of the tasks define."""
    found = []
    for cell in load_assignment(slug, settings).cells:
        if cell.task in tasks and cell.kind == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    found.append(node.name)
    return tuple(found)


def snapshot(ground: Ground, *without: str) -> dict[str, tuple[int, ...]]:
    """Return the state of every file that a submission of these students must not touch."""
    own = {ground.home / step / who for step in _STEPS for who in without}
    own |= {ground.home / "gradebook.db", ground.home / ".autograder", ground.home / "reports"}
    found: dict[str, tuple[int, ...]] = {}
    for folder, folders, files in itertools.chain(os.walk(ground.home), os.walk(ground.outside)):
        here = Path(folder)
        folders[:] = [n for n in folders if here / n not in own and n != "__pycache__"]
        for path in (here / name for name in files):
            if path not in own and not path.name.startswith("gradebook.db"):
                entry = path.lstat()
                found[str(path)] = (entry.st_mode, entry.st_size, entry.st_ctime_ns, entry.st_ino)
    return found


_STEPS = ("submitted", "autograded", "feedback")
