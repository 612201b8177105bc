# /// attack
# catalogue = "knowing: hard-coded visible answers"
# layers = ["boundary"]
# aim = "marks"
# stock = "its tests have no random inputs"
# ///
# Knows the answer of the visible check, and gives it to everybody.

# %% answer
for name in TARGET["names"]:
    globals()[name] = lambda *args, **kwargs: 5.0
