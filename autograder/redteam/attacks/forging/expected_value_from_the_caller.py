# /// attack
# catalogue = "reading: caller frame constants"
# layers = ["boundary"]
# aim = "marks"
# ///
# Returns whatever its caller is about to compare with, found among the caller's names.

# %% answer
import sys


def steal(*args, **kwargs):
    frame = sys._getframe(1)
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals):
            for name in ("expected", "want", "solution", "answer", "correct"):
                if isinstance(scope.get(name), (int, float)):
                    return scope[name]
        frame = frame.f_back
    return 0.0


for name in TARGET["names"]:
    globals()[name] = steal
