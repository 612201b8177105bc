# /// attack
# catalogue = "forging: patched student-side codec"
# layers = ["boundary"]
# aim = "marks"
# stock = "nothing is encoded there"
# ///
# Replaces the encoder of its own process, so that any answer looks like the last argument
# that it was given, or like the number nought.

# %% answer
from autograder.inside import calls, child

plain = calls.encode
last = []


def forged(value, *args, **kwargs):
    if isinstance(value, dict) and value.get("status") in ("raised", "missing"):
        value = {"status": "value", "value": last[-1] if last else 0.0}
    return plain(value, *args, **kwargs)


calls.encode = child.encode = forged


def remember(*args, **kwargs):
    last[:] = args
    raise ValueError


for name in TARGET["names"]:
    globals()[name] = remember
