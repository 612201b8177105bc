"""The light course: one small notebook, whose checks exist in three forms that agree.

A student's own work is about 0.15 CPU-seconds: a short training and a plot. What a grader costs
beside it is what the benchmark measures. The same answers are written into three kinds of
course:

``autograder``  pytest graders outside the student's process
``stock``       nbgrader's own hidden tests, asserts in the notebook's locked cells
``otter``       the same asserts as Otter's test files
"""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

SLUG = "light"
Kind = Literal["autograder", "stock"]

_SETUP = """\
import matplotlib.pyplot as plt
import numpy as np
import torch
"""

_TRAIN = """\
torch.manual_seed(0)
x = torch.linspace(-3, 3, 256).unsqueeze(1)
y = torch.sin(x)
model = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
losses = []
for epoch in range(200):
    model.zero_grad()
    loss = torch.nn.functional.mse_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for weight in model.parameters():
            weight -= 0.1 * weight.grad
    losses.append(loss.item())
print(f"final loss {losses[-1]:.4f}")
"""

_PLOT = """\
fig, ax = plt.subplots(figsize=(5, 3.5))
ax.plot(losses)
ax.set(xlabel="epoch", ylabel="loss")
plt.show()
"""


@dataclass(frozen=True)
class Task:
    """A task: its stub, its right answer, a wrong one, and its check in both forms."""

    id: str
    points: float
    stub: str
    right: str
    wrong: str
    asserts: str
    hidden: str


TASKS = (
    Task(
        "light_t1",
        2,
        "def mse(prediction, target):\n    raise NotImplementedError\n",
        "def mse(prediction, target):\n    return float(np.mean((prediction - target) ** 2))\n",
        "def mse(prediction, target):\n    return float(np.sum((prediction - target) ** 2))\n",
        "assert abs(mse(np.array([1.0, 2.0]), np.array([0.0, 0.0])) - 2.5) < 1e-9\n"
        "assert abs(mse(np.array([1.0, 3.0]), np.array([1.0, 3.0]))) < 1e-9\n",
        """
        def test_mse(student, draw):
            prediction, target = draw.array(5), draw.array(5)
            expected = float(np.mean((prediction - target) ** 2))
            expect.close(student.call("mse", prediction, target), expected, what="the mean square")
        """,
    ),
    Task(
        "light_t2",
        3,
        "def momentum_step(w, v, g, lr, beta):\n    raise NotImplementedError\n",
        "def momentum_step(w, v, g, lr, beta):\n    v = beta * v + g\n    return w - lr * v, v\n",
        "def momentum_step(w, v, g, lr, beta):\n    v = beta * v + g\n    return w - lr * g, v\n",
        "w, v = momentum_step(np.ones(2), np.ones(2), np.ones(2), 0.1, 0.5)\n"
        "assert np.allclose(v, 1.5)\nassert np.allclose(w, 0.85)\n",
        """
        def test_momentum_step(student, draw):
            w, v, g = draw.array(3), draw.array(3), draw.array(3)
            got = student.call("momentum_step", w, v, g, 0.1, 0.9)
            expect.close(got[1], 0.9 * v + g, what="the velocity")
            expect.close(got[0], w - 0.1 * (0.9 * v + g), what="the weights")
        """,
    ),
    Task(
        "light_t3",
        1,
        "def standardise(x):\n    raise NotImplementedError\n",
        "def standardise(x):\n    return (x - x.mean(axis=0)) / x.std(axis=0)\n",
        "def standardise(x):\n    return x / x.std(axis=0)\n",
        "z = standardise(np.arange(12.0).reshape(4, 3) ** 2)\n"
        "assert np.allclose(z.mean(axis=0), 0) and np.allclose(z.std(axis=0), 1)\n",
        """
        def test_standardise(student, draw):
            x = draw.array(6, 3)
            expected = (x - x.mean(axis=0)) / x.std(axis=0)
            expect.close(student.call("standardise", x), expected, what="mean 0 and deviation 1")
        """,
    ),
)

MISTAKES: tuple[frozenset[str], ...] = (
    *(frozenset[str](),) * 6,
    frozenset({"light_t1"}),
    *(frozenset[str](),) * 10,
    frozenset({"light_t2", "light_t3"}),
    *(frozenset[str](),) * 2,
)
"""Which tasks each of twenty students gets wrong: the checks are easy, a tenth fails one."""


def expected_points(number: int) -> dict[str, float]:
    """Return the points that a student's answers deserve, by task."""
    wrong = MISTAKES[number % len(MISTAKES)]
    return {task.id: 0.0 if task.id in wrong else task.points for task in TASKS}


def student_id(number: int) -> str:
    """Return the id of a student of the class."""
    return f"student{number:04d}"


def write_course(root: Path, kind: Kind, students: int) -> None:
    """Write a course directory with its source notebook and every hand-in.

    Afterwards ``nbgrader generate_assignment light`` enters the assignment in the gradebook.
    """
    _write(root / "nbgrader_config.py", CONFIG[kind])
    _write_json(root / "source" / SLUG / f"{SLUG}.ipynb", source_notebook(kind))
    if kind == "autograder":
        _write(root / "autograder.toml", 'graders_dir = "graders"\n')
        _write(root / ".autograder-secret", "0123456789abcdef0123456789abcdef\n")
        _write(root / "assignments" / SLUG / "assignment.toml", _contract())
        _write(root / "graders" / SLUG / f"test_{SLUG}.py", _graders())
        _write(root / "solutions" / SLUG / "reference.py", _reference())
    for number in range(students):
        folder = root / "submitted" / student_id(number) / SLUG
        _write_json(folder / f"{SLUG}.ipynb", handed_in(kind, number))


def source_notebook(kind: Kind) -> NotebookNode:
    """Return the instructor's notebook."""
    code = nbformat.v4.new_code_cell
    cells = [nbformat.v4.new_markdown_cell("# A light assignment"), code(_SETUP)]
    for task in TASKS:
        answer = f"### BEGIN SOLUTION\n{task.right}### END SOLUTION\n"
        cells.append(code(answer, metadata=_flags(f"{task.id}_answer", solution=True)))
        cells.append(code(_check(task, kind), metadata=_flags(task.id, task.points)))
    cells += [code(_TRAIN), code(_PLOT)]
    return _notebook(cells)


def handed_in(kind: Kind, number: int) -> NotebookNode:
    """Return what one student hands in: the released notebook with the answers written."""
    wrong = MISTAKES[number % len(MISTAKES)]
    nb = source_notebook(kind)
    sources = {
        f"{task.id}_answer": (task.wrong if task.id in wrong else task.right) + f"# {number}\n"
        for task in TASKS
    }
    for cell in nb["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        cell["source"] = sources.get(name, cell["source"])
        if name in {task.id for task in TASKS}:
            cell["source"] = "# the tests are hidden\n"  # put back when it is graded
    return nb


def plain_notebook(number: int) -> NotebookNode:
    """Return a hand-in for Otter, whose tests lie outside the notebook."""
    nb = handed_in("stock", number)
    nb["cells"] = [
        cell
        for cell in nb["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in {t.id for t in TASKS}
    ]
    for cell in nb["cells"]:
        cell["metadata"] = NotebookNode()
    return nb


def otter_test(task: Task) -> str:
    """Return a task's asserts as a test file of Otter's."""
    lines = task.asserts.strip().split("\n")
    body = "\n".join(f">>> {line}" for line in lines)
    suite = {"cases": [{"code": body, "hidden": True, "locked": False}], "scored": True}
    test = {"name": task.id, "points": task.points, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"


def _check(task: Task, kind: Kind) -> str:
    return task.asserts if kind == "stock" else "# the tests are hidden\n"


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    for number, cell in enumerate(cells):
        cell["id"] = f"light-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _flags(grade_id: str, points: float | None = None, *, solution: bool = False) -> Any:
    metadata = {"grade": points is not None, "solution": solution, "task": False}
    metadata |= {"locked": points is not None, "grade_id": grade_id, "schema_version": 3}
    return {"nbgrader": metadata | ({} if points is None else {"points": points})}


def _contract() -> str:
    tasks = ",\n".join(
        f'  {{id = "{t.id}", title = "{t.id}", kind = "auto", level = "core", '
        f"points = {t.points}, minutes = 5}}"
        for t in TASKS
    )
    return f'title = "Light"\nnotebook = "{SLUG}"\ntask = [\n{tasks},\n]\n'


def _graders() -> str:
    parts = ["import numpy as np\nimport pytest\n\nfrom autograder.grading import expect\n"]
    for task in TASKS:
        mark = f'@pytest.mark.task("{task.id}", points={task.points})\n'
        parts.append(f"\n\n{mark}{textwrap.dedent(task.hidden).strip()}\n")
    return "".join(parts)


def _reference() -> str:
    return "import numpy as np\n\n\n" + "\n\n".join(task.right for task in TASKS)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write_json(path: Path, nb: NotebookNode) -> None:
    _write(path, json.dumps(nb, indent=1))


CONFIG = {
    "stock": 'c = get_config()\nc.CourseDirectory.course_id = "light"\n',
    "autograder": (
        "from autograder.hooks import configure\n\nc = get_config()\n"
        'c.CourseDirectory.course_id = "light"\nconfigure(c)\n'
    ),
}
