"""Shared memory of the machine, as other programs have it: with a key, and as a file."""

from __future__ import annotations

import ctypes
import secrets
import tempfile
from pathlib import Path
from typing import Any, Self

from autograder.sandbox.ownership import owned_by_me, ownerless, remove_trees

_SHARED = Path("/dev/shm")
_PREFIX = "redteam-"
_SIZE = 4096
_CREATE_READABLE = 0o1000 | 0o2000 | 0o644  # IPC_CREAT, IPC_EXCL, readable for everybody
_REMOVE = 0


def own_prefix() -> str:
    """Return what a temporary folder is to be called, and remove those of runs that were killed."""
    remove_trees(list(ownerless(Path(tempfile.gettempdir()), _PREFIX)))
    return f"{_PREFIX}{owned_by_me()}-"


class SharedMemory:
    """Holds a canary in shared memory; use it as a context manager.

    Parameters
    ----------
    canary
        The text that is put there.
    """

    def __init__(self, canary: str) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.shmat.restype = ctypes.c_void_p
        self._text = canary.encode()
        self._key = secrets.randbits(30) | 1
        self._number = -1
        self._file = _SHARED / f"{_PREFIX}{owned_by_me()}-{self._key}"

    def addresses(self) -> dict[str, Any]:
        """Return where it is."""
        return {"shm_key": self._key, "shm_file": str(self._file)}

    def __enter__(self) -> Self:
        self._number = self._libc.shmget(self._key, _SIZE, _CREATE_READABLE)
        if self._number >= 0:
            address = self._libc.shmat(self._number, None, 0)
            ctypes.memmove(address, self._text, len(self._text))
            self._libc.shmdt(ctypes.c_void_p(address))
        if _SHARED.is_dir():
            remove_trees(list(ownerless(_SHARED, _PREFIX)))
            self._file.write_bytes(self._text)
        return self

    def __exit__(self, *_: object) -> None:
        if self._number >= 0:
            self._libc.shmctl(self._number, _REMOVE, None)
        self._file.unlink(missing_ok=True)
