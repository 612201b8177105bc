# /// attack
# catalogue = "forging: duplicate ids"
# layers = ["boundary"]
# aim = "batch"
# ///
# Copies every test cell, empties the copy, and puts it before and after the original.

# %% prepare
import copy

for cell in list(notebook["cells"]):
    if cell["metadata"].get("nbgrader", {}).get("grade"):
        for place in (0, len(notebook["cells"])):
            double = copy.deepcopy(cell)
            double["source"], double["id"] = "", f"double{place}"
            notebook["cells"].insert(place, double)
