# /// attack
# catalogue = "showing: formulas in CSV exports"
# layers = ["boundary"]
# aim = "markup"
# stock = "the export holds no text of a notebook's"
# ///
# Writes text that a spreadsheet would run, wherever an export might take it up.

# %% prepare
bad = '=HYPERLINK("http://evil.invalid","x")'
notebook["metadata"]["kernelspec"]["display_name"] = bad
notebook["metadata"]["authors"] = [{"name": bad}]
for cell in notebook["cells"]:
    if not cell["metadata"].get("nbgrader"):
        cell["metadata"]["nbgrader"] = {"grade_id": bad, "grade": True, "points": 1, "schema_version": 3}
        break
(folder / f"{bad.replace('/', '')}.txt").write_text(bad)

# %% answer
def fail(*args, **kwargs):
    raise ValueError("=cmd|' /C calc'!A0")
