"""What the probes go for: things of this machine that a submission must not reach."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_PRIVATE_SEGMENT = 0o1000 | 0o2000 | 0o666  # IPC_CREAT, IPC_EXCL, for everybody
_REMOVE = 0


@contextlib.contextmanager
def planted() -> Iterator[dict[str, Any]]:
    """Lay the bait out; yield where it is, as plain data."""
    canary = f"bait-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        # Not in the temporary directory's root, where the sandbox has its own.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bait-")))
        folder.chmod(0o755)
        file = folder / "readable.txt"
        file.write_text(canary, encoding="ascii")
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        descriptor = os.open(file, os.O_RDONLY)
        stack.callback(os.close, descriptor)
        os.set_inheritable(descriptor, True)
        variable = canary.replace("-", "_").upper()
        os.environ[variable] = canary
        stack.callback(os.environ.pop, variable)
        yield {
            "canary": canary,
            "file": str(file),
            "port": listener.getsockname()[1],
            "shm_key": stack.enter_context(_shared_memory()),
            "pid": os.getpid(),
            "began": _began(),
        }


@contextlib.contextmanager
def _shared_memory() -> Iterator[int]:
    """Make System V memory of this machine; yield its key."""
    libc = ctypes.CDLL(None)
    key = secrets.randbits(30) | 1
    number = libc.shmget(key, 4096, _PRIVATE_SEGMENT)
    try:
        yield key
    finally:
        libc.shmctl(number, _REMOVE, None)


def _began() -> str:
    """Return when this process was started, as the kernel writes it: names it for sure."""
    stat = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace")
    return stat.rpartition(")")[2].split()[19]
