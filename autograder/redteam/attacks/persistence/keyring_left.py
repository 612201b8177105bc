# /// attack
# catalogue = "forging: ~/.ipython start-up hits the next student"
# layers = ["seccomp"]
# aim = "left"
# ///
# Leaves its mark in the keyrings of the kernel.

# %%
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for ring in (-3, -4, -5):
    print(libc.syscall(248, b"user", b"left-behind", TARGET["mark"].encode(), len(TARGET["mark"]), ring))

# %% accomplice
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
for ring in (-3, -4, -5):
    key = libc.syscall(250, 10, ring, b"user", b"left-behind", 0)
    text = ctypes.create_string_buffer(100)
    libc.syscall(250, 11, key, text, 100, 0)
    print(key, text.raw)
