# /// attack
# catalogue = "starving: endless loop"
# layers = ["deadline"]
# aim = "time"
# ///
# Does not return from a hidden call for 75 seconds, and catches whatever would end it.

# %% answer
import time


def for_ever(*args, **kwargs):
    end = time.monotonic() + 75
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except BaseException:
            pass


for name in TARGET["names"]:
    globals()[name] = for_ever
