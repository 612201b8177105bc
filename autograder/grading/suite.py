"""Runs an assignment's hidden pytest files against one submission.

pytest finds the tests and their fixtures; how a test is run and what its ending
means is the :class:`~autograder.grading.judge.Judge`'s business.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.main import pytest_cmdline_main

from autograder.grading.devices import Lease, Leases, Need
from autograder.grading.draw import Draw
from autograder.grading.judge import GRADER_ERROR, Judge, Verdict
from autograder.grading.student import Student
from autograder.outcomes import Outcome
from autograder.sandbox import SandboxLost
from autograder.termination import Terminated, check_told

OnDevices = Callable[[Lease], AbstractContextManager[None]]
"""Moves a student's notebook to where it reaches leased devices, until the block ends."""

MARKER = "task"
DEVICE_MARKER = "gpu"
_UNNEEDED = (
    "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath",
    "logging", "nose", "pastebin", "recwarn", "setuponly", "setupplan", "stepwise", "subtests",
    "terminal", "terminalprogress", "threadexception", "unittest", "unraisableexception",
    "warnings",
)  # fmt: skip
_GIVE_FIXTURES = {"fixtures", "monkeypatch", "tmpdir"}
"""Those of pytest's own plugins that define a fixture."""


@dataclass
class TestRecord:
    """All that was seen of one test function: the verdicts on its cases, by their names."""

    __test__ = False

    name: str
    task: str
    points: float
    verdicts: dict[str, Verdict] = field(default_factory=dict)


class Suite:
    """A pytest plugin that holds one run's fixtures and records.

    Parameters
    ----------
    student, draw, judge
        What the tests reach the submission with, and who decides.
    reference
        File of the reference solution, for the fixture of that name.
    on
        Lets the student's notebook reach leased devices.
    """

    def __init__(
        self, student: Student, draw: Draw, judge: Judge, reference: Path, on: OnDevices
    ) -> None:
        self._student = student
        self._on = on
        self._draw = draw
        self._judge = judge
        self._reference = reference
        self.records: dict[str, TestRecord] = {}
        self.errors: list[str] = []
        self.lost: SandboxLost | Terminated | None = None
        self.explaining = False
        """Whether this run looks for examples of what failed, and decides nothing."""

    @property
    def failed(self) -> bool:
        """Whether any test failed."""
        verdicts = (v for record in self.records.values() for v in record.verdicts.values())
        return any(verdict.outcome is Outcome.FAILED for verdict in verdicts)

    @pytest.fixture
    def student(self) -> Student:
        """The student's notebook."""
        return self._student

    @pytest.fixture
    def draw(self) -> Draw:
        """Hidden inputs."""
        return self._draw

    @pytest.fixture(scope="session")
    def reference(self) -> ModuleType:
        """The reference solution, loaded on the trusted side."""
        spec = importlib.util.spec_from_file_location("reference_solution", self._reference)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Run a test through the judge, in the place of pytest's plain call."""
        record = self._record(pyfuncitem)
        if record is None:
            return True
        names = pyfuncitem._fixtureinfo.argnames
        arguments = {name: pyfuncitem.funcargs[name] for name in names}
        self._student.begin(record.task)
        try:
            test = self._with_devices(pyfuncitem, lambda: pyfuncitem.obj(**arguments))
            self.judge_case(record, pyfuncitem, test)
        except (SandboxLost, Terminated) as lost:  # pytest would take it for the test's failure
            self.lost = lost
            pyfuncitem.session.shouldstop = "the sandbox was lost, or this program is to end"
        return True

    def _with_devices(self, item: pytest.Function, test: Callable[[], None]) -> Callable[[], None]:
        """Return the test, in a sandbox with the devices that it is marked to need."""
        mark = item.get_closest_marker(DEVICE_MARKER)
        if mark is None:
            return test

        def leased() -> None:
            with Leases().lease(Need(**mark.kwargs)) as lease, self._on(lease):
                try:
                    test()
                finally:
                    self._student.let_go()  # its copies end before their sandbox does

        return leased

    def judge_case(
        self, record: TestRecord, item: pytest.Function, test: Callable[[], None]
    ) -> None:
        """Decide a test's case, or explain how it was decided."""
        case = item.name
        if self.explaining:
            record.verdicts[case] = self._judge.explain(test, case, record.verdicts[case])
        else:
            record.verdicts[case] = self._judge.decide(test, case)

    def pytest_sessionfinish(self) -> None:
        """Let the last test's copy of the notebook go: all is decided."""
        with contextlib.suppress(SandboxLost):
            self._student.restart()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a fixture that broke: its test then has no verdict of its own."""
        if report.failed and not self.explaining:
            self.errors.append(f"{report.nodeid} ({report.when}): {report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that could not be collected."""
        if report.failed and not self.explaining:
            self.errors.append(f"{report.nodeid}: {report.longreprtext}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Open a record for every test, so that one that never runs is missed."""
        if self.explaining:
            items[:] = [item for item in items if self._has_failed(item)]
            return
        for item in items:
            if isinstance(item, pytest.Function):
                self._record(item)

    def _has_failed(self, item: pytest.Item) -> bool:
        record = self.records.get(getattr(item, "originalname", ""))
        verdict = record.verdicts.get(item.name) if record else None
        return verdict is not None and verdict.outcome is Outcome.FAILED

    def _record(self, item: pytest.Function) -> TestRecord | None:
        mark = item.get_closest_marker(MARKER)
        name = item.originalname
        if mark is None or len(mark.args) != 1 or "points" not in mark.kwargs:
            self.errors.append(f"{item.nodeid} lacks @pytest.mark.task(id, points=...)")
            return None
        task, points = str(mark.args[0]), float(mark.kwargs["points"])
        return self.records.setdefault(name, TestRecord(name, task, points))


def run_suite(grader_dir: Path, suite: Suite, files: Iterable[str] = ()) -> None:
    """Run every hidden test of a directory; the suite keeps what was seen.

    Parameters
    ----------
    files
        Names of the test files to run; by default all.

    Raises
    ------
    SandboxLost
        If the sandbox went away meanwhile: what was seen until then decides nothing.
    Terminated
        If this program was told to end meanwhile.
    """
    names = set(files)
    paths = [path for path in grader_dir.glob("test_*.py") if not names or path.name in names]
    if not paths:
        suite.errors.append(f"{grader_dir} holds no test_*.py")
        return
    suite.lost = None
    config = _configured(grader_dir, tuple(sorted(map(str, paths))))
    with _modules_forgotten(grader_dir):
        code = _run_session(config, suite)
    check_told()
    if suite.lost is not None:
        raise suite.lost
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not suite.errors:
        suite.errors.append(f"pytest ended with {code!r}")


@functools.lru_cache(maxsize=8)
def _configured(grader_dir: Path, paths: tuple[str, ...]) -> pytest.Config:
    """Return pytest, configured to run these files; it takes longer than to run them."""
    options = ["--assert=plain", "--import-mode=importlib", "-c", os.devnull]
    # The root above makes the folder a package, so that its tests may share a module.
    options += [f"--rootdir={grader_dir.parent}", f"--confcutdir={grader_dir.parent}"]
    markers = f"{MARKER}(id, points): the task and its worth\n{DEVICE_MARKER}(devices, memory_gib)"
    options += ["--noconftest", "-o", f"markers={markers}"]
    options += [part for name in _UNNEEDED for part in ("-p", f"no:{name}")]
    catch = _Catch()
    with _no_outside_plugins():
        pytest.main([*options, *paths], plugins=[catch])
    assert catch.config is not None
    # Each session looks for fixtures among all attributes of all plugins that were registered.
    registered = _registered(catch.config)
    registered[:] = [call for call in registered if call[0]["plugin_name"] in _GIVE_FIXTURES]
    return catch.config


def _registered(config: pytest.Config) -> list[Any]:
    """Return what pluggy tells every new plugin: which others were ever registered."""
    history: list[Any] | None = config.hook.pytest_plugin_registered._call_history
    assert history is not None
    return history


class _Catch:
    """Keeps pytest's configuration in place of running it."""

    config: pytest.Config | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> pytest.ExitCode:
        self.config = config
        return pytest.ExitCode.OK


def _run_session(config: pytest.Config, suite: Suite) -> int | pytest.ExitCode:
    """Run a session of its own: tests are collected, and their modules imported, afresh."""
    manager = config.pluginmanager
    # pluggy would keep the plugins of all sessions alive, and each session would take a little
    # longer than the one before.
    registered = _registered(config)
    lasting = len(registered)
    manager.register(suite, "suite")
    try:
        with _no_outside_plugins():
            return pytest_cmdline_main(config)
    finally:
        for name in ("suite", "session", "funcmanage"):
            manager.unregister(name=name)
        del registered[lasting:]


def settle(record: TestRecord) -> Verdict:
    """Return what a test's cases come to: every one must pass."""
    order = (Outcome.NOT_GRADED, Outcome.DEFERRED, Outcome.FAILED)
    for outcome in order:
        for verdict in record.verdicts.values():
            if verdict.outcome is outcome:
                return verdict
    if not record.verdicts:
        return Verdict(Outcome.NOT_GRADED, GRADER_ERROR, staff_note="The test did not run.")
    return Verdict(Outcome.PASSED)


@contextlib.contextmanager
def _modules_forgotten(grader_dir: Path) -> Iterator[None]:
    """Drop the tests' modules in the end, so that a changed grader is read again by this process.

    Of the thousands of modules only those are looked at that are new.
    """
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in sys.modules.keys() - before:
            if _lies_in(sys.modules[name], grader_dir):
                del sys.modules[name]


def _lies_in(module: ModuleType, folder: Path) -> bool:
    """Tell whether a module's file lies there; a folder without ``__init__.py`` has none."""
    file = getattr(module, "__file__", None)
    places = [file] if file is not None else list(getattr(module, "__path__", ()))
    return any(Path(str(place)).is_relative_to(folder) for place in places)


@contextlib.contextmanager
def _no_outside_plugins() -> Iterator[None]:
    """Keep plugins and options of the surroundings out of the run."""
    wanted = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
