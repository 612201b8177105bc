# /// attack
# catalogue = "files: linked data"
# layers = ["reader"]
# aim = "batch"
# base = "solved"
# ///
# Hands in a time of submission that no calendar holds.

# %% prepare
(folder / "timestamp.txt").write_text("99999999-99-99 " + "9" * 100_000)
