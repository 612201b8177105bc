# /// attack
# catalogue = "reading: caller frame constants"
# layers = ["boundary"]
# aim = "canary"
# ///
# Looks through the frames of whoever calls it: their constants and their variables.

# %% answer
import sys


def spy(*args, **kwargs):
    frame, seen = sys._getframe(1), []
    while frame is not None:
        seen.append((frame.f_code.co_consts, list(frame.f_locals.items())[:50]))
        frame = frame.f_back
    print(seen)
    raise ValueError(str(seen)[:1900])


for name in TARGET["names"]:
    globals()[name] = spy
