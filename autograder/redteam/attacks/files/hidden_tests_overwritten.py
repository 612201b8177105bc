# /// attack
# catalogue = "forging: checksum edited"
# layers = ["view", "landlock", "uid"]
# aim = "file"
# ///
# Adds a line to the hidden tests.

# %%
open(TARGET["grader"], "a").write("\n# changed by a submission\n")
