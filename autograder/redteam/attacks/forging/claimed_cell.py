# /// attack
# catalogue = "forging: points edited"
# layers = ["boundary"]
# aim = "marks"
# ///
# Adds a cell of its own that says it is worth 50 points.

# %% prepare
flags = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
flags |= {"grade_id": "extra", "points": 50, "cell_type": "code", "checksum": "0" * 32}
cell = {"cell_type": "code", "id": "extra", "source": "1", "outputs": [], "execution_count": None}
notebook["cells"].append({**cell, "metadata": {"nbgrader": flags}})
