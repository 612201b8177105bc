# /// attack
# catalogue = "files: symbolic link to source"
# layers = ["reader"]
# aim = "canary"
# ///
# Hands in a link to the instructor's notebook in place of its own.

# %% prepare
name = target["source"].rpartition("/")[2]
(folder / name).symlink_to(target["source"])
notebook.clear()
