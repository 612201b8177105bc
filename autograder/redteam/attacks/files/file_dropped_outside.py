# /// attack
# catalogue = "files: files that escape"
# layers = ["view", "landlock"]
# aim = "file"
# ///
# Writes into a folder of the machine that anybody may write to.

# %%
import os

open(os.path.join(TARGET["drop"], "dropped.txt"), "w").write(TARGET["mark"])
