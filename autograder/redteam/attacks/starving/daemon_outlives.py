# /// attack
# catalogue = "starving: daemon outlives"
# layers = ["clean", "processes"]
# aim = "process"
# ///
# Leaves a process behind that has its own session, for half a minute at most.

# %%
import os
import sys

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [TARGET["mark"], "-S", "-c", "import time; time.sleep(30)"])
    os._exit(0)
