"""Each layer stops what it is for, and that is open as soon as the layer is switched off."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import nbformat
import psutil
import pytest

from autograder.grading import engine as engine_module
from autograder.grading.engine import Engine
from autograder.kernels import Budget, run_notebook
from autograder.kernels.outputs import OutputCollector
from autograder.sandbox import LAYERS, Confinement, choose_confinement
from autograder.sandbox.cgroup import Cgroup
from autograder.sandbox.layers import NAMES, without
from autograder.settings import Settings

from .conftest import BARE


def test_table_names_only_layers_of_the_table() -> None:
    assert len(NAMES) == len(LAYERS)
    for layer in LAYERS:
        assert layer.rests_on | layer.backed_by <= NAMES
        assert layer.purpose.endswith(".")
        assert layer.get


def test_what_rests_on_a_layer_goes_with_it() -> None:
    left = without(NAMES, frozenset({"privileges"}))
    assert left == NAMES - {"privileges", "landlock", "seccomp"}
    with pytest.raises(ValueError, match="no layer is called"):
        without(NAMES, frozenset({"magic"}))


@contextmanager
def engine_without(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, *off: str
) -> Iterator[Engine]:
    def choose(wanted: object) -> Confinement:
        return choose_confinement("auto", frozenset(off))

    monkeypatch.setattr(engine_module, "choose_confinement", choose)
    with Engine(settings, preload=BARE) as engine:
        yield engine


def run(engine: Engine, *cells: str) -> str:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    collector = OutputCollector(nb, limit_bytes=100_000)
    run_notebook(nb, lambda: engine.launch(1, {}, Budget(600)), collector).close()
    return str(nb.cells[-1].outputs)


CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(*args):
    result = libc.syscall(*args)
    return "open" if result >= 0 else f"errno {ctypes.get_errno()}"
"""
CALLS = {
    "ptrace of oneself": "call(101, 0, 0, 0, 0)",
    "a keyring": "call(250, 0, -3, 1)",
    "a memory file": "call(319, b'x', 0)",
    "System V memory": "call(29, 4242, 4096, 0o1600)",
    "a namespace of one's own": "call(272, 0x10000000)",
    "io_uring's odd sibling": "call(323, 1)",
    "an odd family of sockets": "call(41, 38, 5, 0)",
    "typing into the terminal": "call(16, 0, 0x5412, b'x') != 'errno 1' and 'open'",
    "the warm parent's limits": "call(302, os.getppid(), 7, None, ctypes.create_string_buffer(16))",
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("what", CALLS)
def test_refused_call_is_open_without_the_filter(
    fast_settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    source = f"import os\n{CALL}\nprint({CALLS[what]})"
    assert "open" not in run(engine, source)
    if what in ("a namespace of one's own", "an odd family of sockets", "the warm parent's limits"):
        return  # without capabilities, or by another uid, the kernel refuses them by itself
    if what == "io_uring's odd sibling" and os.geteuid() != 0:
        return
    with engine_without(fast_settings, monkeypatch, "seccomp") as weak:
        assert "open" in run(weak, source)


def test_libraries_find_what_they_need_in_every_layer(engine: Engine) -> None:
    """Loopback, threads, processes, worker processes of a loader, training, figures."""
    source = """
import asyncio, multiprocessing, socket, subprocess, sys, tempfile, threading
import numpy as np, torch
listener = socket.create_server(("127.0.0.1", 0))
with socket.create_connection(listener.getsockname()) as mine:
    mine.sendall(b"heard")
    heard = listener.accept()[0].recv(5)
model = torch.nn.Linear(3, 1); loss = model(torch.ones(2, 3)).sum(); loss.backward()
data = torch.utils.data.TensorDataset(torch.arange(8.0))
loaded = sum(float(b[0].sum()) for b in torch.utils.data.DataLoader(data, 4, num_workers=2))
said = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True)
with tempfile.TemporaryFile() as file: file.write(b"x")
async def nap(): await asyncio.sleep(0.01); return 5
async_value = asyncio.new_event_loop().run_until_complete(nap())
lock = multiprocessing.Lock()
thread = threading.Thread(target=lambda: None); thread.start(); thread.join()
print(heard, loaded, said.stdout, async_value)
"""
    assert "b'heard' 28.0 42\\n 5" in run(engine, source)


def test_landlock_alone_keeps_files_outside_unread(
    fast_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("outside")
    above = itertools.takewhile(
        lambda part: part.name.startswith(("pytest-", "popen-")), folder.parents
    )
    for part in (folder, *above):
        part.chmod(0o755)
    (folder / "secret.txt").write_text("cAnArY")
    source = f"print(open({str(folder / 'secret.txt')!r}).read())"
    with engine_without(fast_settings, monkeypatch, "view") as engine:
        assert "cAnArY" not in run(engine, source)
    with engine_without(fast_settings, monkeypatch, "view", "landlock") as engine:
        assert "cAnArY" in run(engine, source)


HOG = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        kept = []
        for _ in range(30):
            kept.append(b'x' * (10 << 20))
            time.sleep(0.2)  # together a gigabyte a second, whatever the machine could do
        time.sleep(20); os._exit(0)
time.sleep(9)
"""


@pytest.mark.parametrize("by", ["cgroup", "watchdog"])
def test_memory_of_all_processes_together_has_a_cap(
    fast_settings: Settings, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "watchdog":
        monkeypatch.setattr(Cgroup, "create", classmethod(lambda cls: None))
    settings = fast_settings.model_copy(
        update={"memory_limit_bytes": 1500 << 20, "cell_cpu_s": 20, "cell_wall_s": 30}
    )
    most = 0
    with Engine(settings, preload=BARE) as engine:
        engine.launch(1, {}, Budget(60)).close()
        parent = engine._parent
        assert parent is not None
        if by == "cgroup" and parent.counts_by != "Cgroup":
            pytest.skip("this user may make no control group")
        assert parent.counts_by.lower() == by
        before = psutil.virtual_memory().available
        free = _watching(lambda: psutil.virtual_memory().available)
        with free as lowest:
            run(engine, HOG)
        most = before - lowest()
    # They want 6000 MiB. What other programs of the machine take meanwhile is counted too.
    assert most < 3000 << 20, f"{most >> 20} MiB"


@contextmanager
def _watching(measure: Callable[[], int]) -> Iterator[Callable[[], int]]:
    import threading

    values, over = [measure()], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            values.append(measure())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lambda: min(values)
    finally:
        over.set()
        thread.join()


def test_pid_hopping_daemon_ends_with_its_submission(engine: Engine) -> None:
    hopper = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    while True:\n"
        "        if os.fork(): os._exit(0)\n"
    )
    run(engine, hopper)
    parent = engine._parent
    started = time.monotonic()
    engine.clean()
    assert time.monotonic() - started < 2
    assert engine._parent is parent, "the warm parent had to be replaced"
    root = psutil.Process(parent._process.pid)  # type: ignore[union-attr]
    assert len([p for p in root.children(recursive=True) if p.cmdline()]) <= 2


def test_tree_too_deep_to_remove_costs_the_warm_parent_and_not_the_next_submission(
    engine: Engine,
) -> None:
    deep = "import os\nfor _ in range(3000):\n    os.mkdir('d'); os.chdir('d')"
    run(engine, deep)
    assert "gone" in run(engine, "import os\nprint('there' if os.path.exists('d') else 'gone')")


WRITE_EVERYWHERE = """
import os
wrote = set()
# Landlock forbids listing the root: so from several places on.
for start in ('/', '/tmp', '/dev', '/opt', '/etc', '/home', '/root', '/var', os.getcwd()):
    for top, folders, files in os.walk(start):
        if top.startswith(('/proc', '/sys', '/usr')):
            folders.clear(); continue
        try:
            with open(os.path.join(top, 'planted'), 'w'): pass
        except OSError:
            continue
        wrote.add(top)
print('wrote', sorted(wrote))
"""


@pytest.mark.parametrize("off", [(), ("landlock",)])
def test_nothing_but_the_scratch_can_be_written_and_nothing_of_it_stays(
    fast_settings: Settings, monkeypatch: pytest.MonkeyPatch, off: tuple[str, ...]
) -> None:
    # The walk takes in the whole environment where Landlock does not forbid it.
    patient = fast_settings.model_copy(update={"cell_cpu_s": 60.0, "cell_wall_s": 180.0})
    with engine_without(patient, monkeypatch, *off) as engine:
        if engine.tier not in ("T1", "T2"):
            pytest.skip("without namespaces there is no view")
        seen = run(engine, WRITE_EVERYWHERE)
        folders = [part for part in seen.split("'") if part.startswith("/")]
        assert folders
        assert all(part.startswith(("/tmp", "/dev/shm")) for part in folders), folders
        look = (
            "import os\nfound = [top for start in ('/', '/tmp', '/dev', '/dev/shm')"
            " for top, _, files in os.walk(start) if 'planted' in files]\nprint('found', found)"
        )
        assert "found []" in run(engine, look)


def test_moved_environment_costs_the_warm_parent_and_not_the_next_submission(
    engine: Engine,
) -> None:
    move = (
        "import os, course\n"
        "path = os.path.dirname(os.path.dirname(course.__file__))\n"
        "while path != '/':\n"
        "    try: os.rename(path, path + '-moved')\n"
        "    except OSError: pass\n"
        "    path = os.path.dirname(path)\n"
        "os.makedirs(os.path.dirname(course.__file__), exist_ok=True)\n"
        "print('moved')"
    )
    run(engine, move)
    assert "course" in run(engine, "import course\nprint(course.__file__)")


END_THE_SANDBOX = """
import os, resource, signal
def attempt(step):
    try: step(); return 'did it'
    except OSError as error: return error.strerror
parent = os.getppid()
print([attempt(lambda: os.kill(parent, 9)), attempt(lambda: os.kill(-1, 9)),
       attempt(lambda: os.kill(-parent, 9)), attempt(lambda: os.pidfd_open(parent)),
       attempt(lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE, (1, 1)))])
"""


@pytest.mark.parametrize("off", [(), ("landlock",)])
def test_submission_cannot_end_its_own_sandbox(
    fast_settings: Settings, monkeypatch: pytest.MonkeyPatch, off: tuple[str, ...]
) -> None:
    """It would turn a zero into a wait for a person, and cost a restart each time."""
    with engine_without(fast_settings, monkeypatch, *off) as engine:
        seen = run(engine, END_THE_SANDBOX)
        assert "did it" not in seen
        assert seen.count("Operation not permitted") == 5
        assert engine._parent is not None
        assert engine._parent.is_alive
