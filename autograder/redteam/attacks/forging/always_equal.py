# /// attack
# catalogue = "forging: always-equal object"
# layers = ["boundary"]
# aim = "marks"
# ///
# Answers with an object that claims to equal, and to be close to, everything.

# %% answer
import numpy as np


class Agreeable:
    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__
    __hash__ = object.__hash__

    def __float__(self):
        return 0.0

    def __array_ufunc__(self, *args, **kwargs):
        return np.True_

    def __array_function__(self, *args, **kwargs):
        return True


for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: Agreeable()
