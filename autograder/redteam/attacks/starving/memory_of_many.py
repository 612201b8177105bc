# /// attack
# catalogue = "starving: memory"
# layers = ["limits", "memory"]
# aim = "memory"
# stock = "nothing there would stop it"
# ///
# Takes memory in five processes, each of which keeps below the limit of one.

# %%
import os
import time

for _ in range(5):
    if os.fork() == 0:
        try:
            held = bytearray(b"x") * (TARGET["memory"] // 2)
            time.sleep(3)
        finally:
            os._exit(0)
time.sleep(2.5)
