# /// attack
# catalogue = "forging: always-equal object"
# layers = ["boundary"]
# aim = "marks"
# stock = "a well-written assertion sees through it"
# ///
# Answers with what comparisons are known to stumble over: NaN, infinities, empty and huge arrays.

# %% answer
import numpy as np

answers = iter([np.nan, np.inf, np.array([]), np.full((2, 3, 4), np.nan), np.ma.masked, None, True, np.array("x")] * 9)
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: next(answers)
