"""A percent script must come through unchanged, and what is not understood must be refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.percent import Role, read_script
from autograder.errors import UserError


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "notebook.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_cells_keep_their_text_place_and_metadata(tmp_path: Path) -> None:
    text = (
        "# A comment.\n\n"
        "# %% [markdown]\n# # Title\n#\n# It's $x^2$.\n\n"
        '# %% task="a1_t3" role="answer"\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n\n\n'
        '# %% tags=["explore"]\nf()\n'
    )
    script = read_script(write(tmp_path, text))
    assert script.header.strip() == "# A comment."
    prose, answer, plot = script.cells
    assert (prose.kind, prose.source, prose.line) == ("markdown", "# Title\n\nIt's $x^2$.", 3)
    assert answer.source == "def f():\n    return 1\n\n\ndef g():\n    return 2"
    assert (answer.kind, answer.task, answer.role, answer.line) == ("code", "a1_t3", Role.ANSWER, 8)
    assert (plot.tags, plot.task, plot.role, plot.line) == (("explore",), None, None, 17)


def test_comment_does_not_become_a_shell_command(tmp_path: Path) -> None:
    source = "# cat and ls are words\n# ls\n# %timeit\nx = 1"
    (cell,) = read_script(write(tmp_path, f"# %%\n{source}\n")).cells
    assert cell.source == source


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ('# %%\n1\n\n# %% task="a1_t3" role="anwser"\n2\n', 4, "'anwser' is not known"),
        ('# %%\n1\n\n# %% task="a1_t3 role="answer"\n2\n', 4, "cannot be read"),
        ("# %% task=3\n2\n", 1, "not a task id"),
        ('# %% tag=["explore"]\n2\n', 1, "tag=['explore'] is not known"),
        ("# %% The data\n2\n", 1, "title='The data' is not known"),
        ('# %% tags="explore"\n2\n', 1, "not those of a notebook's cell"),
        ("# %% [raw]\n# x\n", 1, "a raw cell"),
        ("# comment\nimport numpy\n\n# %%\n1\n", 2, "stands before the first cell"),
    ],
)
def test_mistake_is_named_with_file_and_line(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UserError) as caught:
        read_script(path)
    assert f"{path}:{line}: " in str(caught.value)
    assert expected in str(caught.value)


def test_open_string_that_swallows_cells_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, '# %%\nx = """never closed\n\n# %%\ny = 1\n')
    with pytest.raises(UserError, match=r"2 lines that start with `# %%`, but 1 cells"):
        read_script(path)


def test_file_without_cells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no cells"):
        read_script(write(tmp_path, "# just a comment\n"))


def test_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read_script(tmp_path / "notebook.py")
