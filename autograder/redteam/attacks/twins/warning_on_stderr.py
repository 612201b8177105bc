# /// attack
# catalogue = "fairness twin: an honest warning on stderr"
# aim = "marks"
# base = "solved"
# twin = true
# ///
# An honest answer with a warning on standard error.

# %% answer
import functools
import sys
import warnings


def noisy(function):
    @functools.wraps(function)
    def call(*args, **kwargs):
        warnings.warn("this is a warning")
        print("a note for myself", file=sys.stderr)
        return function(*args, **kwargs)

    return call


for name in TARGET["names"]:
    globals()[name] = noisy(globals()[name])
