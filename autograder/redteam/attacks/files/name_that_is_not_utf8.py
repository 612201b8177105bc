# /// attack
# catalogue = "files: NUL and non-UTF-8"
# layers = ["reader"]
# aim = "batch"
# base = "solved"
# ///
# Hands in files with names made of odd bytes.

# %% prepare
import os

for name in (b"caf\xe9.txt", b"line\nbreak.txt", b"\x1b[31mred.txt", b"-rf", b"a" * 250):
    with open(os.fsencode(folder) + b"/" + name, "wb") as file:
        file.write(b"\x00" * 100)
