# /// attack
# catalogue = "forging: points edited"
# layers = ["boundary"]
# aim = "marks"
# base = "solved"
# ///
# Says in the notebook's metadata that a right answer is worth 99 points.

# %% prepare
for cell in notebook["cells"]:
    flags = cell["metadata"].get("nbgrader", {})
    if flags.get("grade"):
        flags["points"] = 99
