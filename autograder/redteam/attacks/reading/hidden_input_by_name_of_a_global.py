# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["boundary"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Answers that a name is missing, and calls it like the hidden input.

# %% answer
from autograder.inside import calls


def redteam_probe(secret):
    raise calls._Missing(secret)
