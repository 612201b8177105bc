# /// attack
# catalogue = "files: device names"
# layers = ["reader"]
# aim = "batch"
# stock = "it would wait for ever"
# ///
# Hands in a named pipe in place of the notebook: whoever opens it waits.

# %% prepare
import os

os.mkfifo(folder / target["source"].rpartition("/")[2])
os.mkfifo(folder / "data.txt")
(folder / "endless").symlink_to("/dev/zero")
notebook.clear()
