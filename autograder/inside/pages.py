"""Puts a process's own memory on huge pages, so that its forks cost less.

A fork copies the page tables of all memory that is the process's own, and its end frees them again.
A huge page takes one entry in the place of 512, and is split where a child writes.

Source: madvise(2), ``MADV_COLLAPSE`` (Linux 6.1).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

_HUGE = 2 << 20
_MADV_COLLAPSE = 25

_libc = ctypes.CDLL(None, use_errno=True)


def collapse_own_memory() -> None:
    """Collapse what can be; where the kernel cannot, or will not, forks cost what they cost."""
    for start, end in list(_own_ranges(Path("/proc/self/maps").read_text())):
        first, last = -(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE
        if first < last:
            length = ctypes.c_size_t(last - first)
            _libc.madvise(ctypes.c_void_p(first), length, _MADV_COLLAPSE)


def _own_ranges(maps: str) -> Iterator[tuple[int, int]]:
    """Yield where the heap and the anonymous, private, writable memory begin and end.

    A line of ``maps`` holds the addresses, rights, offset, device, inode, and perhaps a name.
    """
    for line in maps.splitlines():
        addresses, rights, _, _, inode, *name = line.split(maxsplit=5)
        is_own = not name or name[0].startswith(("[heap]", "[anon"))
        if rights == "rw-p" and inode == "0" and is_own:
            start, end = addresses.split("-")
            yield int(start, 16), int(end, 16)
