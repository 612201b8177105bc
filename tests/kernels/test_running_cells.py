"""The notebook's cells run confined, and nothing they do reaches further."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograder.grading.engine import Engine
from autograder.kernels import Budget, NotebookRun, run_notebook
from autograder.kernels.outputs import OutputCollector

Run = Callable[..., NotebookRun]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(engine: Engine) -> Run:
    def run_cells(*sources: str, files: dict[str, bytes] | None = None) -> NotebookRun:
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
        collector = OutputCollector(nb, limit_bytes=100_000)
        return run_notebook(nb, lambda: engine.launch(1, files or {}, Budget(600)), collector)

    yield run_cells
    engine.clean()


def text_of(run: NotebookRun, index: int = -1) -> str:
    parts = []
    for output in run.nb.cells[index].outputs:
        parts.append(output.get("text") or output.get("evalue") or "")
        parts.append(output.get("data", {}).get("text/plain", ""))
    return "".join(parts)


def test_outputs_are_those_of_a_kernel(run: Run) -> None:
    done = run(
        "x = 6\nprint('out')\nx * 7", "1 / 0", "import matplotlib.pyplot as plt\nplt.plot([1])"
    )
    first, second, third = done.nb.cells
    assert [output.output_type for output in first.outputs] == ["stream", "execute_result"]
    assert first.outputs[1].data["text/plain"] == "42"
    assert first.execution_count == 1
    assert second.outputs[0].ename == "ZeroDivisionError"
    assert "image/png" in third.outputs[-1].data
    nbformat.validate(done.nb)


def test_state_passes_from_cell_to_cell_and_files_lie_beside_the_notebook(run: Run) -> None:
    done = run("n = 1", "n += 1", "print(n, open('data.txt').read())", files={"data.txt": b"here"})
    assert text_of(done) == "2 here\n"


def test_generators_start_from_the_recorded_seed(run: Run) -> None:
    source = "import numpy as np, torch, random\n(np.random.rand(), torch.rand(1), random.random())"
    assert text_of(run(source)) == text_of(run(source)) != ""


def test_first_cell_finds_nothing_of_what_the_warm_parent_ran(run: Run) -> None:
    names = "print(sorted(name for name in globals() if not name.startswith('_')))\n"
    done = run(names + "print(In[:-1], Out, repr(_), repr(_i))")
    kernels = ["In", "Out", "exit", "get_ipython", "open", "quit"]
    assert text_of(done) == f"{kernels}\n[''] {{}} '' ''\n"


def test_no_object_from_before_the_fork_owns_a_number_that_was_closed(run: Run) -> None:
    """When it is let go, it would close what has that number by then: the channel, or a file."""
    look = (
        "import gc, io\n"
        "gc.unfreeze()\n"
        "files = [o for o in gc.get_objects() if type(o) in (io.FileIO, io.BufferedReader)]\n"
        "print([file.name for file in files if not file.closed and file.fileno() > 2])\n"
    )
    assert text_of(run(look)) == "[]\n"


def test_endless_loop_is_interrupted_and_the_next_cell_runs(run: Run) -> None:
    done = run("while True: pass", "print('next')")
    assert done.nb.cells[0].outputs[-1].ename == "CellStopped"
    assert text_of(done) == "next\n"
    assert any("CPU seconds" in note for note in done.notes)


def test_cell_that_refuses_interruption_is_left_out(run: Run) -> None:
    stubborn = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    done = run("kept = 1", stubborn, "print('kept', kept)")
    assert done.process is not None
    assert text_of(done) == "kept 1\n"
    assert any("left out" in note for note in done.notes)


@pytest.mark.parametrize(
    "killer", ["import os; os._exit(0)", "import os, signal; os.kill(os.getpid(), 9)"]
)
def test_cell_that_ends_its_process_costs_only_itself(run: Run, killer: str) -> None:
    done = run("before = 1", killer, "print('after', before)")
    assert text_of(done) == "after 1\n"
    assert "left out" in text_of(done, 1)


def test_flood_of_output_is_cut(run: Run) -> None:
    done = run("for _ in range(500): print('x' * 100_000)", "print('next')")
    assert len(str(done.nb.cells[0].outputs)) < 300_000
    assert "was cut" in text_of(done, 0)
    assert text_of(done) == "next\n"


def test_memory_beyond_the_cap_is_an_error_of_that_cell(run: Run) -> None:
    done = run("x = bytearray(64 << 30)", "print('next')")
    assert done.nb.cells[0].outputs[0].ename == "MemoryError"
    assert text_of(done) == "next\n"


def test_nothing_outlives_the_submission(run: Run, engine: Engine) -> None:
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(600)\n"
        "    os._exit(0)\n"
        "open(os.environ['TMPDIR'] + '/left', 'w').write('left')"
    )
    run(daemon)
    parent = engine._parent
    assert parent is not None
    root = psutil.Process(parent._process.pid)
    assert any(p.status() != psutil.STATUS_ZOMBIE for p in root.children(recursive=True))
    engine.clean()
    names = [p.cmdline()[-1:] for p in root.children(recursive=True) if p.cmdline()]
    assert len(names) <= 2, names  # the sandbox's own first process and the warm parent
    look = "import os; open(os.environ['TMPDIR'] + '/left')"
    assert "FileNotFoundError" in str(run(look).nb.cells[0].outputs)


def test_submission_sees_neither_graders_nor_solutions_nor_network(
    run: Run, engine: Engine
) -> None:
    if engine.tier not in ("T1", "T2"):
        pytest.skip("this machine gives no namespaces: the README lists what stays open")
    source = (
        "import os, socket\n"
        f"hidden = [os.path.exists(p) for p in ({str(ROOT / 'autograder/graders')!r}, "
        f"{str(ROOT / 'solutions')!r}, {str(Path.home() / '.bashrc')!r})]\n"
        "import course\n"
        "print(hidden, len(socket.if_nameindex()), os.getuid() != 0)"
    )
    assert text_of(run(source)) == "[False, False, False] 1 True\n"


def test_submission_finds_no_secret_in_environment_or_descriptors(run: Run) -> None:
    os.environ["A_SECRET_OF_STAFF"] = "canary"
    try:
        source = (
            "import os\n"
            "print(len(os.listdir('/proc/self/fd')) < 8, 'A_SECRET_OF_STAFF' in os.environ,\n"
            "      b'canary' in open('/proc/self/environ','rb').read())"
        )
        seen = text_of(run(source))
    finally:
        del os.environ["A_SECRET_OF_STAFF"]
    assert seen == "True False False\n"


def test_engine_leaves_no_process_and_no_directory(fast_settings: Any, tmp_path: Path) -> None:
    import tempfile

    with Engine(fast_settings) as mine:
        mine.launch(1, {}, Budget(60))
        pid = mine._parent._process.pid  # type: ignore[union-attr]
        scratch = mine._parent._host_scratch  # type: ignore[union-attr]
        assert scratch.is_dir()
    assert not psutil.pid_exists(pid)
    assert not list(Path(tempfile.gettempdir()).glob(f"{scratch.name}*"))
    left = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True)
    orphans = [line for line in left.stdout.splitlines() if "warm_parent" in line]
    assert not [line for line in orphans if line.split()[0] == "1"]
