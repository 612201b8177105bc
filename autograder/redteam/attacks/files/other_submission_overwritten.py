# /// attack
# catalogue = "forging: neighbour overwritten"
# layers = ["view", "landlock", "uid"]
# aim = "file"
# ///
# Replaces the neighbour's notebook by an empty one.

# %%
open(TARGET["neighbour"], "w").write("{}")
