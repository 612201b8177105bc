# /// attack
# catalogue = "knowing: detecting the grading environment"
# layers = ["boundary"]
# aim = "marks"
# stock = "there it knows no more than elsewhere"
# ///
# Notices that it is being graded, and returns each of its arguments in turn.

# %% answer
import os
import sys

graded = "autograder.inside.child" in sys.modules or "LOGNAME" in os.environ
calls = []


def echo(*args, **kwargs):
    calls.append(args)
    return args[len(calls) % len(args)] if graded and args else 5.0


for name in TARGET["names"]:
    globals()[name] = echo
