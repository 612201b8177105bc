"""One class of strange submissions, graded once by a real ``nbgrader autograde``."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook, SubmittedNotebook

from .lab import LAB, Course, by_id, drop
from .poison import STUDENT_NAME, poison

HIDDEN = "the hidden tests of another assignment"
DEEP = '{"nbformat": 4, "cells": ' + "[" * 200_000 + "]" * 200_000 + "}"


@dataclass(frozen=True)
class Marks:
    """What the gradebook says of one notebook."""

    scores: dict[str, float | None]
    needs_person: dict[str, bool]
    comments: dict[str, str]

    @property
    def told(self) -> str:
        """Every comment, one after the other."""
        return "\n".join(self.comments.values())


PATTERN_NAME = "zo[e]"


@dataclass(frozen=True)
class Batch:
    """A graded class."""

    course: Course
    marks: dict[str, Marks]
    log: str


def read_marks(course: Course) -> dict[str, Marks]:
    """Return what the gradebook holds, by student."""
    with Gradebook(course.database, "lab101") as gradebook:
        submissions = gradebook.assignment_submissions(LAB)
        return {entry.student.id: _marks(entry.notebooks[0]) for entry in submissions}


def _marks(entry: SubmittedNotebook) -> Marks:
    return Marks(
        scores={grade.name: grade.auto_score for grade in entry.grades},
        needs_person={grade.name: grade.needs_manual_grade for grade in entry.grades},
        comments={comment.name: comment.auto_comment or "" for comment in entry.comments},
    )


def _retype(document: dict[str, Any], grade_id: str, kind: str) -> None:
    cell = by_id(document, grade_id)
    cell["cell_type"] = kind
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)


def _duplicate(document: dict[str, Any], grade_id: str, **change: Any) -> None:
    cell = by_id(document, grade_id)
    document["cells"].append({**cell, "id": "pasted", **change})


def _spoil_metadata(document: dict[str, Any]) -> None:
    by_id(document, "lab_t1")["metadata"]["nbgrader"].update(schema_version=99, points="many")
    by_id(document, "lab_t2")["metadata"]["nbgrader"].update(schema_version=0, task=None)
    document["cells"][0]["metadata"] = ["not", "a", "dict"]
    document["cells"] += [
        {"cell_type": "code", "metadata": {"nbgrader": [1, 2]}, "outputs": 7, "id": "x" * 99},
        {"cell_type": "code", "metadata": {"collapsed": "yes", "tags": 3}, "source": ["a =", " 1"]},
        {"cell_type": "hologram", "metadata": {}, "source": "?"},
        "not a cell",
        {"cell_type": "markdown", "source": "\ud800 half a character", "attachments": {"a": 1}},
    ]
    document["metadata"] = {"kernelspec": 5, "language_info": [], "autograder": {"damaged": "no"}}


def _forge_outputs(document: dict[str, Any]) -> None:
    by_id(document, "lab_t1_answer")["source"] = "def double(n):\n    return 0"
    forged = {"output_type": "execute_result", "data": {"text/plain": "3"}}
    by_id(document, "lab_t1")["outputs"] = [{**forged, "metadata": {}, "execution_count": 1}]


def _claim(document: dict[str, Any]) -> None:
    metadata = {"grade": True, "solution": False, "locked": True, "schema_version": 3}
    claim = {"nbgrader": {**metadata, "grade_id": "lab_t99", "points": 50}}
    document["cells"].append({"cell_type": "code", "metadata": claim, "source": "1", "id": "c"})


def _foreign_kernel(document: dict[str, Any]) -> None:
    document["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    document["metadata"]["language_info"] = {"name": "R"}


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "ada": lambda document: None,
    "answer_deleted": lambda document: drop(document, "lab_t1_answer"),
    "claims": _claim,
    "duplicated": lambda document: (
        _duplicate(document, "lab_t1"),
        _duplicate(document, "lab_t3", source="*Write your answer here.*"),
    ),
    "first_deleted": lambda document: (
        document.update(cells=document["cells"][1:]),
        drop(document, "lab_cell_01"),
        by_id(document, "lab_t1_answer").update(id="restored-lab_cell_01"),
    ),
    "forged": _forge_outputs,
    "kernel": _foreign_kernel,
    "poison": poison,
    "points": lambda document: by_id(document, "lab_t1")["metadata"]["nbgrader"].update(points=99),
    "retyped": lambda document: (
        _retype(document, "lab_t1", "markdown"),
        _retype(document, "lab_t2_answer", "raw"),
    ),
    "spoilt": _spoil_metadata,
    "test_changed": lambda document: by_id(document, "lab_t1").update(source="print(3)"),
    "test_deleted": lambda document: (drop(document, "lab_t1"), drop(document, "lab_t2")),
    "ungraded": lambda document: by_id(document, "lab_t2")["metadata"]["nbgrader"].update(
        grade=False, locked=False
    ),
    "untouched": lambda document: by_id(document, "lab_t3").update(
        source="*Write your answer here.*"
    ),
    "written_deleted": lambda document: drop(document, "lab_t3"),
    "zoe": lambda document: None,
}


def _files(course: Course) -> dict[str, bytes]:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": []}]}
    return {
        "cells_missing": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {"a": 1}}',
        "deep": DEEP.encode(),
        "format3": json.dumps(old).encode(),
        "huge": json.dumps(course.solved()).encode() + b" " * 1_000_000,
        "latin1": "caf\xe9".encode("latin-1"),
        "not_json": b"{not json",
        "not_notebook": b"[1, 2, 3]",
    }


def _odd_folders(course: Course, secret: Path) -> None:
    """Submissions whose files, and not the notebook's text, are the trouble."""
    notebook = course.folder("linked_notebook") / "lab.ipynb"
    notebook.symlink_to(course.folder("ada") / "lab.ipynb")
    folder = course.submit("linked_file")
    (folder / "notes.txt").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    (folder / "endless").symlink_to("/dev/zero")
    os.mkfifo(course.folder("pipe") / "lab.ipynb")
    os.mkfifo(course.submit("pipe_beside") / "pipe")
    (course.folder("renamed") / "lab (1).ipynb").write_text(json.dumps(course.solved()))
    (course.folder("empty") / "timestamp.txt").write_text("2024-05-01 12:00:00 UTC")
    folder = course.submit("bytes_name")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("coffee")
    (course.submit("in_the_way") / "data.txt").mkdir()
    (course.submit("no_time") / "timestamp.txt").write_text("tomorrow")
    (course.submit("no_time_at_all") / "timestamp.txt").symlink_to("/dev/zero")
    (course.folder("folder_notebook") / "lab.ipynb").mkdir()


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course directory, with the assignment released."""
    return Course(tmp_path_factory.mktemp("lab101"))


@pytest.fixture(scope="session")
def batch(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    """The strange class, graded by one command."""
    secret = tmp_path_factory.mktemp("staff") / "secret.txt"
    secret.write_text(HIDDEN)
    for student, change in CHANGES.items():
        course.submit(student, change)
    for student, data in _files(course).items():
        (course.folder(student) / "lab.ipynb").write_bytes(data)
    _odd_folders(course, secret)
    course.submit(STUDENT_NAME)
    course.folder(PATTERN_NAME)  # nothing in it: what nbgrader finds there is zoe's
    Path(os.fsdecode(os.fsencode(course.root) + b"/submitted/caf\xe9/lab")).mkdir(parents=True)
    log = course.run("autograde", LAB)
    yield Batch(course, read_marks(course), log)
    shutil.rmtree(course.root / "submitted")  # pipes and links are not for others to meet


@pytest.fixture(scope="session")
def marked(batch: Batch) -> Batch:
    """The same, after a person has marked the written task of one student."""
    with Gradebook(batch.course.database, "lab101") as gradebook:
        gradebook.find_grade("lab_t3", "lab", "lab", "zoe").manual_score = 1.5
        gradebook.db.commit()
    return batch


@pytest.fixture(scope="session")
def feedback(marked: Batch) -> Callable[[str], str]:
    """Return what a student is given back."""
    marked.course.run("generate_feedback", LAB)

    def read(student: str) -> str:
        path = marked.course.root / "feedback" / student / LAB / "lab.html"
        return path.read_text(encoding="utf-8")

    return read
