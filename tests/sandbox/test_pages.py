"""Memory on huge pages holds what it held."""

from __future__ import annotations

import ctypes
import mmap
import subprocess
import sys

import pytest

TRY = """
import hashlib
from autograder.inside.pages import collapse_own_memory

def huge_kib():
    lines = open('/proc/self/smaps_rollup').read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith('AnonHugePages'))

many = [str(number) * 20 for number in range(200_000)]  # small objects, as modules are
before = huge_kib()
known = hashlib.sha256(''.join(many).encode()).hexdigest()
collapse_own_memory()
assert hashlib.sha256(''.join(many).encode()).hexdigest() == known
print(before, huge_kib())
"""


def _collapses_on_demand() -> bool:
    huge, madv_collapse = 2 << 20, 25
    with mmap.mmap(-1, 2 * huge, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.write(b"x" * len(memory))
        start = -ctypes.addressof(ctypes.c_char.from_buffer(memory)) % huge
        try:
            memory.madvise(madv_collapse, start, huge)
        except OSError:
            return False
    return True


def test_memory_of_small_objects_comes_to_lie_on_huge_pages_and_holds_what_it_held() -> None:
    ended = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    before, after = map(int, ended.stdout.split())
    if before:
        pytest.skip("this kernel gives huge pages unasked")
    if not _collapses_on_demand():
        pytest.skip("this kernel collapses no pages on demand (Linux 6.1 does)")
    assert after > before  # how much depends on what lies beside what
