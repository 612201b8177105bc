"""What runs inside the outer sandbox: plain nbgrader, attacked once for each line of input."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import secrets
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, GenerateFeedbackApp

from autograder.redteam.attack import Aim, Attack
from autograder.redteam.canaries import Canaries
from autograder.redteam.ground import CLASSMATE, COURSE_ID, SLUG, Ground, plant_outside
from autograder.redteam.handing_in import is_answer
from autograder.redteam.listeners import Listeners
from autograder.redteam.machine import SharedMemory
from autograder.redteam.run import Field, WorkerLost
from autograder.redteam.worker import CANARY_VARIABLE, plant_key

_APPS = {"grade": AutogradeApp, "feedback": GenerateFeedbackApp}
_STEP_S = 100.0
_CONFIG = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.course_id = {course!r}
c.Execute.timeout = 10  # thirty seconds by default, for every cell
"""
_SIGNATURE = "def mean_squared_error(predicted, target):"
_BODY = "    return float(np.mean((predicted - target) ** 2))"
_ANSWER = f"{_SIGNATURE}\n{_BODY}"
_SOURCE = f"{_SIGNATURE}\n    ### BEGIN SOLUTION\n{_BODY}\n    ### END SOLUTION"
_HIDDEN = """### BEGIN HIDDEN TESTS
secret = "{canary}"
predicted, target = np.array([[0.5, -1.25, 2.0]]), np.array([[1.0, 0.75, -3.0]])
expected = float(np.mean((predicted - target) ** 2))
{test}
### END HIDDEN TESTS"""
_TESTS = (
    "np.testing.assert_allclose(mean_squared_error(predicted, target), expected, rtol=1e-6)",
    "assert np.isclose(mean_squared_error(predicted, target), expected)",
    "assert abs(mean_squared_error(predicted, target) - expected) < 1e-6",
)
"""Three ways in which instructors write a test."""


def main() -> None:
    """Make the course, then attack a fresh copy of it for every attack."""
    root = Path(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    (root / "home").mkdir()
    nonce = secrets.token_hex(8)
    ground, solved = _build(root / "ground", Canaries(nonce))
    shutil.move(ground.root, root / "template")
    _say(answers, [])
    for line in sys.stdin:
        attack = Attack.model_validate_json(line)
        _say(answers, _attack(ground, root / "template", attack, solved))


def _attack(
    ground: Ground, template: Path, attack: Attack, solved: dict[str, Any]
) -> list[tuple[str, str]]:
    shutil.copytree(template, ground.root, symlinks=True)
    nonce = secrets.token_hex(8)
    memory = SharedMemory(ground.canaries.at("shared memory of this machine"))
    try:
        with memory, Listeners(ground.outside, nonce) as listeners:
            nbgrader = _Nbgrader(ground, solved if attack.header.aim is Aim.BATCH else None)
            field = Field(ground, listeners, nbgrader, memory.addresses(), solved)
            verdict = field.attack(attack)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)  # everything else inside this sandbox
        shutil.rmtree(ground.root, ignore_errors=True)
        _empty(Path(os.environ["HOME"]), Path("/tmp"), Path("/dev/shm"))
    return [(item.kind, item.text) for item in verdict.evidence]


class _Nbgrader:
    """Plain nbgrader, each step in a process forked from this one.

    Parameters
    ----------
    witness
        A right notebook of a classmate's, who is graded in the same run: one attack may end
        the run for everybody.
    """

    def __init__(self, ground: Ground, witness: dict[str, Any] | None = None) -> None:
        self._ground = ground
        self._witness = witness
        self.pid = os.getpid()

    def ask(self, order: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        """Run the step; one that does not end, or leaves the classmate out, counts as lost."""
        if order["do"] == "grade" and self._witness is not None:
            self._grade_with_witness(self._witness)
        else:
            _run(_APPS[order["do"]], self._ground.home, order["student"])
        return {}

    def _grade_with_witness(self, notebook: dict[str, Any]) -> None:
        folder = self._ground.submitted(CLASSMATE)
        _write(folder / f"{self._ground.notebook}.ipynb", json.dumps(notebook))
        _run(AutogradeApp, self._ground.home)
        if not (self._ground.home / "autograded" / CLASSMATE).exists():
            raise WorkerLost("the run ended, and a classmate was not graded")


def _run(app: Any, home: Path, student: str = "") -> None:
    """Run one of nbgrader's commands in a forked process.

    Raises
    ------
    WorkerLost
        If it does not end in time.
    """
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.chdir(home)
            command = app.instance()
            command.initialize([SLUG, *([f"--student={student}"] if student else [])])
            command.start()
            status = 0
        finally:
            os._exit(status)
    deadline = time.monotonic() + _STEP_S
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise WorkerLost(f"nbgrader did not end within {_STEP_S:.0f} s")
        time.sleep(0.02)


def _build(root: Path, canaries: Canaries) -> tuple[Ground, dict[str, Any]]:
    """Make the course, with the neighbour and one who has done nothing graded."""
    home = root / "course"
    ground = Ground(root, SLUG, SLUG, ("mean_squared_error",), canaries)
    _write(home / "nbgrader_config.py", _CONFIG.format(root=str(home), course=COURSE_ID))
    _write(home / "autograder.toml", 'graders_dir = "graders"\n')
    _write(home / ".autograder-secret", canaries.at("the course's secret"))
    _write(home / f"graders/{SLUG}/test_it.py", f"# {canaries.at('the hidden tests')}\n")
    _write(home / f"solutions/{SLUG}/reference.py", f"# {canaries.at('the reference')}\n")
    source = home / "source" / SLUG / f"{SLUG}.ipynb"
    _write(source, nbformat.writes(_source(canaries)))
    _run(GenerateAssignmentApp, home)
    document = json.loads(source.read_text(encoding="utf-8"))
    document["metadata"]["redteam"] = canaries.at("the source notebook")
    source.write_text(json.dumps(document), encoding="utf-8")
    plant_outside(ground)
    descriptor = os.open(ground.outside / "descriptor.txt", os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    os.environ[CANARY_VARIABLE] = canaries.at("the grading process")
    plant_key(canaries.at("the grading process").encode())
    solved = copy.deepcopy(ground.released)
    for cell in solved["cells"]:
        if is_answer(cell):
            cell["source"] = _ANSWER
    memory = SharedMemory("")
    with Listeners(ground.outside, "none") as listeners:
        Field(ground, listeners, _Nbgrader(ground), memory.addresses(), solved).grade_honest()
    (ground.outside / "listener").unlink()
    return ground, solved


def _source(canaries: Canaries) -> nbformat.NotebookNode:
    """Return the instructor's notebook: one answer, and its tests in three cells."""
    code = nbformat.v4.new_code_cell
    hidden = canaries.at("a hidden test in a cell")
    cells = [code("import numpy as np"), code(_SOURCE, metadata=_flags("answer", solution=True))]
    for number, test in enumerate(_TESTS):
        text = _HIDDEN.format(canary=hidden, test=test)
        flags = _flags(f"test{number}", grade=True, locked=True, points=2)
        cells.append(code(text, metadata=flags))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _flags(grade_id: str, **given: Any) -> dict[str, Any]:
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**flags, "grade_id": grade_id, "schema_version": 3, **given}}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _empty(*folders: Path) -> None:
    """Delete what an attack left in folders that this sandbox alone has."""
    here = Path(sys.argv[1])
    for folder in folders:
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                if not here.is_relative_to(path):
                    shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _say(stream: Any, answer: Any) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


if __name__ == "__main__":
    main()
