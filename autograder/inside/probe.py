"""What `autograder doctor` tries from inside: each probe attempts what one layer is to stop.

A probe returns what it got, in words, or an empty string if it was stopped.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import platform
import resource
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.channel import Channel
from autograder.codec import encode
from autograder.inside.seccomp import _REFUSED

_SHARING_S = 12.0
"""A busy machine takes its time to give much memory to three processes."""
_libc = ctypes.CDLL(None, use_errno=True)
Target = dict[str, Any]


def main(descriptor: int, order: dict[str, Any]) -> None:
    """Run the probe that the order names, and send what it got."""
    with Channel(socket.socket(fileno=descriptor)) as channel:
        try:
            got = PROBES[order["probe"]](order["target"])
        except (OSError, MemoryError):
            got = ""
        channel.send(encode(got))


def _read_file(target: Target) -> str:
    return f"read {target['file']}" if Path(target["file"]).read_text() else ""


def _connect(target: Target) -> str:
    with socket.create_connection(("127.0.0.1", target["port"]), timeout=2):
        return "reached a service of this machine"


def _see_process(target: Target) -> str:
    stat = Path(f"/proc/{target['pid']}/stat").read_text()
    began = stat.rpartition(")")[2].split()[19]
    return "saw the process that grades" if began == target["began"] else ""


def _find_shared_memory(target: Target) -> str:
    found = _libc.shmget(target["shm_key"], 0, 0)
    return "found shared memory of this machine" if found >= 0 else ""


def _be_root(target: Target) -> str:
    with contextlib.suppress(PermissionError):
        os.setuid(0)
    return "acted as root" if os.geteuid() == 0 else ""


def _hold_rights(target: Target) -> str:
    status = Path("/proc/self/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if int(fields["CapEff"], 16) or int(fields["CapPrm"], 16):
        return "held capabilities"
    return "" if fields["NoNewPrivs"] == "1" else "could gain rights through a program"


def _call_the_kernel(target: Target) -> str:
    column = {"x86_64": 0, "aarch64": 1}[platform.machine()]
    arguments = {
        "ptrace": (0, 0, 0, 0),
        "keyctl": (0, -3, 1),
        "memfd_create": (b"probe", 0),
        "shmget": (0, 4096, 0o1600),
    }
    got = [
        name
        for name, values in arguments.items()
        if _libc.syscall(_REFUSED[name][column], *values) >= 0
    ]
    return f"called {', '.join(got)}" if got else ""


def _exceed_limits(target: Target) -> str:
    cap = target["memory_bytes"]
    with contextlib.suppress(OSError, ValueError):
        mmap.mmap(-1, cap + (1 << 20)).close()
        return "took more memory than one process may have"
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY:
        return "may write a file of any size"
    return ""


def _share_out_memory(target: Target) -> str:
    """Have three processes take more together than one may, and wait whether they live."""
    size = target["memory_bytes"] * 6 // 10
    done = mmap.mmap(-1, 3)
    for number in range(3):
        if os.fork() == 0:
            kept = bytearray(b"x") * size
            done[number] = 1
            time.sleep(30)
            os._exit(kept[0])
    deadline = time.monotonic() + _SHARING_S
    alive = 3
    while alive == 3 and sum(done[:]) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
        alive -= _ended()
    time.sleep(1)  # a watchdog may be about to act
    alive -= _ended()
    return "took more memory than a submission may have" if sum(done[:]) == alive == 3 else ""


def _ended() -> int:
    """Return how many children have ended since this was asked last."""
    count = 0
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            count += 1
    return count


def _fill_scratch(target: Target) -> str:
    for number in range(target["scratch_bytes"] // (32 << 20) + 2):
        path = Path(os.environ["TMPDIR"]) / "work" / f"filled-{number}"
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, 32 << 20)
    return "wrote more than the scratch may hold"


def _read_environment(target: Target) -> str:
    seen = Path("/proc/self/environ").read_bytes() + repr(os.environ).encode()
    return "found a variable of the grader" if target["canary"].encode() in seen else ""


def _read_descriptors(target: Target) -> str:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            if target["canary"].encode() in os.pread(int(name), 4096, 0):
                return "read an open file of the grader"
    return ""


def _leave(target: Target) -> str:
    """Leave a file and a process behind."""
    Path(os.environ["TMPDIR"], "work", "left").write_text(target["canary"])
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.close(3)
            os.execv(sys.executable, [sys.executable, "-c", _WAIT, target["canary"]])
        os._exit(0)
    time.sleep(0.3)
    return ""


_WAIT = "import time; time.sleep(20)"


def _find_left(target: Target) -> str:
    if Path(os.environ["TMPDIR"], "work", "left").exists():
        return "found a file of the last submission"
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if target["canary"].encode() in path.read_bytes():
                return "found a process of the last submission"
    return ""


PROBES: dict[str, Callable[[Target], str]] = {
    "view": _read_file,
    "network": _connect,
    "processes": _see_process,
    "ipc": _find_shared_memory,
    "uid": _be_root,
    "privileges": _hold_rights,
    "landlock": _read_file,
    "seccomp": _call_the_kernel,
    "limits": _exceed_limits,
    "memory": _share_out_memory,
    "scratch": _fill_scratch,
    "environment": _read_environment,
    "descriptors": _read_descriptors,
    "clean": _find_left,
    "leave": _leave,
}
