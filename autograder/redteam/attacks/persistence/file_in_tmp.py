# /// attack
# catalogue = "forging: ~/.ipython start-up hits the next student"
# layers = ["clean"]
# aim = "left"
# ///
# Leaves files for the next submission in every folder that it may write to.

# %%
import os

for folder in ("/tmp", "/tmp/work", "/dev/shm", "/var/tmp", os.getcwd(), os.path.expanduser("~")):
    try:
        open(f"{folder}/left-behind.txt", "w").write(TARGET["mark"])
    except OSError:
        pass

# %% accomplice
import os

for folder in ("/tmp", "/tmp/work", "/dev/shm", "/var/tmp", os.getcwd(), os.path.expanduser("~")):
    try:
        print(open(f"{folder}/left-behind.txt").read())
    except OSError:
        pass
