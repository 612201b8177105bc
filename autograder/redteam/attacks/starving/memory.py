# /// attack
# catalogue = "starving: memory"
# layers = ["limits", "memory"]
# aim = "memory"
# stock = "nothing there would stop it"
# ///
# Takes two and a half times the memory it may have, and holds it.

# %%
import time

held = []
while len(held) << 26 < 2.5 * TARGET["memory"]:
    held.append(bytearray(b"x") * (1 << 26))
time.sleep(0.7)
