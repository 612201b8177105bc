"""Gives up every right to gain rights."""

from __future__ import annotations

import ctypes
import struct

_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def drop() -> None:
    """Give up all capabilities, and have no program that is started give any.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    # Without an exec, the capabilities of a namespace stay: effective, permitted, inheritable.
    head = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    if _libc.capset(ctypes.c_char_p(head), ctypes.c_char_p(bytes(24))) != 0:
        raise OSError(ctypes.get_errno(), "capabilities could not be given up")
