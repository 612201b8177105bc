# /// attack
# catalogue = "starving: fork bomb"
# layers = ["limits", "memory"]
# aim = "processes"
# stock = "nothing there would stop it"
# ///
# Starts threads that wait, 200 at the most.

# %%
import threading
import time

threading.stack_size(65536)
for _ in range(200):
    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
time.sleep(1.5)

# %%
time.sleep(1)
