"""What an instructor gets wrong is said in words, with file and line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.audit.report import Stage
from autograder.errors import UserError

from .bench import SLUG, Bench, change, problems


def command(bench: Bench, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    root = bench.settings.course_dir
    line = [sys.executable, "-m", "autograder", "audit", SLUG, "--course", str(root), *arguments]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(line, capture_output=True, text=True, check=False, env=environment)


def test_syntax_error_in_a_grader_is_named_with_its_line(bench: Bench) -> None:
    change(bench.tests, "import math", "import math\ndef broken(:")
    line = bench.tests.read_text().splitlines().index("def broken(:") + 1
    done = command(bench)
    assert done.returncode == 2
    assert f"{bench.tests}:{line}: this is not Python" in done.stderr
    assert "Traceback" not in done.stderr


def test_syntax_error_in_a_module_beside_the_tests(bench: Bench) -> None:
    helper = bench.tests.with_name("rules.py")
    helper.write_text("x = 1\nthis is no Python\n")
    with pytest.raises(UserError, match=rf"{helper}:2: this is not Python"):
        bench.audit()


def test_grader_that_cannot_be_imported(bench: Bench) -> None:
    change(bench.tests, "import math\n", "import math\nimport no_such_library\n")
    report = bench.audit()
    said = " ".join(finding.problem for finding in problems(report, Stage.VARIANTS))
    assert "no_such_library" in said
    assert f"{bench.tests.name}:4" in said


def test_hanging_test_is_stopped_and_its_line_is_named(bench: Bench) -> None:
    change(bench.tests, "    held = ", "    while True:\n        math.pi\n    held = ")
    lines = bench.tests.read_text().splitlines()
    loop = lines.index("    while True:") + 1
    report = bench.audit(test_patience_s=2.0)
    places = {f"{bench.tests}:{line}" for line in (loop, loop + 1)}
    hung = [finding for finding in problems(report) if finding.where in places]
    assert hung, report.errors
    assert "still running after 2 seconds" in hung[0].problem


@pytest.mark.slow
def test_hang_that_swallows_its_end_is_stopped_too(bench: Bench) -> None:
    stubborn = "    for attempt in range(3):\n        try:\n            while True:\n"
    stubborn += "                pass\n        except Exception:\n            continue\n    held = "
    change(bench.tests, "    held = ", stubborn)
    assert (
        not bench.audit(test_patience_s=1.0)
        .rows[0]
        .cells["test_arguments_are_left_as_they_were"]
        .message
    )


def test_answer_with_a_forbidden_import_is_named_with_its_line(bench: Bench) -> None:
    path = bench.solutions / "right" / "loop.py"
    change(path, "    total = 0.0", "    from torch.nn import functional\n    total = 0.0")
    line = path.read_text().splitlines().index("    from torch.nn import functional") + 1
    (finding,) = problems(bench.audit(), Stage.FILES)
    assert finding.where == f"{path}:{line}"
    assert "torch.nn" in finding.problem


@pytest.mark.parametrize("name", ["no_such_library", "nbgrader", "autograder.grading"])
def test_answer_that_imports_what_students_do_not_have(bench: Bench, name: str) -> None:
    path = bench.solutions / "wrong" / "sum_for_mean.py"
    change(path, "    return", f"    import {name}\n    return")
    (finding,) = problems(bench.audit(), Stage.FILES)
    assert finding.where.startswith(f"{path}:")
    assert "does not find" in finding.problem


def test_empty_folder_of_wrong_answers_is_named(bench: Bench) -> None:
    for path in (bench.solutions / "wrong").iterdir():
        path.unlink()
    (finding,) = problems(bench.audit(), Stage.FILES)
    assert finding.where == str(bench.solutions / "wrong")
    assert "can say no" in finding.problem


def test_assignment_that_does_not_exist(bench: Bench) -> None:
    root = str(bench.settings.course_dir)
    line = [sys.executable, "-m", "autograder", "audit", "b2_typo", "--course", root]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert SLUG in done.stderr


def test_list_of_survivors_without_reasons(bench: Bench) -> None:
    path = bench.solutions / "survivors.toml"
    change(path, 'reason = "The difference is squared, so its sign does not matter."', "")
    with pytest.raises(UserError, match="survivors"):
        bench.audit()


@pytest.mark.slow
def test_json_is_the_report_and_nothing_else(bench: Bench) -> None:
    done = command(bench, "--json", "--no-leaks", "--repeats", "3", "--html")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["slug"] == SLUG
    assert len(report["rows"]) == 5
    page = Path(bench.settings.course_dir) / ".autograder" / "audit" / f"{SLUG}.html"
    assert "sum_for_mean" in page.read_text()


@pytest.mark.slow
@pytest.mark.timeout(900)  # two audits, in processes of their own
def test_unchanged_audit_is_answered_from_the_cache(bench: Bench) -> None:
    first = bench.audit(repeats=4)
    again = bench.audit(repeats=4)
    assert first.trials_cached == 0
    assert again.trials_cached == again.trials == first.trials
    assert again.rows == first.rows
    change(bench.tests, "rtol=1e-6", "rtol=2e-6")
    assert bench.audit(repeats=4).trials_cached == 0


def test_no_process_is_left_behind(bench: Bench) -> None:
    before = set(psutil.Process().children(recursive=True))  # the engine that other tests share
    bench.audit()
    more = set(psutil.Process().children(recursive=True)) - before
    left = [child.cmdline() for child in more]
    # Python's own, one for each process that ever started another; it ends with it.
    assert not [line for line in left if not any("resource_tracker" in part for part in line)]
