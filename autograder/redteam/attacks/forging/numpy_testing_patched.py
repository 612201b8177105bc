# /// attack
# catalogue = "forging: patched numpy.testing"
# layers = ["boundary"]
# aim = "marks"
# ///
# Replaces numpy's assertions by functions that accept everything.

# %% answer
import numpy as np

for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, lambda *args, **kwargs: None)
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: 0.0
