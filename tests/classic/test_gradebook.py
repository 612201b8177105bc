"""A classic course gets the gradebook that plain nbgrader gives, from confined processes."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from autograder.authoring import init_course
from autograder.batch import check_assignment, open_course
from autograder.errors import UserError

from .conftest import (
    CLASS,
    SLUG,
    SQUARE,
    answer,
    by_id,
    check_cell,
    hand_in,
    make_course,
    nbgrader,
    notebook,
    rows,
    solve,
)

pytestmark = pytest.mark.timeout(900)


def grade(root: Path, *options: str, code: int = 0) -> dict[str, Any]:
    """Run ``autograder grade``; return what it says of each student."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", SLUG, "--json", *options],
        cwd=root,
        env={**os.environ, "HOME": str(root / "home")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    log = root / ".autograder" / "logs" / f"{SLUG}.log"
    assert done.returncode == code, f"{done.stdout}{done.stderr}{log.read_text()}"
    document = json.loads(done.stdout)
    assert document["assignment"] == SLUG
    return {item["student"]: item for item in document["submissions"]}


def test_gradebook_is_that_of_plain_nbgrader(
    plain_course: Path, course: Path, tmp_path: Path
) -> None:
    plain = shutil.copytree(plain_course, tmp_path / "plain")
    nbgrader(plain, "autograde", SLUG)
    expected = rows(plain)
    assert {student for student, _, _ in expected} == set(CLASS)

    told = grade(course, code=1)  # an empty hand-in and a deleted test wait for a person
    assert rows(course) == expected

    assert {item["marks_from"] for item in told.values()} == {"test cells"}
    assert told["empty"]["reason"] == "No notebook was submitted."
    assert told["empty"]["outcome"] == "not graded"
    assert told["deleted"]["scores"]["squares/square"] is None
    assert told["right"]["scores"] == {"squares/square": 3, "squares/partly": 2, "cubes/cube": 1}
    assert told["partial"]["scores"]["squares/partly"] == 1
    assert told["partial"]["scores"]["cubes/cube"] == 0

    page = (course / "reports" / f"{SLUG}.html").read_text()
    assert "inside the students" in page
    result = json.loads((course / ".autograder/results" / SLUG / "wrong.json").read_text())
    assert result["marks_from"] == "test cells"
    test = next(task["tests"][0] for task in result["tasks"] if task["task"] == "squares/square")
    assert test["message"].startswith("AssertionError")


@pytest.fixture
def small(course: Path) -> Path:
    """The course with nobody's hand-in yet."""
    shutil.rmtree(course / "submitted")
    return course


def attack(tmp: str) -> str:
    """Return an answer that tries to leave its process in four ways."""
    return f"""
import os, pathlib, socket
def square(n):
    return n * n
told = []
for path in ({tmp!r}, os.getcwd() + "/../../../gradebook.db"):
    try:
        pathlib.Path(path).write_text("was here")
        told.append("wrote")
    except OSError:
        pass
told += [name for name in ("gradebook.db", "source") if pathlib.Path("../../..", name).exists()]
print("told:", told)
"""


def test_submission_cannot_leave_its_process(small: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.touch()
    hand_in(small, "mallory", "squares", lambda nb: solve(nb, attack(str(outside))))
    hand_in(small, "mallory", "cubes")
    grade(small)
    assert outside.read_text() == ""
    graded = nbformat.read(small / "autograded" / "mallory" / SLUG / "squares.ipynb", as_version=4)
    shown = by_id(graded, "square_answer").outputs
    assert [output.text for output in shown] == ["told: []\n"]


TRICKS = {
    # What the test cell would have shown is never shown: nothing shown is full marks in nbgrader.
    "ends_the_process": "import os\ndef square(n):\n    os._exit(0)",
    "ends_every_process": "import os\nos.kill(os.getpid(), 9)\ndef square(n):\n    os._exit(0)",
    "hides_errors": "import IPython.core.interactiveshell as shell\n"
    "shell.InteractiveShell.showtraceback = lambda *a, **k: None\ndef square(n):\n    return 0",
    "asks_for_more": "class Many(int):\n    def __eq__(self, other): return 500\n"
    "    __hash__ = int.__hash__\ndef square(n):\n    return Many(1)",
}


def test_tricks_earn_nothing(small: Path) -> None:
    for name, source in TRICKS.items():
        hand_in(small, name, "squares", lambda nb, source=source: solve(nb, source))
        hand_in(small, name, "cubes")

    def tagged(nb: Any) -> None:
        solve(nb, "def square(n):\n    return 0")
        for cell in nb.cells:
            cell.metadata["tags"] = ["skip-execution", "explore", "raises-exception"]
            cell.metadata.get("nbgrader", {}).update(locked=False)

    hand_in(small, "tagged", "squares", tagged)
    hand_in(small, "tagged", "cubes")
    told = grade(small, code=1)
    for name in ("ends_the_process", "ends_every_process", "hides_errors", "tagged"):
        assert told[name]["scores"]["squares/square"] == 0, name
    assert told["asks_for_more"]["scores"]["squares/partly"] is None  # 1000 of 2 points
    assert told["asks_for_more"]["outcome"] == "not graded"


BASH = [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"]


def install_kernel(monkeypatch: pytest.MonkeyPatch, folder: Path, argv: list[str]) -> None:
    """Have Jupyter know a kernel by the folder's name."""
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": folder.name}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder.parent.parent))


@pytest.mark.parametrize(
    ("name", "argv", "reason"),
    [
        ("no-such-kernel", BASH, "is not installed here"),
        ("elsewhere", ["/elsewhere/bin/R"], "needs '/elsewhere/bin/R', which is not installed"),
        ("mute", ["/bin/false"], "does not start, confined: .*Kernel died"),
    ],
)
def test_kernel_that_cannot_run_is_refused_before_anybody_is_graded(
    small: Path, name: str, argv: list[str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = "other" if name == "no-such-kernel" else name
    install_kernel(monkeypatch, small / "jupyter" / "kernels" / known, argv)
    with Gradebook(f"sqlite:///{small / 'gradebook.db'}", "classic101") as gradebook:
        gradebook.find_notebook("cubes", SLUG).kernelspec = json.dumps({"name": name})
        gradebook.db.commit()
    with pytest.raises(UserError, match=f"cubes: the kernel '{name}' {reason}"):
        check_assignment(open_course(small), SLUG)


def put(source: str, nb: NotebookNode) -> None:
    by_id(nb, "words_answer").source = source


@pytest.mark.slow
def test_notebook_in_another_language_gets_the_marks_of_plain_nbgrader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real kernel of another program, in a process of the submission's."""
    install_kernel(monkeypatch, tmp_path / "jupyter" / "kernels" / "bash", BASH)
    plain = tmp_path / "plain"
    plain.mkdir()
    words = notebook(
        answer("words_answer", "words() { wc -w; }"),
        check_cell("words", '[ "$(echo one two three | words)" -eq 3 ]', 3),
        check_cell("none", 'echo "$(words < /dev/null)"', 1),
        kernel="bash",
    )
    make_course(plain, words=words)
    for student, source in {
        "right": "words() { wc -w; }",
        "wrong": "words() { wc -c; }",
        "leaves": "words() { wc -w; }; sleep 1000 &",
    }.items():
        hand_in(plain, student, "words", functools.partial(put, source))
    confined = shutil.copytree(plain, tmp_path / "confined")
    nbgrader(plain, "autograde", SLUG)
    init_course(confined, course_id="")
    told = grade(confined)
    assert rows(confined) == rows(plain)
    assert told["right"]["scores"] == {"words": 3, "none": 1}
    assert told["wrong"]["scores"] == {"words": 0, "none": 1}


def test_submission_does_not_choose_the_program(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its wish is put right where the source names a kernel, and refused where it names none."""
    install_kernel(monkeypatch, small / "jupyter" / "kernels" / "bash", BASH)

    def foreign(nb: NotebookNode) -> None:
        nb.metadata["kernelspec"] = {"name": "bash", "display_name": "B", "language": "bash"}

    hand_in(small, "foreign", "squares", lambda nb: (solve(nb, SQUARE), foreign(nb)))
    hand_in(small, "foreign", "cubes", foreign)
    assert grade(small)["foreign"]["scores"]["squares/square"] == 3
    with Gradebook(f"sqlite:///{small / 'gradebook.db'}", "classic101") as gradebook:
        gradebook.find_notebook("squares", SLUG).kernelspec = "{}"
        gradebook.db.commit()
    told = grade(small, "--students", "foreign", "--rerun", code=1)["foreign"]
    assert told["outcome"] == "not graded"
