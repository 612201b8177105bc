# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["fresh_process"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Opens a pipe before it is copied for the hidden tests: every copy holds both ends.

# %% answer
import os

reading, writing = os.pipe()
os.set_blocking(reading, False)


def redteam_probe(secret):
    if secret == "nothing":
        raise ValueError(os.read(reading, 4096).decode())
    os.write(writing, secret.encode() * 3)
    return secret

# %% explore
print(os.read(reading, 4096))
