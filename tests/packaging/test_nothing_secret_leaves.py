"""No answer and no hidden test in what students receive: the wheel and the releases."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.authoring import build_stub
from autograder.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SLUGS = sorted(path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml"))
SHORTEST_FRAGMENT = 32


def lines_of(paths: Iterator[Path]) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in paths if path.suffix != ".pyc")
    lines = {line.strip() for text in texts for line in text.splitlines()}
    return {line for line in lines if len(line) >= SHORTEST_FRAGMENT}


def public_text() -> str:
    paths = [*(ROOT / "assignments").rglob("*.py"), *(ROOT / "course").rglob("*.py")]
    return "\n".join([*(path.read_text(encoding="utf-8") for path in paths), *signatures()])


def signatures() -> Iterator[str]:
    """Yield the first lines of the engine's functions: a hidden test may override a method."""
    for path in (ROOT / "autograder" / "kernels").rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (line for line in lines if line.lstrip().startswith("def "))


def secret_lines() -> set[str]:
    """Return the distinctive lines of solutions and hidden tests."""
    public = public_text()
    found = lines_of((ROOT / "solutions").rglob("*.py"))
    found |= lines_of((ROOT / "autograder" / "graders").rglob("*.*"))
    common = ("import ", "from ", "#", "@pytest.mark")
    return {line for line in found if line not in public and not line.startswith(common)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = {".venv", ".git", "build", "demo-run"}
    copied = [path for path in ROOT.iterdir() if path.name not in ignored]
    source.mkdir()
    subprocess.run(["cp", "-r", *map(str, copied), str(source)], check=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_there_are_secrets_to_look_for() -> None:
    assert SLUGS
    assert len(secret_lines()) > 100


def test_wheel_holds_course_and_engine_but_no_grader_and_no_solution(
    wheel: zipfile.ZipFile,
) -> None:
    names = wheel.namelist()
    assert any(name.startswith("course/") for name in names)
    assert "autograder/inside/warm_parent.py" in names
    assert "autograder/py.typed" in names
    assert not [name for name in names if "graders/" in name or name.startswith("solutions")]


def test_wheel_holds_no_line_of_a_solution_or_hidden_test(wheel: zipfile.ZipFile) -> None:
    names = [name for name in wheel.namelist() if not name.endswith("/")]
    text = "\n".join(wheel.read(name).decode("utf-8", "replace") for name in names)
    assert not [line for line in secret_lines() if line in text]


@pytest.mark.parametrize("slug", SLUGS)
def test_stub_notebook_holds_no_line_of_a_solution_or_hidden_test(slug: str) -> None:
    settings = load_settings(ROOT)
    notebook = build_stub(slug, settings)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert len(text) > 1000
    assert not [line for line in secret_lines() if line in text]
