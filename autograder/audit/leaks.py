"""Whether hidden text or hidden values reach students: searched for, not argued about."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder.audit.canaries import PlantedCourse, plant
from autograder.audit.crossing import Crossing
from autograder.audit.findings import error
from autograder.audit.lines import found_lines
from autograder.audit.report import Finding, Leak, LeakSearch, Stage
from autograder.audit.trial import TrialResult
from autograder.authoring import Variant
from autograder.batch import Grader
from autograder.demo.steps import Staff
from autograder.errors import UserError
from autograder.settings import Settings

_SPY = "spy"
_SPY_LINE = re.compile(r"^SPY (file|memory) (.*)$", re.MULTILINE)
_SPY_COUNT = re.compile(r"^SPY searched (\d+)$", re.MULTILINE)
_NOT_COPIED = (
    ".*", "__pycache__", "*.egg-info", "build", "dist", "venv", "source", "release", "submitted",
    "autograded", "feedback", "demo-run", "node_modules", "*.db",
)  # fmt: skip


class _Search:
    """Collects where canaries were looked for, and where they were."""

    def __init__(self, planted: PlantedCourse) -> None:
        self._planted = planted
        self.places: Counter[str] = Counter()
        self.leaks: list[Leak] = []

    def files(self, place: str, paths: Iterable[Path]) -> None:
        for path in paths:
            if path.is_file():
                self.data(place, f"{place}: {path.name}", path.read_bytes())

    def lines(self, lines: Mapping[str, str], folder: Path) -> None:
        for path in folder.rglob("*"):
            for owner in found_lines(lines, path.read_bytes()) if path.is_file() else ():
                self.found(f"lines of {owner}", f"release: {path.name}")

    def data(self, place: str, where: str, content: bytes) -> None:
        self.places[place] += 1
        for meaning in sorted(self._planted.canaries.found_in(content)):
            self.found(meaning, where)

    def found(self, what: str, where: str) -> None:
        leak = Leak(what=what, where=where)
        if leak not in self.leaks:
            self.leaks.append(leak)


def search_leaks(slug: str, settings: Settings, results: Iterable[TrialResult]) -> LeakSearch:
    """Plant canaries in a copy of the assignment, and look for them wherever students can look.

    Parameters
    ----------
    results
        Of trials: their messages were searched for expected values of hidden inputs.

    Raises
    ------
    UserError
        If the copy cannot be built, released or graded.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-audit-") as home:
        planted = plant(slug, settings, Path(home))
        search = _Search(planted)
        release = planted.release()
        search.files("release", release.rglob("*"))
        search.lines(planted.hidden_lines, release)
        _grade(planted, search)
        _wheel(planted, settings, Path(home), search)
    _messages(results, search)
    return LeakSearch(places=dict(search.places), leaks=tuple(search.leaks))


def leak_findings(found: LeakSearch) -> Iterator[Finding]:
    """Yield a finding for each leak."""
    for leak in found.leaks:
        yield error(Stage.LEAKS, leak.where, f"Students can read {leak.what} here.")


def chosen(wrong: Sequence[Variant]) -> list[Variant]:
    """Return a few wrong variants that together fail every test that any of them must fail."""
    fails = {v.name: set(v.expectation.fails) for v in wrong if v.expectation is not None}
    left = set().union(*fails.values())
    picked: list[Variant] = []
    while left:
        best = max(wrong, key=lambda variant: len(left & fails[variant.name]))
        picked.append(best)
        left -= fails[best.name]
    return picked


def together(wrong: Iterable[Variant]) -> list[dict[str, str]]:
    """Return as few submissions as hold all these answers, each to tasks of its own."""
    submissions: list[dict[str, str]] = []
    for variant in wrong:
        room = (held for held in submissions if held.keys().isdisjoint(variant.answers))
        held = next(room, None)
        if held is None:
            submissions.append(held := {})
        held.update(variant.answers)
    return submissions


def _grade(planted: PlantedCourse, search: _Search) -> None:
    """Grade a spy and some wrong answers with everything real; search what they get to see."""
    spy = Path(__file__).with_name("spy_cell.py").read_text(encoding="utf-8")
    planted.submit(_SPY, {}, more=[spy])
    for number, answers in enumerate(together(chosen(planted.solutions.wrong))):
        # Other tasks keep their stubs: the reference's text would be its own leak.
        planted.submit(f"wrong-{number}", answers)
    with ExitStack() as stack:
        crossing = stack.enter_context(Crossing())
        grader = stack.enter_context(Grader(planted.course, planted.slug))
        for student in grader.students():
            grader.grade(student)
    for frame in crossing.frames:
        search.data("frames sent to a submission", f"a frame that says {frame[:60]!r}", frame)
    for value in crossing.revealed():
        search.found(f"an expected value, {value!r}", "what crosses to a submission")
    Staff(planted.course, planted.slug).generate_feedback()
    search.files("feedback", (planted.root / "feedback").rglob("*"))
    _spied(planted, search)


def _spied(planted: PlantedCourse, search: _Search) -> None:
    (path,) = (planted.root / "autograded" / _SPY / planted.slug).glob("*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [out for cell in cells if cell.get("id") == _SPY for out in cell["outputs"]]
    text = "".join("".join(out.get("text", "")) for out in outputs)
    count = _SPY_COUNT.search(text)
    if count is None:
        raise UserError(f"The search from inside the sandbox did not finish:\n{text[-2000:]}")
    search.places["files a submission can read"] += int(count[1])
    for kind, where in _SPY_LINE.findall(text):
        search.found("hidden text", f"a submission's {kind}: {where}")


def _wheel(planted: PlantedCourse, settings: Settings, home: Path, search: _Search) -> None:
    """Build the wheel of a project that holds the course, with the planted files in place."""
    project = settings.course_dir.resolve()
    if not (project / "pyproject.toml").is_file():
        return
    copy = home / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    for name in ("solutions", "graders"):
        original = settings.locate(getattr(settings, f"{name}_dir"))
        if original.is_relative_to(project):
            target = copy / original.relative_to(project) / planted.slug
            shutil.copytree(home / name / planted.slug, target, dirs_exist_ok=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(home)]
    built = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    if built.returncode != 0:
        raise UserError(f"The wheel of {project} cannot be built:\n{built.stderr[-2000:]}")
    for wheel in home.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                search.data("wheel", f"{wheel.name}: {name}", archive.read(name))


def _messages(results: Iterable[TrialResult], search: _Search) -> None:
    for result in results:
        for seen in result.seen:
            if seen.message:
                search.places["messages of hidden runs"] += 1
            for value in seen.revealed:
                search.found(
                    f"an expected value of hidden inputs, {value}", f"the message of {seen.test}"
                )
