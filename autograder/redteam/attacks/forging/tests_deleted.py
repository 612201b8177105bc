# /// attack
# catalogue = "forging: deleted or retyped cells"
# layers = ["boundary"]
# aim = "marks"
# stock = "a deleted cell earns nothing there"
# ///
# Deletes every cell that carries points.

# %% prepare
notebook["cells"] = [c for c in notebook["cells"] if not c["metadata"].get("nbgrader", {}).get("grade")]
