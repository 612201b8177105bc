# /// attack
# catalogue = "forging: deleted or retyped cells"
# layers = ["boundary"]
# aim = "marks"
# ///
# Turns every test into prose, which cannot fail.

# %% prepare
for cell in notebook["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code":
        cell["cell_type"] = "raw"
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
