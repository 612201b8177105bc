# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["kinship"]
# aim = "excuse"
# stock = "nothing is forked there"
# ///
# Tells numbers of processes that are none, or the warm parent's, so that ending the copy goes
# wrong on the other side and the submission is excused instead of marked.

# %%
import itertools
import os

from autograder.inside import child

plain = child.encode
numbers = itertools.cycle([2**40, os.getppid(), 2**4000, True, "12", [12], None])


def forged(value, *args, **kwargs):
    if isinstance(value, dict) and value.get("event") == "forked":
        value = {"event": "forked", "pid": next(numbers)}
    return plain(value, *args, **kwargs)


child.encode = forged

# %% answer
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: os._exit(1)
