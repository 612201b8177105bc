"""Which tests a wrong answer meets: rather too many than too few."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.audit.answers import known_answers
from autograder.audit.reach import Reach
from autograder.authoring import Solutions, Variant
from autograder.authoring.marked import Marked
from autograder.authoring.variant import Expectation

ANSWERS = {
    "t1": "import numpy as np\n\ndef mean(x):\n    return np.mean(x)",
    "t2": "def spread(x):\n    return mean((x - mean(x)) ** 2)",
    "t3": "def largest(x):\n    return max(x)",
    "t4": "A sentence about the mean.",
}
GRADERS = {
    "t1": "student.call('mean', 1)",
    "t2": "student.call('spread', 1)",
    "t3": "from . import shared\nshared.meets_largest(student)",
}


@pytest.fixture
def tests(tmp_path: Path) -> list[Marked]:
    (tmp_path / "shared.py").write_text("def meets_largest(student):\n    student.call('largest')")
    marked = []
    for task, text in GRADERS.items():
        path = tmp_path / f"test_{task}.py"
        path.write_text(text)
        marked.append(Marked(f"test_of_{task}", task, path, 1, 1.0))
    return marked


def reach(tests: list[Marked], *shared: str) -> Reach:
    cells = [new_code_cell("import numpy as np"), *map(new_code_cell, shared)]
    return Reach(new_notebook(cells=cells), ANSWERS, tests)


@pytest.mark.parametrize(
    ("changed", "noticed"),
    [
        pytest.param({"t1": "def mean(x):\n    return 0"}, {"t1", "t2"}, id="used by an answer"),
        pytest.param({"t2": "def spread(x):\n    return 0"}, {"t2"}, id="used by nobody"),
        pytest.param({"t3": "def other(x):\n    return 0"}, {"t3"}, id="defines another name"),
        pytest.param({"t2": "largest = spread = abs"}, {"t2", "t3"}, id="takes another's name"),
        pytest.param({"t3": "import numpy as np\nmax = min"}, {"t3"}, id="imports what all do"),
        pytest.param({"t3": "print(1)"}, {"t1", "t2", "t3"}, id="does something"),
        pytest.param({"t3": "_ = np.random.seed(0)"}, {"t1", "t2", "t3"}, id="assigns a call"),
        pytest.param({"t3": "np.mean = max"}, {"t1", "t2", "t3"}, id="changes a library"),
        pytest.param({"t3": "import other as mean"}, {"t1", "t2", "t3"}, id="imports over a name"),
    ],
)
def test_reach(tests: list[Marked], changed: dict[str, str], noticed: set[str]) -> None:
    assert reach(tests).tasks(changed) == noticed


def test_cell_of_no_task_carries_a_change_everywhere(tests: list[Marked]) -> None:
    changed = {"t2": "def spread(x):\n    return 0"}
    assert reach(tests, "table = spread([1, 2])").tasks(changed) == {"t1", "t2", "t3"}


def test_definition_of_no_task_carries_a_change_to_those_who_use_it(tests: list[Marked]) -> None:
    changed = {"t2": "def spread(x):\n    return 0"}
    told = 'def largest_spread(xs):\n    """Use spread."""\n    return [spread(x) for x in xs]'
    assert reach(tests, told, "x = 5").tasks(changed) == {"t2"}
    assert reach(tests, told, "shown = largest_spread([])").tasks(changed) == {"t1", "t2", "t3"}
    assert reach(tests, "%time spread(5)").tasks(changed) == {"t1", "t2", "t3"}


def test_comment_or_docstring_of_a_test_is_no_mention(tests: list[Marked]) -> None:
    with tests[2].path.open("a") as file:
        file.write('\n# spread\ndef rule():\n    """As spread has it."""')
    assert reach(tests).tasks({"t2": "def spread(x):\n    return 0"}) == {"t2"}


def test_sample_of_wrong_answers_fails_every_test_that_all_of_them_fail() -> None:
    def wrong(name: str, *fails: str) -> Variant:
        said = Expectation(misconception=name, fails=fails, hints=())
        return Variant(Path(f"{name}.py"), {"t1": "def mean(x): ..."}, said)

    fails = {"a": "x", "b": "z", "c": "xy", "d": "y", "e": "yz"}
    variants = tuple(wrong(name, *tests) for name, tests in fails.items())
    solutions = Solutions(Variant(Path("reference.py"), ANSWERS, None), (), variants)
    names = {variant.name for _, variant in known_answers(solutions, quick=True) if variant}
    assert names == {"c", "e"}
    assert len(known_answers(solutions, quick=False)) == 6
