# /// attack
# catalogue = "reading: files of the machine"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Reads a file that everybody on the machine may read.

# %%
print(open(TARGET["host"]).read())
