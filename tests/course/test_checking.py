"""Visible checks answer every state of an answer in words, and never raise."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from course.checking import Report, Result, Status, run_checks, visible

CHECKS = '''
from course.checking import visible

@visible("t1")
def doubles(answer):
    """Twice three is six.

    More that students need not read.
    """
    got = answer.double(3)
    assert got == 6, f"6 was expected, and this is {got}"

@visible("t1")
def keeps_zero(answer):
    assert answer.double(0) == 0

@visible("t2")
def other_task(answer):
    """Something else."""
    answer.unheard_of()
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "checks.py").write_text(CHECKS, encoding="utf-8")
    return tmp_path


def defined_by(source: str) -> dict[str, Any]:
    """Run a cell the way a notebook does, and return its names."""
    names: dict[str, Any] = {}
    exec(compile(dedent(source), "<cell>", "exec"), names)
    return names


def results(folder: Path, source: str, task: str = "t1") -> tuple[Result, ...]:
    report = run_checks(task, defined_by(source), folder)
    assert not report.problem, report.problem
    return report.results


def test_right_answer_does_not_pass(folder: Path) -> None:
    report = run_checks("t1", defined_by("def double(x): return 2 * x"), folder)
    assert report.passed
    assert report.results == (
        Result("Twice three is six.", Status.PASSED),
        Result("keeps zero", Status.PASSED),
    )


def test_wrong_answer_passes_or_is_not_explained(folder: Path) -> None:
    first, second = results(folder, "def double(x): return x")
    assert first.status is Status.FAILED
    assert first.message == "6 was expected, and this is 3"
    assert first.line == ""
    assert second.status is Status.PASSED


def test_assertion_without_message_says_nothing(folder: Path) -> None:
    _, second = results(folder, "def double(x): return 6")
    assert (second.status, second.message) == (Status.FAILED, "assert answer.double(0) == 0")


def test_stub_counts_as_an_error(folder: Path) -> None:
    source = 'def double(x): raise NotImplementedError("t1: return twice x")'
    for result in results(folder, source):
        assert (result.status, result.message) == (Status.NOT_WRITTEN, "t1: return twice x")


def test_missing_name_is_not_named(folder: Path) -> None:
    first, _ = results(folder, "def doubel(x): return 2 * x")
    assert first.status is Status.NOT_WRITTEN
    assert "'double' is not defined. Run the cell" in first.message
    assert "There is 'doubel'" in first.message


def test_students_error_lacks_type_message_or_line(folder: Path) -> None:
    first, _ = results(folder, "def helper(x):\n    return x['a']\ndef double(x): return helper(x)")
    assert first.status is Status.RAISED
    assert first.message == "TypeError: 'int' object is not subscriptable"
    assert first.line.startswith("line 2 of your cell:")


def test_students_own_assertion_is_taken_for_the_checks(folder: Path) -> None:
    first, _ = results(folder, "def double(x):\n    assert x > 5, 'mine'\n    return 2 * x")
    assert (first.status, first.message) == (Status.RAISED, "AssertionError: mine")
    assert first.line.startswith("line 2")


def test_assertion_of_a_spy_is_taken_for_the_students(folder: Path) -> None:
    text = """
    from course.checking import visible
    @visible("t1")
    def asks_with_two(answer):
        def spy(x):
            assert x == 2, "your function was to be asked with 2"
        answer.ask(spy)
    """
    (folder / "checks.py").write_text(dedent(text), encoding="utf-8")
    (result,) = results(folder, "def ask(f):\n    f(3)")
    assert (result.status, result.message) == (
        Status.FAILED, "your function was to be asked with 2"
    )  # fmt: skip
    assert result.line.startswith("line 2")


def test_unusable_answer_is_blamed_on_nobody(folder: Path) -> None:
    (result,) = results(folder, "unheard_of = 3", task="t2")
    assert result.status is Status.FAILED
    assert result.message.startswith("The check could not use what your code returned (TypeError")


@pytest.mark.parametrize(
    "body",
    ["raise SystemExit", "exit()", "return double(x)", "raise Sly()", "raise AssertionError"],
)
def test_check_raises(folder: Path, body: str) -> None:
    sly = "class Sly(Exception):\n    def __str__(self): raise ValueError\n"
    first, second = results(folder, f"{sly}def double(x): {body}")
    assert first.status is Status.RAISED
    assert second.status is Status.RAISED


def test_endless_loop_cannot_be_interrupted(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        results(folder, "def double(x): raise KeyboardInterrupt")


def test_unknown_task_lists_not_the_known_ones(folder: Path) -> None:
    report = run_checks("t3", {}, folder)
    assert not report.passed
    assert report.problem == "There is no visible check for 't3'. There are some for: t1, t2."


def test_missing_file_is_not_explained(tmp_path: Path) -> None:
    report = run_checks("t1", {}, tmp_path)
    assert not report.passed
    assert f"no checks.py in {tmp_path}" in report.problem
    assert "fetch the assignment again" in report.problem


@pytest.mark.parametrize("text", ["def (", "import no_such_module", "1 / 0", "raise SystemExit"])
def test_broken_file_raises(tmp_path: Path, text: str) -> None:
    (tmp_path / "checks.py").write_text(text, encoding="utf-8")
    problem = run_checks("t1", {}, tmp_path).problem
    assert "cannot be used" in problem
    assert "not a fault of your solution" in problem


def test_file_of_other_bytes_or_without_checks_raises(tmp_path: Path) -> None:
    (tmp_path / "checks.py").write_bytes(b"\xff\xfe")
    assert "cannot be used (UnicodeDecodeError" in run_checks("t1", {}, tmp_path).problem
    (tmp_path / "checks.py").write_text("", encoding="utf-8")
    assert "holds no visible check" in run_checks("t1", {}, tmp_path).problem


def test_changed_file_is_not_read_again(folder: Path) -> None:
    names = defined_by("def double(x): return 2 * x")
    assert run_checks("t1", names, folder).passed
    file = folder / "checks.py"
    # The same size, and perhaps within the same second.
    file.write_text(CHECKS.replace("got == 6", "got == 7"), encoding="utf-8")
    assert not run_checks("t1", names, folder).passed


def test_unchanged_file_is_run_again(folder: Path) -> None:
    log = folder / "log"
    text = f"{CHECKS}\nopen({str(log)!r}, 'a').write('run ')\n"
    (folder / "checks.py").write_text(text, encoding="utf-8")
    for _ in range(3):
        run_checks("t1", {}, folder)
    assert log.read_text(encoding="utf-8") == "run "
    assert sorted(path.name for path in folder.iterdir()) == ["checks.py", "log"]


def test_visible_without_task_is_taken() -> None:
    with pytest.raises(TypeError, match=r'@visible\("a1_t3"\)'):
        visible(lambda answer: None)  # type: ignore[arg-type]


def test_report_without_results_counts_as_passed() -> None:
    assert not Report("t1").passed


HOSTILE = "<script>alert('x')</script>&\"<img src=x onerror=y>"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_students_text_becomes_markup() -> None:
    everywhere = Result(HOSTILE, Status.RAISED, HOSTILE, HOSTILE)
    parsed = Tags()
    parsed.feed(Report(HOSTILE, (everywhere,), HOSTILE)._repr_html_())
    assert parsed.tags <= {"div", "strong", "ul", "li", "span", "em", "pre"}
    assert parsed.text.count(HOSTILE) == 5


@pytest.mark.parametrize("status", Status)
def test_state_shows_by_colour_alone(status: Status) -> None:
    report = Report("t1", (Result("title", status),))
    for text in (str(report), report._repr_html_()):
        assert status.word in text
        assert status.sign in text


def test_dark_theme_gets_dark_text() -> None:
    page = Report("t1", (Result("title", Status.PASSED, "message", "line"),))._repr_html_()
    assert "var(--jp-content-font-color1, inherit)" in page
    assert "background: transparent" in page
    assert "color: black" not in page


def test_text_report_misses_a_line() -> None:
    report = Report("t1", (Result("a", Status.PASSED), Result("b", Status.RAISED, "m\nn", "l")))
    assert str(report).splitlines() == [
        "t1: 1 of 2 visible checks passed",
        "  ✓ a (passed)",
        "  ✗ b (stopped by an error)",
        "      m",
        "      n",
        "      l",
    ]


def test_script_without_jupyter_sees_no_report(folder: Path) -> None:
    program = "from course import check\ndef double(x):\n    return 2 * x\ncheck('t1')\n"
    (folder / "work.py").write_text(program, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "work.py"],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.stderr == ""
    assert ran.stdout.startswith("t1: 2 of 2 visible checks passed\n  ✓ Twice three is six.")
