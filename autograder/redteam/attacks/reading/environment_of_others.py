# /// attack
# catalogue = "reading: /proc of the parent"
# layers = ["processes", "uid", "landlock"]
# aim = "canary"
# ///
# Prints the environments of its own process, of its parent and of the grading process.

# %%
import os

print(dict(os.environ))
for pid in ("self", os.getppid(), TARGET["pid"]):
    try:
        print(open(f"/proc/{pid}/environ", "rb").read().decode("latin-1"))
    except OSError:
        pass
