"""Takes one layer away in the grading process, so that a test sees what it is for."""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import signal
from typing import Any


def off(layers: str) -> None:
    """Switch layers of the confinement off."""
    from autograder.grading import engine
    from autograder.sandbox import choose_confinement

    without = frozenset(layers.split(","))
    engine.choose_confinement = functools.partial(choose_confinement, off=without)


def plain(_: str) -> None:
    """Do without namespaces, as on a machine that gives none."""
    from autograder.grading import engine
    from autograder.sandbox import choose_confinement

    engine.choose_confinement = lambda wanted: choose_confinement("plain")


def everything(_: str) -> None:
    """Lose the sandbox each time it is asked for a process."""
    from autograder.kernels import process
    from autograder.sandbox import SandboxLost

    def lose(*_: object, **__: object) -> None:
        raise SandboxLost("it was taken away")

    process.StudentProcess.__init__ = lose


def deadline(_: str) -> None:
    """Let cells, calls and submissions take a thousand seconds."""
    from autograder.batch import course

    names = ("cell_cpu_s", "cell_wall_s", "call_cpu_s", "call_wall_s", "submission_wall_s")
    plain = course.load_settings
    course.load_settings = lambda root: plain(root, **dict.fromkeys(names, 1000.0))
    from autograder.hooks import exporter

    exporter.course_settings = lambda converter: course.load_settings(converter.coursedir.root)


def display(_: str) -> None:
    """Show what a student wrote as it stands."""
    from autograder.hooks import config, grade

    config._show = lambda c: None
    grade.clean_notebook = lambda nb: None


def reader(_: str) -> None:
    """Read notebooks as nbgrader does, and let what it cannot read end the batch."""
    from nbconvert.exporters import NotebookExporter

    from autograder.hooks import exporter

    def from_filename(
        self: exporter.SubmissionExporter, filename: str, resources: Any = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        output, done = NotebookExporter.from_filename(self, filename, resources, **options)
        if "autograder" in done:
            self.results.append(done["autograder"])
        return output, done

    exporter.SubmissionExporter.from_filename = from_filename
    exporter.prepare = lambda converter, is_classic: None


def policy(_: str) -> None:
    """Forbid no library."""
    from autograder.kernels import process

    plain = process.StudentProcess.copy
    process.StudentProcess.copy = lambda self, seed, forbids: plain(self, seed, ())


def output_limit(_: str) -> None:
    """Keep far more than anybody reads of what a cell prints; all of it would fill this machine."""
    from autograder.kernels.outputs import OutputCollector

    plain = OutputCollector.__init__
    OutputCollector.__init__ = lambda self, nb, limit_bytes: plain(self, nb, 64 << 20)


def kinship(_: str) -> None:
    """Send a signal to whatever process a student names, and excuse it if there is none.

    Of the machine's processes only this one is ever hit.
    """
    from autograder.kernels import process
    from autograder.sandbox import SandboxLost

    def kill(self: process.StudentProcess, pid: Any) -> None:
        if pid == os.getpid():
            os.kill(pid, signal.SIGKILL)
        elif not self._parent.signal(pid, signal.SIGKILL):
            raise SandboxLost(f"process {pid} is not a submission's")

    process.StudentProcess._kill = kill


def disclosure(_: str) -> None:
    """Let the words of a failure on hidden inputs reach the student."""
    from autograder.grading import judge

    plain = judge._verdict_on
    judge._verdict_on = lambda error, *, disclosed: plain(error, disclosed=True)


def codec(_: str) -> None:
    """Read what comes from the student with pickle."""
    from autograder.kernels import process, remote

    plain = remote.decode

    def decode(data: bytes) -> Any:
        with contextlib.suppress(Exception):
            return pickle.loads(data)
        return plain(data)

    remote.decode = process.decode = decode
