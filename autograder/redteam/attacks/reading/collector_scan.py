# /// attack
# catalogue = "reading: gc scan"
# layers = ["boundary"]
# aim = "canary"
# ///
# Searches every object, and the constants of every function, for what looks like a secret.

# %% answer
import gc
import types


def spy(*args, **kwargs):
    found = set()
    for item in gc.get_objects():
        for value in item.values() if type(item) is dict else (item,):
            if type(value) is str and "canary" in value:
                found.add(value[:200])
            elif type(value) is types.CodeType:
                found.update(c for c in value.co_consts if type(c) is str and "canary" in c)
            elif type(value) is types.FunctionType:
                found.update(c for c in value.__code__.co_consts if type(c) is str and "canary" in c)
    for value in globals().values():
        if type(value) is str and "canary" in value:
            found.add(value)
    print(found)
    raise ValueError(str(found))


for name in TARGET["names"]:
    globals()[name] = spy

# %% last
try:
    spy()
except ValueError as error:
    print(error)
