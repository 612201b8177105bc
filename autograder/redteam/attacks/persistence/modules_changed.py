# /// attack
# catalogue = "forging: local numpy/ package"
# layers = ["clean"]
# aim = "left"
# ///
# Leaves modules where the next submission looks for modules, under the names of known ones.

# %%
from pathlib import Path

line = f"\nREDTEAM = {TARGET['mark']!r}\n"
# The installed environment is left alone: on a machine without layers it could be the staff's.
Path("/tmp/left_behind.py").write_text(line)
for folder in (Path.cwd(), Path.home(), Path(TARGET["course"])):
    for name in ("left_behind.py", "course/__init__.py", "numpy.py"):
        try:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(line)
        except OSError:
            pass

# %% accomplice
import importlib
import sys

sys.path += ["/tmp", "/tmp/work", TARGET["course"]]
for name in ("numpy", "course", "left_behind"):
    print(name, getattr(importlib.import_module(name), "REDTEAM", "unchanged"))
