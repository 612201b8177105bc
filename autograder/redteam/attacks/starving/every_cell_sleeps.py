# /// attack
# catalogue = "starving: endless loop (unbounded in total)"
# layers = ["deadline"]
# aim = "time"
# stock = "it runs for minutes"
# ///
# Sleeps in each of forty cells, each time a little less than a cell may.

# %% prepare
for number in range(40):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(1, {**cell, "id": f"sleep-{number}", "source": "import time; time.sleep(4)"})
