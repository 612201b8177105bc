# /// attack
# catalogue = "reading: pre_run_cell hook copies tests"
# layers = ["boundary"]
# aim = "canary"
# ///
# Asks IPython to be told the source of every cell before it runs.

# %%
get_ipython().events.register("pre_run_cell", lambda info: print(info.raw_cell))
