"""No submission, whatever it holds, ends the batch, gets a silent zero or a mark it forged."""

from __future__ import annotations

import pytest
from nbgrader.utils import is_grade

from autograder.results import read_results
from autograder.settings import load_settings

from .conftest import CHANGES, HIDDEN, PATTERN_NAME, Batch
from .lab import LAB
from .poison import STUDENT_NAME

FULL = {"lab_t1": 3.0, "lab_t2": 2.0}
DAMAGED = {
    "cells_missing": "no list of cells",
    "deep": "nested too deeply",
    "empty": "No notebook named lab.ipynb was submitted (found: no notebook)",
    "folder_notebook": "not an ordinary file",
    "format3": "saved in notebook format 3; open and save it in JupyterLab",
    "huge": "larger than 0.954 MiB",
    "latin1": "not UTF-8",
    "linked_notebook": "symbolic link",
    "no_time": "time of the submission cannot be read",
    "no_time_at_all": "it is a symbolic link",
    "not_json": "it is not JSON",
    "not_notebook": "JSON, but not a notebook",
    "pipe": "not an ordinary file",
    "renamed": "No notebook named lab.ipynb was submitted (found: lab (1).ipynb)",
}
REPAIRED = {
    "claims": "said that it is a graded cell",
    "duplicated": "The cell lab_t1 was there 2 times",
    "first_deleted": "The cell lab_cell_01 was deleted; it was put back",
    "kernel": "asked for the language R",
    "points": "said that it is worth 99 points; it is worth 3",
    "retyped": "The cell lab_t1 had become a markdown cell",
    "spoilt": "said that it is worth many points",
    "test_changed": "The cell lab_t1 is not for editing",
    "test_deleted": "The cell lab_t1 was deleted; it was put back",
    "ungraded": "did not say correctly whether it is graded",
    "linked_file": "notes.txt was not used: it is a symbolic link",
    "pipe_beside": "pipe was not used: it is not an ordinary file",
    "bytes_name": r"caf\xe9.txt was not used: it has a name that is not UTF-8",
    "in_the_way": "",
}


def unescaped(text: str) -> str:
    """Return what a comment shows."""
    return text.replace(r"\\", "\0").replace("\\", "").replace("\0", "\\")


@pytest.mark.parametrize("student", ["ada", "zoe"])
def test_neighbours_in_the_batch_get_their_marks(batch: Batch, student: str) -> None:
    assert batch.marks[student].scores == {**FULL, "lab_t3": None}
    assert batch.marks[student].comments["lab_t1_answer"] == "3 of 3 points."


@pytest.mark.parametrize(("student", "reason"), DAMAGED.items())
def test_notebook_that_cannot_be_read_waits_for_a_person(
    batch: Batch, student: str, reason: str
) -> None:
    marks = batch.marks[student]
    assert set(marks.scores) == {"lab_t1", "lab_t2", "lab_t3"}
    assert set(marks.scores.values()) == {None}
    assert set(marks.needs_person.values()) == {True}
    for comment in marks.comments.values():
        assert comment.startswith("Not graded: ")
        assert reason in unescaped(comment)


@pytest.mark.parametrize("student", sorted(set(DAMAGED) - {"no_time", "no_time_at_all"}))
def test_a_person_can_open_what_stands_for_a_damaged_notebook(batch: Batch, student: str) -> None:
    nb = batch.course.autograded(student)
    assert [cell.metadata.nbgrader.grade_id for cell in nb.cells if is_grade(cell)] == [
        "lab_t1",
        "lab_t2",
        "lab_t3",
    ]
    assert "not graded" in nb.cells[0].source
    assert (
        "Not graded"
        in next(cell for cell in nb.cells if cell.get("outputs")).outputs[0].data["text/plain"]
    )


@pytest.mark.parametrize(("student", "note"), REPAIRED.items())
def test_repaired_notebook_gets_its_marks_and_the_repair_is_told(
    batch: Batch, student: str, note: str
) -> None:
    marks = batch.marks[student]
    assert {name: marks.scores[name] for name in FULL} == FULL
    assert note in unescaped(marks.told)


@pytest.mark.parametrize("student", sorted(set(CHANGES) | {"linked_file"}))
def test_every_cell_of_the_gradebook_is_in_the_graded_notebook_once(
    batch: Batch, student: str
) -> None:
    nb = batch.course.autograded(student)
    ids = [cell.metadata.nbgrader.grade_id for cell in nb.cells if "nbgrader" in cell.metadata]
    expected = {"lab_cell_01", "lab_t1_answer", "lab_t1", "lab_t2_answer", "lab_t2", "lab_t3"}
    assert set(ids) == expected - ({"lab_t1_answer"} if student == "answer_deleted" else set())
    assert len(ids) == len(set(ids))


def test_restored_cells_stand_where_they_were(batch: Batch) -> None:
    ids = [
        cell.metadata.get("nbgrader", {}).get("grade_id")
        for cell in batch.course.autograded("test_deleted").cells
    ]
    assert ids == [
        None,
        "lab_cell_01",
        "lab_t1_answer",
        "lab_t1",
        "lab_t2_answer",
        "lab_t2",
        "lab_t3",
    ]


def test_stored_outputs_earn_nothing(batch: Batch) -> None:
    marks = batch.marks["forged"]
    assert marks.scores["lab_t1"] == 1.0  # double(0) is 0, and that is all
    assert "double(n) is twice n" in marks.comments["lab_t1_answer"]


def test_deleted_answer_fails_its_tests_and_is_told(batch: Batch) -> None:
    marks = batch.marks["answer_deleted"]
    assert marks.scores["lab_t1"] == 0.0
    assert "The answer cell lab_t1_answer was deleted" in marks.told
    assert marks.scores["lab_t2"] == 2.0


def test_placeholder_left_alone_is_nbgraders_zero(batch: Batch) -> None:
    marks = batch.marks["untouched"]
    assert marks.scores["lab_t3"] == 0.0
    assert not marks.needs_person["lab_t3"]
    assert marks.comments["lab_t3"] == "No response."


def test_written_answer_that_was_deleted_is_a_persons_to_judge(batch: Batch) -> None:
    marks = batch.marks["written_deleted"]
    assert marks.scores["lab_t3"] is None
    assert marks.needs_person["lab_t3"]
    assert "deleted" in marks.comments["lab_t3"]


def test_pasted_placeholder_does_not_hide_a_written_answer(batch: Batch) -> None:
    cell = next(
        cell
        for cell in batch.course.autograded("duplicated").cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "lab_t3"
    )
    assert cell.source == "Because two is even."
    assert batch.marks["duplicated"].needs_person["lab_t3"]


def test_links_are_not_followed_into_the_graded_copy(batch: Batch) -> None:
    folder = batch.course.root / "autograded/linked_file/lab"
    assert {path.name for path in folder.iterdir()} == {"data.txt", "lab.ipynb"}
    texts = [path.read_bytes() for path in (batch.course.root / "autograded").rglob("*.*")]
    assert texts
    assert not any(HIDDEN.encode() in text for text in texts)


def test_instructors_data_file_wins(batch: Batch) -> None:
    text = (batch.course.root / "autograded/in_the_way/lab/data.txt").read_text()
    assert text == "the instructor's data"


def test_nothing_was_an_error_of_ours(batch: Batch) -> None:
    assert "Traceback" not in batch.log
    assert "could not be converted" not in batch.log


def test_student_whose_name_is_a_pattern_gets_no_classmates_marks(batch: Batch) -> None:
    assert PATTERN_NAME not in batch.marks
    assert batch.marks["zoe"].scores["lab_t1"] == 3.0


def test_results_are_kept_beside_the_gradebook(batch: Batch) -> None:
    results = {
        result.student: result for result in read_results(load_settings(batch.course.root), LAB)
    }
    assert results["ada"].tasks[0].score == 3.0
    assert "not JSON" in results["not_json"].damaged


def test_student_whose_name_is_markup_is_passed_over(batch: Batch) -> None:
    assert STUDENT_NAME not in batch.marks
    assert "cannot be a student's id" in batch.log
