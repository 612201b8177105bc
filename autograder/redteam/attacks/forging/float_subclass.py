# /// attack
# catalogue = "forging: float/int subclass"
# layers = ["boundary"]
# aim = "marks"
# ///
# Answers with a float of its own class, which is close to and equal to everything.

# %% answer
class Agreeable(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return Agreeable(0.0)

    def __abs__(self):
        return Agreeable(0.0)

    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = float.__hash__


for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: Agreeable("nan")
