# /// attack
# catalogue = "reading: gradebook.db"
# layers = ["view", "landlock"]
# aim = "canary"
# ///
# Reads the gradebook's file and its tables.

# %%
import sqlite3

print(open(TARGET["gradebook"], "rb").read().decode("latin-1"))

# %%
with sqlite3.connect(f"file:{TARGET['gradebook']}?mode=ro", uri=True) as database:
    print(database.execute("select * from student").fetchall())
