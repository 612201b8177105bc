# /// attack
# catalogue = "starving: print flood"
# layers = ["output_limit"]
# aim = "size"
# base = "solved"
# stock = "it keeps every byte"
# ///
# Prints as fast as it can for as long as it may.

# %%
import sys
import time

text = "x" * 100_000 + "\n"
end = time.monotonic() + 75
while time.monotonic() < end:
    print(text)
    print(text, file=sys.stderr)
