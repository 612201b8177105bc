# /// attack
# catalogue = "starving: pid hopping"
# layers = ["uid", "processes", "privileges", "seccomp"]
# aim = "batch"
# stock = "it would end the outer sandbox too"
# ///
# Kills every process it may: its parent, the first of its namespace, and all at once.

# %%
import os
import signal

# Where it shares the machine's own process ids, it leaves alone what is none of the suite's.
everybody = (1, -1) if os.readlink("/proc/self/ns/pid") != TARGET["pid_namespace"] else ()
for pid in (TARGET["pid"], os.getppid(), *everybody):
    for which in (signal.SIGKILL, signal.SIGSTOP):
        try:
            os.kill(pid, which)
        except OSError as error:
            print(pid, error)
