# /// attack
# catalogue = "reading: other submissions"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Copies from the neighbour.

# %%
print(open(TARGET["neighbour"]).read())
