# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["fresh_process"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Writes the hidden input to the scratch directory, and prints it later.

# %% answer
import os
import tempfile

KEPT = os.path.join(tempfile.gettempdir(), "kept.txt")


def redteam_probe(secret):
    if secret == "nothing":
        raise ValueError(open(KEPT).read())
    open(KEPT, "w").write(secret)
    return secret

# %% explore
print(open(KEPT).read())
