# /// attack
# catalogue = "fairness twin: exit() at the end of a notebook"
# aim = "marks"
# base = "solved"
# twin = true
# ///
# An honest answer that ends as scripts do, and with an error in a cell of its own.

# %% last
raise RuntimeError("an experiment that went wrong")

# %% last
exit()
