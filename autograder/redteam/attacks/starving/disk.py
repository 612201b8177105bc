# /// attack
# catalogue = "starving: disk"
# layers = ["scratch", "memory"]
# aim = "disk"
# stock = "nothing there would stop it"
# ///
# Writes files as large as they may be, 1300 MB in all.

# %%
import os
import tempfile
import time

piece = b"x" * (1 << 20)
folder = tempfile.gettempdir()
for number in range(26):
    try:
        with open(f"{folder}/full-{number}", "wb") as file:
            for _ in range(50):
                file.write(piece)
    except OSError as error:
        print(number, error)
        break
time.sleep(0.7)
