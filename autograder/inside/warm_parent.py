"""The warm parent: imports the scientific libraries once, then forks children.

It is started afresh by the trusted side (never forked from a process that has
seen a hidden test) and runs none of the student's code. Orders come as JSON
over a sequenced-packet socket, one answer to each:

``{"do": "spawn", ...}``  fork a child; its channel travels with the order
``{"do": "poll", "pid"}``  has it ended, and how?
``{"do": "signal", "pid", "signal"}``  send a signal to a process of the submission
``{"do": "segments"}``  name what lies in the submission's shared memory
``{"do": "clean"}``  end every process but this one, and empty the scratch directory

The end of the socket ends the warm parent, and with it everything it started.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from autograder.inside import landlock, pages, rights, seccomp

MESSAGE_BYTES = 1 << 16
WORK = "work"
CHANNEL_DESCRIPTOR = 3
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_CLEAN_PATIENCE_S = 10.0
_MOST_NAMED = 5
_MOST_SEGMENTS = 100
_LARGEST_PID = 1 << 22  # PID_MAX_LIMIT of Linux

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Warm up, say so, and serve orders until the socket ends."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config = json.loads(sys.argv[2])
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _prctl(_PR_SET_DUMPABLE, 0)  # a child of the same uid must not trace this process
    gc.disable()  # hardly anything that is imported is ever garbage
    for name in config["preload"]:
        module = importlib.import_module(name)
        if hasattr(module, "warm_up"):
            module.warm_up(Path(config["scratch"]) / WORK)
    _settle_torch()
    gc.collect()
    gc.enable()
    gc.freeze()  # the children's collector leaves shared pages alone
    pages.collapse_own_memory()
    _answer(control, {"ready": True})
    parent = _Parent(control, config)
    while parent.serve_one():
        pass
    parent.end_everything()


def _settle_torch() -> None:
    """Keep torch to one thread, and to algorithms that always give the same.

    A pool of threads that has run does not survive a fork. Deterministic also means that
    ``torch.empty`` holds NaN in place of what lay there before.
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        if "torch._dynamo" in sys.modules:
            torch.use_deterministic_algorithms(True, warn_only=True)
        else:  # the same but for torch.compile, whose compiler takes a second to import
            torch._C._set_deterministic_algorithms(True, warn_only=True)


class _Parent:
    """The state of the warm parent: its socket and the children it has not yet reaped."""

    def __init__(self, control: socket.socket, config: dict[str, Any]) -> None:
        self.control = control
        self.config = config
        self.scratch = Path(config["scratch"])
        self.layers = frozenset(config["layers"])
        self.kept = tuple(map(Path, config["read"]))  # an environment may lie below /tmp
        self.empty_scratch()  # of what the libraries made while they were imported
        # Checked, not believed: to kill "all others" outside a namespace would end the machine.
        mine = Path("/proc/self/ns/pid").stat().st_ino
        self.own_pids = "processes" in self.layers and mine != config["pid_namespace"]
        self.ended: dict[int, int] = {}
        self.slot: int | None = None
        """The uid that belongs to the submission alone, if there is one."""
        # Orphans of a submission come here. One that has ended counts among its uid's processes
        # until somebody has waited for it.
        signal.signal(signal.SIGCHLD, lambda *_: self._reap())

    def serve_one(self) -> bool:
        """Receive one order, carry it out and answer; False at the end of the socket."""
        data, descriptors, _, _ = socket.recv_fds(self.control, MESSAGE_BYTES, 1)
        if not data:
            return False
        try:
            order = json.loads(data)
            answer = getattr(self, f"do_{order['do']}")(order, *descriptors)
        except Exception as error:  # whatever an order holds, the next one is answered too
            answer = {"error": f"{type(error).__name__}: {error}"}
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        _answer(self.control, answer)
        return True

    def do_spawn(self, order: dict[str, Any], descriptor: int) -> dict[str, Any]:
        """Fork a child that runs ``order["entry"]`` on the channel it was sent."""
        self.slot = order["uid"] if "uid" in self.layers else None
        pid = os.fork()
        if pid == 0:
            self._become_child(order, descriptor)
        return {"pid": pid}

    def do_poll(self, order: dict[str, Any]) -> dict[str, Any]:
        """Tell whether a child has ended: its wait status, or None."""
        self._reap()
        return {"status": self.ended.get(order["pid"])}

    def do_signal(self, order: dict[str, Any]) -> dict[str, Any]:
        """Send a signal to one process of the submission, and to no other.

        The number may be one that a student's process told. It is held first and looked up
        then, so that it cannot pass to another process in between.
        """
        pid = order["pid"]
        if type(pid) is not int or not 1 < pid <= _LARGEST_PID:
            return {"sent": False}
        try:
            held = os.pidfd_open(pid)
        except ProcessLookupError:
            return {"sent": False}
        try:
            ours = pid in self._others()
            if ours:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(held, order["signal"])
        finally:
            os.close(held)
        return {"sent": ours}

    def do_segments(self, order: dict[str, Any]) -> dict[str, Any]:
        """Return the names in the submission's own /dev/shm; None if it has none of its own."""
        if not self.config["private_shm"]:
            return {"segments": None}
        names = sorted(path.name for path in Path("/dev/shm").iterdir())
        return {"segments": names[:_MOST_SEGMENTS]}

    def do_clean(self, order: dict[str, Any]) -> dict[str, Any]:
        """End all that the submission left behind, and empty its scratch directory."""
        if "clean" not in self.layers:
            return {"survivors": 0, "left": []}
        survivors = self.end_everything()
        self.ended.clear()
        return {"survivors": survivors, "left": self.empty_scratch()[:_MOST_NAMED]}

    def empty_scratch(self) -> list[str]:
        """Remove all files that a submission can have made; return what would not go."""
        left = _empty(self.scratch, self.kept)
        return left + (_empty(Path("/dev/shm"), ()) if self.config["private_shm"] else [])

    def end_everything(self) -> int:
        """Kill every descendant until none is left; return how many would not die."""
        deadline = time.monotonic() + _CLEAN_PATIENCE_S
        while time.monotonic() < deadline:
            others = self._others()
            if not others:
                return 0
            if self.slot is not None and not self.own_pids:
                with contextlib.suppress(OSError):  # no room for one more process: one by one
                    _end_all_of(self.slot)
            # In a namespace -1 means all others at once: none can fork itself away meanwhile.
            for pid in [-1] if self.own_pids else others:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self._reap()
            time.sleep(0.001)
        return len(self._others())

    def _others(self) -> list[int]:
        """Return the processes to end: all others here, or all descendants."""
        parents = _parents_of_all()
        if self.own_pids:
            return [pid for pid in parents if pid not in (1, os.getpid())]
        found = {os.getpid()}
        while True:
            more = {pid for pid, parent in parents.items() if parent in found} - found
            if not more:
                return sorted(found - {os.getpid()})
            found |= more

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0] != 0:
                self.ended[ended[0]] = ended[1]

    def _become_child(self, order: dict[str, Any], descriptor: int) -> NoReturn:
        """In the forked child: give up every right, then run the entry point."""
        status = 70
        try:
            self.control.close()
            module, function = order["entry"].split(":")
            run = getattr(importlib.import_module(module), function)
            self._confine(order, descriptor)
            run(CHANNEL_DESCRIPTOR, order)
            status = 0
        except OSError as error:
            status = error.errno or status
        finally:
            os._exit(status)

    def _confine(self, order: dict[str, Any], descriptor: int) -> None:
        """Leave the parent's session, descriptors, uid and rights; keep only the channel."""
        warm_parent = os.getppid()
        os.setsid()
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # cells alone can be interrupted
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _leave_descriptors(descriptor, inherited="descriptors" not in self.layers)
        if "limits" in self.layers:
            _limit(order["limits"])
        uid = order["uid"]
        if uid is not None and "uid" in self.layers:
            _become(uid)
        _prctl(_PR_SET_DUMPABLE, 1)  # so that the child owns its own /proc entries
        # Out of memory, the kernel ends the submission and not the warm parent.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")
        _enter_work(self.scratch)
        self._give_up_rights(warm_parent)

    def _give_up_rights(self, warm_parent: int) -> None:
        """Take on the layers that nothing takes off again."""
        if "privileges" in self.layers:
            rights.drop()
        if "landlock" in self.layers:
            shm = ["/dev/shm"] if self.config["private_shm"] else []
            landlock.install(self.config["read"], [*self.config["write"], *shm])
        if "seccomp" in self.layers:
            private_network = "network" in self.layers
            seccomp.install(warm_parent, own_pids=self.own_pids, private_network=private_network)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _end_all_of(uid: int) -> None:
    """End every process of a uid at once, so that none can fork itself away meanwhile."""
    pid = os.fork()
    if pid == 0:
        try:
            _become(uid)
            if os.getresuid() == (uid, uid, uid) and uid != 0:
                os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    with contextlib.suppress(ChildProcessError):  # it was waited for as soon as it ended
        os.waitpid(pid, 0)


def _leave_descriptors(channel: int, *, inherited: bool) -> None:
    """Keep the channel and nothing else open; with ``inherited`` what came from outside too."""
    null = os.open(os.devnull, os.O_RDWR)
    if channel != CHANNEL_DESCRIPTOR:
        os.dup2(channel, CHANNEL_DESCRIPTOR, inheritable=False)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    if not inherited:
        os.closerange(CHANNEL_DESCRIPTOR + 1, 4096)


def _enter_work(scratch: Path) -> None:
    """Make the working directory, and let the libraries find it."""
    work = scratch / WORK
    work.mkdir(mode=0o700, exist_ok=True)
    os.chdir(work)
    os.environ.update(HOME=str(work), TMPDIR=str(scratch), MPLCONFIGDIR=str(work / ".mpl"))


def _limit(limits: dict[str, int]) -> None:
    """Put the caps on the calling process and on all it will start."""
    caps = {
        resource.RLIMIT_FSIZE: limits["file_bytes"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_CORE: 0,
    }
    if limits["cap_addresses"]:
        caps[resource.RLIMIT_AS] = limits["memory_bytes"]
    for which, wanted in caps.items():
        hard = resource.getrlimit(which)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(which, (value, value))


def _parents_of_all() -> dict[int, int]:
    """Return pid to parent's pid of every process that /proc shows."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text(errors="replace")
                # The name in parentheses may itself hold spaces and parentheses.
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    return parents


def _empty(folder: Path, kept: Sequence[Path]) -> list[str]:
    """Remove everything in a folder but what is kept; return what would not go."""
    left: list[str] = []
    for entry in folder.iterdir():
        if entry in kept:
            continue
        if any(inner.is_relative_to(entry) for inner in kept):
            left += _empty(entry, kept)
            continue
        # A tree may be too deep for Python's own recursion.
        with contextlib.suppress(OSError, RecursionError):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        if os.path.lexists(entry):
            left.append(str(entry))
    return left


def _prctl(option: int, value: int) -> None:
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) failed")


def _answer(control: socket.socket, answer: dict[str, Any]) -> None:
    control.send(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
