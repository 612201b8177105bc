# /// attack
# catalogue = "reading: hidden tests in feedback"
# layers = ["fresh_process"]
# aim = "canary"
# stock = "there is no probe in a cell's test"
# ///
# Keeps a second descriptor of the channel of its main process, and prints through it
# from inside a hidden call.

# %% answer
import os
import struct

from autograder.codec import encode

spare = [os.dup(number) for number in range(3, 16) if os.path.exists(f"/proc/self/fd/{number}")]


def redteam_probe(secret):
    content = {"name": "stdout", "text": secret}
    frame = encode({"event": "message", "type": "stream", "content": content})
    for number in spare:
        try:
            os.write(number, struct.pack("!Q", len(frame)) + frame)
        except OSError:
            pass
    return secret

# %% explore
print("the next cell")
