# /// attack
# catalogue = "starving: endless loop"
# layers = ["deadline"]
# aim = "time"
# ///
# Goes on for 75 seconds, and does not end when it is interrupted.

# %%
import time

end = time.monotonic() + 75
while time.monotonic() < end:
    try:
        while time.monotonic() < end:
            pass
    except KeyboardInterrupt:
        pass
