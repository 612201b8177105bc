"""Landlock: which files a process may reach, whatever its uid may (``man 7 landlock``).

What is not named is refused: files by their place, and, on newer kernels, signals and abstract
sockets of processes outside. All that the process starts inherits it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every machine
_ASK_VERSION = 1
_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_ACCESS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_SCOPES = 0b11  # abstract sockets, signals
_SCOPED_SINCE, _NETWORK_SINCE = 6, 4

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | 1 << 14 | 1 << 15  # truncate, ioctl

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the kernel's version of Landlock; 0 if it has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)))


def install(read: Iterable[str], write: Iterable[str]) -> None:
    """Restrict the calling process, for good.

    It needs ``no_new_privs``.

    Parameters
    ----------
    read, write
        Files and folders that may be read and executed; in which anything but devices may be
        made. One that does not exist is passed over.

    Raises
    ------
    OSError
        If the kernel has no Landlock.
    """
    found = version()
    handled = max(bits for since, bits in _ACCESS_BY_VERSION.items() if since <= max(found, 1))
    attributes = struct.pack("=QQQ", handled, 0, _SCOPES if found >= _SCOPED_SINCE else 0)
    size = 24 if found >= _SCOPED_SINCE else 16 if found >= _NETWORK_SINCE else 8
    ruleset = _call(_CREATE_RULESET, ctypes.c_char_p(attributes), ctypes.c_size_t(size), 0)
    try:
        for path in read:
            _allow(ruleset, path, _READ & handled)
        for path in write:
            _allow(ruleset, path, handled & ~(_MAKE_CHAR | _MAKE_BLOCK))
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):  # noqa: PTH112
                access &= _ON_FILES
            rule = struct.pack("=Qi", access, descriptor)
            _call(_ADD_RULE, ruleset, _BENEATH, ctypes.c_char_p(rule), 0)
        finally:
            os.close(descriptor)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock's system call {number} failed")
    return result
