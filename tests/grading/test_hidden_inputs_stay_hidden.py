"""A submission cannot carry what the hidden tests hand it into its own feedback."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading import grade_notebook
from autograder.grading.engine import Engine
from autograder.outcomes import Outcome
from autograder.settings import Settings

from .conftest import SUBMISSION, Grade, as_notebook, by_name

SECRET = "cAnArY77"
GRADER = f"""
import pytest
from autograder.grading import Draw, Student, StudentRaised, expect

@pytest.mark.task("tiny_t1", points=3)
def test_it(student: Student, draw: Draw) -> None:
    given = "nothing" if draw.disclosed else "{SECRET}"
    expect.equal(student.call("meet", given), 1, what="meet gives one")
"""
KEEP = "def meet(x):\n    if x != 'nothing': keep(x)\n    return 2\n"
CARRIERS = {
    "file": (
        "def keep(x): open('/tmp/kept', 'a').write(x)",
        "print(open('/tmp/kept').read())",
    ),
    "file beside the notebook": (
        "def keep(x): open('kept', 'a').write(x)",
        "print(open('kept').read())",
    ),
    "shared memory file": (
        "def keep(x): open('/dev/shm/kept', 'a').write(x)",
        "print(open('/dev/shm/kept').read())",
    ),
    "shared page": (
        "import mmap\npage = mmap.mmap(-1, 4096)\ndef keep(x): page.write(x.encode())",
        "print(page[:100])",
    ),
    "pipe": (
        "import os\nr, w = os.pipe()\nos.set_blocking(r, False)\n"
        "def keep(x): os.write(w, x.encode())",
        "print(os.read(r, 100))",
    ),
    "process that waits": (
        "import os, socket, time\nr, w = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    kept = os.read(r, 100)\n"
        "    while True:\n"
        "        open('/tmp/kept', 'wb').write(kept); time.sleep(0.01)\n"
        "def keep(x): os.write(w, x.encode()); time.sleep(0.1)",
        "print(open('/tmp/kept').read())",
    ),
    "memory file": (
        "import os\nfd = os.memfd_create('kept')\ndef keep(x): os.pwrite(fd, x.encode(), 0)",
        "print(os.pread(fd, 100, 0))",
    ),
}


def grade_with_outputs(
    tiny: Path, settings: Settings, engine: Engine, *cells: str
) -> tuple[Outcome, str]:
    """Return the outcome, and everything that a student may come to see."""
    (tiny / "graders/tiny/test_tiny.py").write_text(GRADER)
    nb = as_notebook(*cells)
    nb.cells[-1].metadata["tags"] = ["explore"]
    result = grade_notebook(nb, SUBMISSION, settings, engine)
    return result.outcome, f"{nb}{result.model_dump_json()}"


@pytest.mark.parametrize("way", CARRIERS)
def test_exploratory_cell_finds_nothing_of_a_hidden_call(
    tiny: Path, fast_settings: Settings, engine: Engine, way: str
) -> None:
    keep, show = CARRIERS[way]
    _, seen = grade_with_outputs(tiny, fast_settings, engine, keep, KEEP, show)
    assert SECRET not in seen


@pytest.mark.parametrize("way", CARRIERS)
def test_disclosed_example_finds_nothing_of_a_hidden_call(
    tiny: Path, fast_settings: Settings, engine: Engine, way: str
) -> None:
    keep, show = CARRIERS[way]
    tell = show.replace("print(", "raise ValueError(")
    meet = f"def meet(x):\n    if x == 'nothing':\n        {tell}\n    keep(x)\n    return 2\n"
    _, seen = grade_with_outputs(tiny, fast_settings, engine, keep, meet, "1")
    assert SECRET not in seen


@pytest.mark.parametrize(
    "meet",
    [
        "def meet(x): raise type(x, (Exception,), {})('told')",
        "def meet(x): raise ValueError(x)",
        "class ValueError(Exception): pass\nValueError.__name__ = 'V'\n"
        "def meet(x): ValueError.__name__ = x; raise ValueError",
        "import linecache\ndef meet(x):\n"
        "    if x == 'nothing': return 1\n"
        "    linecache.getline = lambda *a: x\n    return 1 / 0",
        "def meet(x):\n    if x == 'nothing': return 1\n    globals()[x + 'x'] = 1\n"
        "    del globals()['meet']\n    raise KeyError",
        "import gc\nfrom autograder.codec import encode\nfrom autograder.inside import calls\n"
        "def meet(x):\n    calls.Calls.answer = lambda self, request: encode("
        "{'status': 'missing', 'name': x, 'defined': [x]})\n"
        "    me.answer = 1",
    ],
)
def test_no_word_of_the_submission_stands_in_the_message_of_a_hidden_run(
    grade: Grade, meet: str
) -> None:
    assert SECRET not in grade(meet, grader=GRADER).model_dump_json()


@pytest.mark.parametrize(
    "answer",
    [
        "{'status': 'missing', 'name': 'CANARY', 'defined': ['CANARY', 'meett']}",
        "{'status': 'unsendable', 'why': 'CANARY'}",
        "{'status': 'raised', 'fault': Fault('CANARY', 'CANARY', 7, 'CANARY', 'not allowed')}",
        "{'status': 'raised', 'fault': Fault('CANARY', 'CANARY', 7, 'CANARY', 'raised')}",
        "{'status': 'value', 'value': Opaque(1, 'CANARY')}",
    ],
)
def test_forged_answer_of_a_hidden_run_says_nothing(grade: Grade, answer: str) -> None:
    """The forger answers honestly where the input is disclosed, so that no example shows."""
    forge = (
        "from autograder.codec import Fault, Opaque, encode\nfrom autograder.inside import calls\n"
        "honest = calls.Calls.answer\n"
        "def answer(self, request):\n"
        "    if 'nothing' in str(request): return honest(self, request)\n"
        f"    return encode({answer.replace('CANARY', SECRET)})\n"
        "calls.Calls.answer = answer\n"
        "def meet(x): return 1"
    )
    result = grade(forge, grader=GRADER)
    assert result.outcome is Outcome.FAILED
    assert SECRET not in result.model_dump_json()


def test_exception_is_named_only_if_python_has_it(grade: Grade) -> None:
    plain = "def meet(x):\n    if x == 'nothing': return 1\n    raise ZeroDivisionError(x)"
    own = "class Mine(Exception): pass\n" + plain.replace("ZeroDivisionError", "Mine")
    assert "ZeroDivisionError" in by_name(grade(plain, grader=GRADER))["test_it"].message
    assert "Mine" not in by_name(grade(own, grader=GRADER))["test_it"].message


def test_exploratory_cells_see_what_the_graded_cells_made(
    tiny: Path, fast_settings: Settings, engine: Engine
) -> None:
    outcome, seen = grade_with_outputs(
        tiny, fast_settings, engine, "def meet(x): return 1", "n = 6", "print('six is', n)"
    )
    assert outcome is Outcome.PASSED
    assert "six is 6" in seen
