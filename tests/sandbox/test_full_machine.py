"""A machine that is full is never a student's fault; a submission that fills its own cap is."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.grading.engine import Engine
from autograder.kernels import Budget, RemoteCopy, StudentDied, StudentProcess, run_notebook
from autograder.kernels.outputs import OutputCollector
from autograder.kernels.process import ProcessEnded
from autograder.sandbox import SandboxLost, cgroup
from autograder.sandbox import watchdog as watchdog_module
from autograder.sandbox.cgroup import _V1, _V2, Cgroup
from autograder.sandbox.watchdog import Watchdog
from autograder.settings import Settings

from .conftest import BARE

ANSWER = "import os\ndef answer():\n    return 42\n"
EATS = "def eat(size):\n    return len(bytearray(b'x') * size)\n"
CROWD = """
import os, signal, time
def eat_together(size):
    for _ in range(4):
        if os.fork() == 0:
            x = bytearray(b"x") * size
            time.sleep(2)
            os._exit(len(x) == 0)
    os.wait()
    os.kill(os.getpid(), signal.SIGKILL)
"""
CLAIMS = """
from autograder.inside import child
plain = child.encode
def forged(value, *args, **kwargs):
    told = isinstance(value, dict) and value.get("event") == "forked"
    return plain({"event": "not forked"} if told else value, *args, **kwargs)
child.encode = forged
"""
BOMB = """
import os, time
with_room = True
while with_room:
    try:
        if os.fork() == 0:
            time.sleep(600)
    except OSError:
        with_room = False
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[tuple[Path, ...]]:
    """A group around this process, which stands for the machine: it can be made small."""
    folders = tuple(p / f"machine-{os.getpid()}" for p in cgroup._parents_v1())
    try:
        for folder in folders:
            folder.mkdir()
            (folder / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        folders = ()
    if not folders:
        pytest.skip("this user can make no control group of version 1 here")
    yield folders
    leave(folders)
    for folder in folders:
        folder.rmdir()


def leave(folders: Iterable[Path]) -> None:
    """Take this process, and none that it started, out of the groups."""
    for folder in folders:
        (folder.parent / "cgroup.procs").write_text(str(os.getpid()))


@contextlib.contextmanager
def notebook(engine: Engine, *cells: str) -> Iterator[StudentProcess]:
    """Run the cells, and clean up afterwards."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    run = run_notebook(nb, lambda: engine.launch(1, {}, Budget(600)), OutputCollector(nb, 10_000))
    assert run.process is not None
    try:
        yield run.process
    finally:
        engine.clean()


def call(copy: RemoteCopy, name: str, *args: object) -> object:
    return copy.request_call(name, args, {}, hold=False)


def test_machine_without_room_for_a_process_loses_the_sandbox(
    fast_settings: Settings, machine: tuple[Path, ...]
) -> None:
    pids = next(folder for folder in machine if (folder / "pids.max").exists())
    with Engine(fast_settings, preload=BARE) as engine, notebook(engine, ANSWER) as process:
        assert call(process.copy(1, ()), "answer") == 42
        (pids / "pids.max").write_text("1")
        try:
            with pytest.raises(SandboxLost, match="cannot start another process"):
                process.copy(1, ())
            with pytest.raises(SandboxLost, match="could not be started"):
                Engine(fast_settings, preload=BARE).launch(1, {}, Budget(60))
        finally:
            (pids / "pids.max").write_text("max")
        assert call(process.copy(1, ()), "answer") == 42


def test_machine_without_memory_loses_the_sandbox(
    fast_settings: Settings, machine: tuple[Path, ...]
) -> None:
    memory = next(folder for folder in machine if (folder / _V1.memory).exists())
    with Engine(fast_settings, preload=BARE) as engine, notebook(engine, EATS) as process:
        leave(machine)  # it is larger than the submission, and would be what is ended
        copy = process.copy(1, ())
        used = int((memory / _V1.used).read_text())
        (memory / _V1.memory).write_text(str(used + (128 << 20)))
        try:
            with pytest.raises(SandboxLost, match="ran out of memory"):
                call(copy, "eat", 512 << 20)
        finally:
            (memory / _V1.memory).write_text("-1")


def test_submission_that_meets_its_own_cap_of_memory_has_itself_to_blame(
    fast_settings: Settings,
) -> None:
    changed = {"memory_limit_bytes": 3 << 29, "call_wall_s": 60.0, "call_cpu_s": 60.0}
    with (
        Engine(fast_settings.model_copy(update=changed), preload=BARE) as engine,
        notebook(engine, CROWD) as process,
        pytest.raises(StudentDied),
    ):
        call(process.copy(1, ()), "eat_together", 500 << 20)


def test_submission_that_fills_its_own_cap_of_processes_has_itself_to_blame(
    fast_settings: Settings,
) -> None:
    with (
        Engine(fast_settings, preload=BARE) as engine,
        notebook(engine, BOMB) as process,
        pytest.raises(ProcessEnded, match="may start no other"),
    ):
        process.copy(1, ())


def test_claim_that_there_is_no_room_is_looked_into(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with notebook(engine, ANSWER, CLAIMS) as process:
        with pytest.raises(ProcessEnded, match="may start no other"):
            process.copy(1, ())

        def refuse(*_: Any, **__: Any) -> None:
            raise BlockingIOError(11, "Resource temporarily unavailable")

        monkeypatch.setattr(subprocess, "run", refuse)
        with pytest.raises(SandboxLost, match="cannot start another process"):
            process.copy(1, ())


@pytest.mark.parametrize("files", [_V1, _V2])
def test_group_tells_its_own_cap_from_the_machines_end_of_memory(
    files: Any, tmp_path: Path
) -> None:
    def count(kills: int, full: int) -> None:
        texts = {files.full[0]: f"{full}\n"}
        texts[files.kills] = f"low 0\nmax {full}\noom_kill {kills}\n"
        for name, text in texts.items() if files is _V1 else [(files.kills, texts[files.kills])]:
            (tmp_path / name).write_text(text)

    count(3, 5)
    group = Cgroup((tmp_path,), files)
    for name in (files.memory, files.processes):
        (tmp_path / name).touch()
    group.cap(memory_bytes=1, processes=1)
    found = []
    for kills, full in ((3, 5), (4, 5), (4, 6), (3, 6)):
        count(kills, full)
        found.append(group.machine_was_short)
    assert found == [False, True, False, False]


def test_watchdog_tells_its_own_doing_from_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    kills = iter([2, 2, 2, 3, 3])
    monkeypatch.setattr(watchdog_module, "_kills_of_the_machine", lambda: next(kills))
    dog = Watchdog(os.getpid())
    try:
        dog.cap(memory_bytes=1 << 60, processes=1)
        assert not dog.machine_was_short
        assert dog.machine_was_short
        dog._ended_any = True
        assert not dog.machine_was_short
    finally:
        dog.remove()
