# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["boundary"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Answers on the channel that the value cannot be sent, for a reason it makes up.

# %% answer
import os
import struct
import sys

from autograder.codec import encode


def redteam_probe(secret):
    frame = encode({"status": "unsendable", "why": secret})
    for number in range(3, 16):
        try:
            os.write(number, struct.pack("!Q", len(frame)) + frame)
        except OSError:
            pass
    os._exit(0)
