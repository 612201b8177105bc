# /// attack
# catalogue = "reading: import of the reference"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Opens the reference solution by its path.

# %%
print(open(TARGET["reference"]).read())
