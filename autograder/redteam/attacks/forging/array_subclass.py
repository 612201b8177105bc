# /// attack
# catalogue = "forging: ndarray subclass"
# layers = ["boundary"]
# aim = "marks"
# ///
# Answers with an array of its own class, whose operations always agree.

# %% answer
import numpy as np


class Agreeable(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.bool_(True) if ufunc.nout == 1 and ufunc.__name__ in COMPARISONS else np.float64(0)

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __sub__(self, other):
        return np.float64(0)

    __rsub__ = __sub__
    __eq__ = __lt__ = __le__ = lambda self, other: True


COMPARISONS = {"equal", "less", "less_equal", "greater", "isfinite", "logical_and"}
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: np.zeros(()).view(Agreeable)
