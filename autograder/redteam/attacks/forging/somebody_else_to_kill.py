# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["kinship", "processes"]
# aim = "batch"
# stock = "nothing is forked there"
# ///
# Says that the copy it was asked for is the grading process, and then lets the call time out.

# %%
import os

from autograder.inside import child

plain = child.encode


def forged(value, *args, **kwargs):
    if isinstance(value, dict) and value.get("event") == "forked":
        value = {"event": "forked", "pid": TARGET["pid"]}
    return plain(value, *args, **kwargs)


child.encode = forged

# %% answer
import time

for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: time.sleep(60)
