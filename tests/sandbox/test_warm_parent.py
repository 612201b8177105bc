"""The warm parent: what it gives, how it ends, and what its loss means."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.errors import UserError
from autograder.grading import engine as engine_module
from autograder.grading.engine import Engine
from autograder.kernels import Budget
from autograder.sandbox import Confinement, Limits, SandboxLost, WarmParent, choose_confinement
from autograder.sandbox import confinement as confinement_module
from autograder.settings import Settings

ENTRY = "autograder.inside.child:main"


@pytest.fixture
def bare_parent() -> Iterator[WarmParent]:
    """A parent that has nothing preloaded, and starts in a moment."""
    with WarmParent(choose_confinement(), preload=()) as parent:
        yield parent


def test_machine_gets_the_strongest_tier_it_can_give() -> None:
    chosen = choose_confinement()
    assert chosen.tier == {
        (True, True): "T1", (False, True): "T2", (True, False): "T3", (False, False): "T4",
    }[os.geteuid() == 0, chosen.namespaces]  # fmt: skip


def test_refused_namespaces_are_an_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confinement_module, "_why_not", lambda _: "no permission")
    with pytest.raises(UserError, match="no permission") as caught:
        choose_confinement("namespaces")
    assert "user namespaces" in caught.value.hint


def test_confinement_that_cannot_start_names_the_reason() -> None:
    class Broken(Confinement):
        def command(self, inner: list[str], scratch: Path) -> list[str]:
            return ["sh", "-c", "echo no such luck >&2"]

    with pytest.raises(SandboxLost, match="no such luck"):
        WarmParent(Broken("T4", frozenset()))


def test_last_words_are_the_last_ones() -> None:
    class Talkative(Confinement):
        def command(self, inner: list[str], scratch: Path) -> list[str]:
            return ["sh", "-c", "yes noise | head -c 9000 >&2; echo the reason >&2"]

    with pytest.raises(SandboxLost, match=r"the reason$"):
        WarmParent(Talkative("T4", frozenset()))


def test_libraries_are_imported_and_left_without_a_word() -> None:
    with WarmParent(choose_confinement(), preload=("matplotlib.pyplot",)) as parent:
        log = parent._host_scratch.with_suffix(".log")
        parent._control.close()
        parent._process.wait(timeout=20)
        assert log.read_text() == ""


def test_child_has_the_limits_it_was_given(bare_parent: WarmParent) -> None:
    limits = Limits(memory_bytes=1 << 30, file_bytes=1 << 20, processes=50, open_files=99)
    child = bare_parent.spawn(ENTRY, limits, seed=1)
    try:
        deadline = time.monotonic() + 10
        found: list[str] = []
        while not found and time.monotonic() < deadline:
            tree = psutil.Process(bare_parent._process.pid).children(recursive=True)
            texts = [Path(f"/proc/{process.pid}/limits").read_text() for process in tree]
            found = [text for text in texts if "1073741824" in text]
        assert found
        assert any("Max open files            99" in text for text in found)
    finally:
        child.socket.close()
        bare_parent.clean()


def test_end_of_the_trusted_side_ends_the_warm_parent_and_its_children() -> None:
    parent = WarmParent(choose_confinement(), preload=())
    child = parent.spawn(ENTRY, Limits(4 << 30, 1 << 20, 50), seed=1)
    tree = psutil.Process(parent._process.pid).children(recursive=True)
    parent._control.close()  # as when the coordinator is killed
    gone, alive = psutil.wait_procs(tree, timeout=10)
    assert not alive
    assert gone
    child.socket.close()
    parent.close()


def test_warm_parent_that_was_killed_is_replaced(fast_settings: Settings) -> None:
    with Engine(fast_settings) as engine:
        first = engine.launch(1, {}, Budget(60))
        parent = engine._parent
        assert parent is not None
        for process in psutil.Process(parent._process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # the first one took it along
                process.kill()
        parent._process.kill()
        first.close()
        second = engine.launch(1, {}, Budget(60))
        assert second.run_cell("1 + 1", lambda kind, content: None).success
        second.close()


def odd_orders() -> Iterator[dict[str, object]]:
    """Return every order with each of its fields, in turn, missing or of an odd kind."""
    limits = Limits(4 << 30, 1 << 20, 50).to_message()
    for order in (
        {"do": "signal", "pid": 2, "signal": 9},
        {"do": "poll", "pid": 2},
        {"do": "spawn", "entry": ENTRY, "uid": 61_000, "seed": 1, "limits": limits},
    ):
        for name in order:
            if name != "do":
                yield {key: value for key, value in order.items() if key != name}
            yield from ({**order, name: odd} for odd in ODD)


ODD: tuple[object, ...] = (
    None, True, 0, 1, -1, 2**22 + 1, 2**31, 2**40, 2**63, 2**4000, -(2**40), 0.5, 1e300,
    float("nan"), float("inf"), "", "2", "_reap", [], [2], {}, {"pid": 2},
)  # fmt: skip


def test_no_order_ends_the_warm_parent_whatever_it_holds(bare_parent: WarmParent) -> None:
    for order in odd_orders():
        ours, theirs = socket.socketpair()
        with ours, theirs, contextlib.suppress(SandboxLost):
            bare_parent._ask(order, theirs if order["do"] == "spawn" else None)
        assert bare_parent.is_alive, order
    bare_parent.clean()


def test_number_that_is_no_process_of_the_submissions_gets_no_signal(
    bare_parent: WarmParent,
) -> None:
    """A student's process reports the numbers of its copies: it might report any number."""
    inside = psutil.Process(bare_parent._process.pid).children(recursive=True)[-1]
    numbers = [line for line in status_of(inside) if line.startswith("NSpid:")]
    own = int(numbers[0].split()[-1])
    for pid in (own, *(odd for odd in ODD if not isinstance(odd, float))):
        assert not bare_parent.signal(pid, signal.SIGKILL)  # type: ignore[arg-type]
    assert bare_parent.is_alive


def status_of(process: psutil.Process) -> list[str]:
    return Path(f"/proc/{process.pid}/status").read_text().splitlines()


def test_process_of_somebody_else_gets_no_signal() -> None:
    """Without process numbers of its own, a submission could tell the number of any process."""
    confinement = choose_confinement(off=frozenset({"processes"}))
    victim = subprocess.Popen(["sleep", "60"])
    with WarmParent(confinement, preload=()) as parent:
        child = parent.spawn(ENTRY, Limits(4 << 30, 1 << 20, 50), seed=1)
        try:
            assert not parent.signal(victim.pid, signal.SIGKILL)
            assert not parent.signal(os.getpid(), signal.SIGKILL)
            assert victim.poll() is None
            assert parent.signal(child.pid, signal.SIGKILL)
            assert parent.wait(child.pid, timeout_s=10) == signal.SIGKILL
        finally:
            child.socket.close()
            victim.kill()
            victim.wait()


def test_notebook_runs_without_namespaces_too(engine_without_namespaces: Engine) -> None:
    assert engine_without_namespaces.tier in ("T3", "T4")
    process = engine_without_namespaces.launch(1, {}, Budget(60))
    seen: list[object] = []
    source = "import numpy, torch, os\nprint(os.getuid() != 0 or 'root')"
    assert process.run_cell(source, lambda kind, content: seen.append(content)).success
    assert (os.geteuid() != 0) or seen == [{"name": "stdout", "text": "True\n"}]
    process.close()


def test_lost_sandbox_is_tried_again_and_then_not_graded(
    fast_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from autograder.grading import Submission, grade_notebook
    from autograder.outcomes import Outcome

    root = tmp_path
    settings = fast_settings.model_copy(update={"course_dir": root})
    (root / ".autograder-secret").write_text("0123456789abcdef")
    contract = root / "assignments" / "tiny" / "assignment.toml"
    contract.parent.mkdir(parents=True)
    contract.write_text(
        'title = "Tiny"\nnotebook = "tiny"\n[[task]]\nid = "tiny_t1"\ntitle = "T"\nkind = "auto"\n'
        'level = "core"\npoints = 2\nminutes = 5\n'
    )
    with Engine(settings) as engine:
        tries = []

        def lose(seed: int, files: object, budget: object) -> None:
            tries.append(seed)
            raise SandboxLost("gone")

        monkeypatch.setattr(engine, "launch", lose)
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
        result = grade_notebook(nb, Submission("ada", "tiny", "tiny"), settings, engine)
    assert len(tries) == 2
    assert result.outcome is Outcome.NOT_GRADED
    assert result.tasks[0].score is None
    assert "not the student's fault" in result.tasks[0].reason


def test_less_than_the_agreed_minimum_needs_consent(
    fast_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = Confinement("T4", frozenset({"limits"}), missing=frozenset({"view", "network"}))
    monkeypatch.setattr(engine_module, "choose_confinement", lambda wanted: weak)
    with pytest.raises(UserError, match="reading hidden tests") as caught:
        Engine(fast_settings)
    assert "autograder doctor" in caught.value.hint
    assert "--unconfined" in caught.value.hint
    with Engine(fast_settings.model_copy(update={"unconfined": True})) as engine:
        assert engine.missing == ("network", "view")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at a process that hides itself")
def test_no_file_is_left_open_that_children_would_close_under_its_owner() -> None:
    with WarmParent(choose_confinement()) as parent:
        family = [parent.pid, *(child.pid for child in psutil.Process(parent.pid).children(True))]
        links = [link for pid in family for link in Path(f"/proc/{pid}/fd").iterdir()]
        opened = {str(link.readlink()) for link in links}
    assert not [name for name in opened if name.endswith((".ttf", ".py", ".so", ".json", ".npy"))]


def test_answer_that_comes_late_is_not_taken_for_the_next(
    bare_parent: WarmParent, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = [p for p in psutil.Process(bare_parent.pid).children(recursive=True) if p.cmdline()]
    monkeypatch.setattr("autograder.sandbox.parent.ANSWER_TIMEOUT_S", 0.2)
    for process in inside:
        process.suspend()
    with pytest.raises(SandboxLost, match="does not answer"):
        bare_parent.poll(1)
    for process in inside:
        process.resume()
    with pytest.raises(SandboxLost, match="is gone"):
        bare_parent.clean()


def test_room_that_the_accounts_other_programs_took_is_not_the_submissions_fault(
    bare_parent: WarmParent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WarmParent, "_shares_cap", True)  # as an ordinary user without namespaces
    limits = Limits.from_settings(Settings())
    assert bare_parent._feasible(limits).processes > limits.processes
    others = bare_parent._others
    monkeypatch.setattr(bare_parent, "_others", 2 * others)  # other tests come and go
    bare_parent.check_room()
    monkeypatch.setattr(bare_parent, "_others", others // 2)
    with pytest.raises(SandboxLost, match="Other programs of this account"):
        bare_parent.check_room()
    for process in psutil.Process(bare_parent.pid).children(recursive=True):
        process.kill()
    psutil.Process(bare_parent.pid).wait(10)
    with pytest.raises(SandboxLost):
        bare_parent.spawn(ENTRY, limits)
