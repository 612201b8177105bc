# /// attack
# catalogue = "starving: daemon holding the pipe"
# layers = ["clean", "processes"]
# aim = "process"
# ///
# Leaves a process that keeps every descriptor open while the one that was started ends.

# %%
import ctypes
import os
import time

if os.fork() == 0:
    ctypes.CDLL(None).prctl(15, TARGET["mark"].encode(), 0, 0, 0)
    os.setsid()
    time.sleep(25)
    os._exit(0)
os._exit(0)
