# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["fresh_process", "seccomp"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Keeps the hidden input in a memory file that has no name anywhere.

# %% answer
import os

kept = os.memfd_create("kept")


def redteam_probe(secret):
    if secret == "nothing":
        raise ValueError(os.pread(kept, 200, 0).decode())
    os.pwrite(kept, secret.encode(), 0)
    return secret

# %% explore
print(os.pread(kept, 200, 0))
