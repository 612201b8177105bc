# /// attack
# catalogue = "starving: endless loop"
# layers = ["deadline"]
# aim = "time"
# stock = "the kernel would never answer again"
# ///
# Stops its own process, which then neither ends nor answers.

# %%
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
