"""What a submission's cells and hidden tests need by themselves: no sandbox, no nbgrader.

Everything runs in one process that has imported what there is to import: the cells in the shell
that grading uses, so that figures are drawn as well, then the hidden tests, whose calls are plain
calls. What is counted is CPU time, of cells and of tests; not pytest's, and not this program's.

    python -m benchmarks.own_work a1_sgd_vs_adam
"""

from __future__ import annotations

import copy
import json
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from nbformat import NotebookNode

from autograder.authoring import build_variant_notebook
from autograder.codec import LIMITS, Opaque
from autograder.codec.libraries import frame_of
from autograder.grading.draw import Draw
from autograder.grading.judge import Judge
from autograder.grading.student import Student
from autograder.grading.suite import Suite, TestRecord, run_suite
from autograder.inside.calls import Calls, describe
from autograder.inside.serving import Servers
from autograder.inside.shell import CellShell, nobody
from autograder.kernels import Handle, StudentRaised
from autograder.kernels.notebook import is_explore
from autograder.outcomes import Outcome
from autograder.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[1]
_PLAIN = (bool, int, float, complex, str, bytes, np.generic, np.ndarray, torch.Tensor)


class DirectCopy:
    """Takes the place of a copy of the student's process: calls are made here and now."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._objects = Calls(namespace, _nobody_asks, Servers())
        self.calls = 0

    def request(self, operation: str, **parts: Any) -> Any:
        """Carry out what a grader may ask of a copy."""
        self.calls += 1
        carry_out = getattr(self._objects, f"_do_{operation}")
        try:
            return self._wrap(carry_out(**self._unwrap(parts)))
        except Exception as error:
            raise StudentRaised(describe(error)) from error

    def request_call(self, target: Any, args: Any, kwargs: Any, *, hold: bool) -> Any:
        """Call a global or a method of a held object."""
        return self.request("call", target=target, args=args, kwargs=kwargs, hold=hold)

    def request_held(self, operation: str, **parts: Any) -> Handle:
        """Carry out a request whose value is held."""
        held: Handle = self.request(operation, **parts)
        return held

    def close(self) -> None:
        """Let go of nothing: the process goes on."""

    def _wrap(self, value: Any) -> Any:
        if type(value) is Opaque:
            return Handle(self, value)  # type: ignore[arg-type]
        if type(value) in (list, tuple):
            return type(value)(self._wrap(item) for item in value)
        if type(value) is dict:
            return {key: self._wrap(item) for key, item in value.items()}
        if value is None or isinstance(value, _PLAIN):
            return copy.deepcopy(value)
        if isinstance(value, pd.DataFrame):
            return frame_of(value, LIMITS)
        return self._wrap(self._objects.hold(value))

    def _unwrap(self, value: Any) -> Any:
        """Put references in the place of handles; of data each side has its own."""
        if isinstance(value, Handle):
            return value._reference
        if type(value) in (list, tuple):
            return type(value)(self._unwrap(item) for item in value)
        if type(value) is dict:
            return {key: self._unwrap(item) for key, item in value.items()}
        if callable(value):
            return lambda *args, **kwargs: self._objects._receive(
                self._unwrap(value(*self._wrap(args), **self._wrap(kwargs)))
            )
        return copy.deepcopy(value) if isinstance(value, np.ndarray | torch.Tensor) else value


class TimedSuite(Suite):
    """Adds up the CPU time of the hidden tests, and nothing else."""

    cpu_s = 0.0

    def judge_case(
        self, record: TestRecord, item: pytest.Function, test: Callable[[], None]
    ) -> None:
        """Decide a test's case, watching the clock of the processor."""
        before = _cpu_s()
        super().judge_case(record, item, test)
        self.cpu_s += _cpu_s() - before


def own_work(slug: str, settings: Settings) -> dict[str, float]:
    """Return the CPU seconds of the finished notebook's cells, and of its hidden tests.

    Raises
    ------
    SystemExit
        If a test does not pass: then something else would be measured.
    """
    reference = settings.locate(settings.solutions_dir) / slug / "reference.py"
    notebook = build_variant_notebook(slug, reference, settings)
    with _beside(settings.locate(settings.assignments_dir) / slug):
        shell = CellShell(nobody)
        shell.run("import matplotlib.pyplot, course, numpy, pandas, torch")  # warm, as in grading
        cells = {explore: _run(shell, notebook, explore) for explore in (False, True)}
        suite = _tests(slug, settings, shell.namespace, reference)
    return {"graded_cells": cells[False], "exploratory_cells": cells[True], "tests": suite.cpu_s}


def _run(shell: CellShell, notebook: NotebookNode, explore: bool) -> float:
    before = _cpu_s()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and is_explore(cell) is explore:
            shell.run(cell["source"])
    return _cpu_s() - before


def _tests(slug: str, settings: Settings, namespace: dict[str, Any], reference: Path) -> TimedSuite:
    direct: Any = DirectCopy(namespace)
    student, draw = Student(lambda _: direct), Draw(0)
    judge = Judge(student, draw, b"by themselves", (slug, settings.term))
    suite = TimedSuite(student, draw, judge, reference, _no_devices)
    run_suite(settings.locate(settings.graders_dir) / slug, suite)
    verdicts = [v for record in suite.records.values() for v in record.verdicts.values()]
    wrong = [v for v in verdicts if v.outcome not in (Outcome.PASSED, Outcome.DEFERRED)]
    if suite.errors or wrong or not verdicts:
        raise SystemExit(f"{slug}: the finished notebook does not pass: {suite.errors} {wrong}")
    return suite


@contextmanager
def _beside(folder: Path) -> Iterator[None]:
    """Work in a folder that holds the student's files."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as work:
        for file in folder.glob("*.py"):
            (Path(work) / file.name).write_bytes(file.read_bytes())
        os.chdir(work)
        sys.path.insert(0, work)
        try:
            yield
        finally:
            os.chdir(before)
            sys.path.remove(work)


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _nobody_asks(event: dict[str, Any]) -> Any:
    raise AssertionError("callables are passed as they are")


def _no_devices(lease: Any) -> Any:
    raise AssertionError("nothing is leased")


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps(own_work(sys.argv[1], load_settings(ROOT))))
