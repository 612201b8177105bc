# /// attack
# catalogue = "starving: pid hopping"
# layers = ["clean", "processes"]
# aim = "process"
# stock = "the outer sandbox would have to be waited for"
# ///
# Leaves a process that becomes another one every few milliseconds, for twenty seconds.

# %%
import ctypes
import os
import signal
import time

libc = ctypes.CDLL(None)
if os.fork() == 0:
    os.setsid()
    for which in range(1, 30):
        try:
            signal.signal(which, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    end = time.monotonic() + 20
    while time.monotonic() < end:
        libc.prctl(15, TARGET["mark"].encode(), 0, 0, 0)
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            pass
        time.sleep(0.002)
    os._exit(0)
