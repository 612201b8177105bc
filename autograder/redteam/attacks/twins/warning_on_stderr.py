# /// attack
# catalogue = "fairness twin: an honest warning on stderr"
# aim = "marks"
# base = "solved"
# twin = true
# ///
# An honest answer with a warning on standard error.

# %% answer
import sys
import warnings

warnings.warn("this is a warning")
print("a note for myself", file=sys.stderr)
