# /// attack
# catalogue = "forging: checksum edited"
# layers = ["boundary"]
# aim = "marks"
# ///
# Replaces the tests by nothing and edits locks, checksums and versions to fit.

# %% prepare
for cell in notebook["cells"]:
    flags = cell["metadata"].get("nbgrader", {})
    if flags.get("grade") and cell["cell_type"] == "code":
        cell["source"] = "pass"
        flags.update(locked=False, checksum="0" * 32, schema_version=3, solution=True)
