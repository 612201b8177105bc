# /// attack
# catalogue = "forging: os._exit(0)"
# layers = ["boundary"]
# aim = "marks"
# ///
# Ends its process with success when it is called.

# %% answer
import os
import sys


def leave(*args, **kwargs):
    print("1 passed")
    sys.stdout.flush()
    os._exit(0)


for name in TARGET["names"]:
    globals()[name] = leave
