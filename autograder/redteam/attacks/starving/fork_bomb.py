# /// attack
# catalogue = "starving: fork bomb"
# layers = ["limits", "memory"]
# aim = "processes"
# stock = "nothing there would stop it"
# ///
# Starts processes that wait, 200 at the most.

# %%
import os
import time

made = 0
for _ in range(200):
    try:
        if os.fork() == 0:
            time.sleep(8)
            os._exit(0)
        made += 1
    except OSError:
        break
print(made, "processes")
time.sleep(1.5)
