# /// attack
# catalogue = "starving: disk"
# layers = ["limits", "scratch", "memory"]
# aim = "disk"
# stock = "nothing there would stop it"
# ///
# Writes one file of 800 MB.

# %%
import tempfile
import time

with open(f"{tempfile.gettempdir()}/huge", "wb") as file:
    for _ in range(800):
        file.write(b"x" * (1 << 20))
        file.flush()
    time.sleep(0.7)
