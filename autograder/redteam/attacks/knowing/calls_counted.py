# /// attack
# catalogue = "knowing: time bombs and call counting"
# layers = ["boundary"]
# aim = "marks"
# stock = "its tests call once"
# ///
# Counts the calls over all copies, in a file, and answers another way each time.

# %% answer
import tempfile


def count(*args, **kwargs):
    with open(f"{tempfile.gettempdir()}/calls.txt", "a+") as file:
        file.write("x")
        file.seek(0)
        number = len(file.read())
    return [5.0, 0.0, 1.0, 0.5][number % 4]


for name in TARGET["names"]:
    globals()[name] = count
