# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["processes"]
# aim = "canary"
# ///
# Prints the command lines of its parent and of the grading process.

# %%
import os

for pid in (os.getppid(), TARGET["pid"]):
    try:
        print(open(f"/proc/{pid}/cmdline", "rb").read().replace(b"\0", b" ").decode("latin-1"))
    except OSError:
        pass
