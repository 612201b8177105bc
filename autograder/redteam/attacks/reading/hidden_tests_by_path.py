# /// attack
# catalogue = "reading: the files of the hidden tests"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Opens a file of the hidden tests by its path.

# %%
print(open(TARGET["grader"]).read())
