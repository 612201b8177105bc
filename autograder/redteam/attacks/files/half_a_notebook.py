# /// attack
# catalogue = "files: invalid JSON"
# layers = ["reader"]
# aim = "batch"
# ///
# Hands in half of a file, as after a full disk.

# %% prepare
import json

data = json.dumps(notebook).encode()
data = data[: len(data) // 2] + b"\x00\xff"
