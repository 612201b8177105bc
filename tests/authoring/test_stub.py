"""A stub notebook that disagrees with its contract must not reach students."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.stub import read_stub
from autograder.contract import Contract
from autograder.errors import UserError

CONTRACT = Contract.model_validate(
    {
        "title": "Title",
        "notebook": "a1",
        "task": [
            {
                "id": f"a1_t{number}",
                "title": "Title",
                "kind": kind,
                "level": "core",
                "points": 1,
                "minutes": 5,
            }
            for number, kind in [(1, "auto"), (2, "written")]
        ],
    }
)
ANSWER = '# %% task="a1_t1" role="answer"\nraise NotImplementedError("a1_t1: write it")\n\n'
CHECK = '# %% task="a1_t1" role="check"\ncheck("a1_t1")\n\n'
WRITTEN = '# %% [markdown] task="a1_t2" role="written"\n# Your answer.\n\n'


def read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(text, encoding="utf-8")
    read_stub(path, CONTRACT)


def test_complete_stub_is_accepted(tmp_path: Path) -> None:
    read(tmp_path, ANSWER + CHECK + WRITTEN)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (CHECK + WRITTEN, None, "a1_t1 has no answer cell"),
        (ANSWER + WRITTEN, None, "a1_t1 has no check cell"),
        (ANSWER + CHECK, None, "a1_t2 has no written cell"),
        (ANSWER + CHECK + ANSWER + WRITTEN, 7, "already has its answer cell, in line 1"),
        (CHECK + ANSWER + WRITTEN, 1, "stands before its answer"),
        (ANSWER.replace("a1_t1", "a1_t9"), 1, "no task 'a1_t9'"),
        (ANSWER.replace(' role="answer"', ""), 1, "belong together"),
        (ANSWER.replace(' task="a1_t1"', ""), 1, "belong together"),
        (ANSWER.replace("answer", "written"), 1, "a1_t1 is of the kind auto"),
        (WRITTEN.replace(" [markdown]", ""), 1, "role written is markdown"),
        (ANSWER.replace("%%", "%% [markdown]", 1), 1, "role answer is code"),
        (ANSWER.replace('role="answer"', 'role="answer" tags=["explore"]'), 1, "cannot be tagged"),
        (ANSWER.replace("a1_t1: write it", "write it"), 1, "does not say what is missing"),
        (ANSWER.replace("raise", "raise raise"), 1, "is not Python"),
        (CHECK.replace('check("a1_t1")', 'check("a1_t2")'), 1, 'the one line check("a1_t1")'),
        (WRITTEN.replace("# Your answer.\n", ""), 1, "empty placeholder"),
    ],
)
def test_mistake_is_named_with_file_and_line(
    tmp_path: Path, text: str, line: int | None, expected: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, text)
    where = f"{tmp_path / 'notebook.py'}:" + ("" if line is None else f"{line}:")
    assert where in str(caught.value)
    assert expected in str(caught.value)
