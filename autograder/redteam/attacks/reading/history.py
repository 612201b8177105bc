# /// attack
# catalogue = "reading: In[-1] holds the test"
# layers = ["boundary"]
# aim = "canary"
# ///
# Prints the source of the cell that is running when its answer is called.

# %% answer
def spy(*args, **kwargs):
    print(In[-1])
    print(list(get_ipython().history_manager.input_hist_raw))
    raise ValueError(str(In))


for name in TARGET["names"]:
    globals()[name] = spy
