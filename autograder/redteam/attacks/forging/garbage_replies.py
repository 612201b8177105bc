# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["codec"]
# aim = "batch"
# stock = "nothing is decoded there"
# ///
# Answers each call with another kind of garbage: no message, no length, no end, an endless list.

# %% answer
import os
import random
import struct

HUGE = struct.pack("!Q", 2**63 - 1)
BOMBS = [
    HUGE,
    struct.pack("!Q", 9) + b"l" + HUGE,
    struct.pack("!Q", 4) + b"\xff\xff\xff\xff",
    struct.pack("!Q", 900) + b"l\0\0\0\0\0\0\0\1" * 100,
    struct.pack("!Q", 1 << 25) + b"l" * (1 << 25),
    b"\0" * 8 * 1000,
]


def answer_with_garbage(*args, **kwargs):
    bomb = BOMBS[random.SystemRandom().randrange(len(BOMBS))]
    for number in range(3, 16):
        try:
            os.write(number, bomb)
        except OSError:
            pass
    os._exit(0)


for name in [*TARGET["names"], "redteam_probe"]:
    globals()[name] = answer_with_garbage
