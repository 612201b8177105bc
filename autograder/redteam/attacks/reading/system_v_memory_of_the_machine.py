# /// attack
# catalogue = "leaking out: SysV memory"
# layers = ["ipc", "seccomp"]
# aim = "canary"
# ///
# Attaches to shared memory that another program of the machine has made, by its key.

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
number = libc.shmget(TARGET["shm_key"], 0, 0)
print(number, ctypes.get_errno())
if number >= 0:
    address = libc.shmat(number, None, 0o10000)
    print(ctypes.string_at(address, 100))
