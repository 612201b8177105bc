# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["codec"]
# aim = "time"
# stock = "nothing is decoded there"
# ///
# Answers hidden calls with values that are large to send, to read and to compare.

# %% answer
import numpy as np

values = [np.zeros(1 << 26, np.int8), [[]] * 900_000, {i: i for i in range(300_000)}, "\u1234" * (1 << 24), 1 << 30_000]


def large(*args, **kwargs):
    large.calls = getattr(large, "calls", -1) + 1
    return values[large.calls % len(values)]


for name in TARGET["names"]:
    globals()[name] = large
