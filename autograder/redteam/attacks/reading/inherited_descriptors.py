# /// attack
# catalogue = "reading: inherited descriptors"
# layers = ["descriptors"]
# aim = "canary"
# ///
# Reads whatever its own process was born with open.

# %%
import os

for number in range(3, 256):
    try:
        print(number, os.pread(number, 4096, 0).decode("latin-1"))
    except OSError:
        pass
