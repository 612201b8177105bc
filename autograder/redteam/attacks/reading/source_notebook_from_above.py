# /// attack
# catalogue = "reading: ../../../source"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Climbs from the working directory towards the instructor's notebook, and takes the whole path too.

# %%
import os
from pathlib import Path

climbed = os.path.relpath(TARGET["source"], os.getcwd())
for path in (climbed, TARGET["source"], *Path("../../../source").rglob("*.ipynb")):
    try:
        print(open(path).read())
    except OSError as error:
        print(error)
