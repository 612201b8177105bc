# /// variant
# misconception = "grid-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t5"
def combinations(grid):
    pass


def grid_search(grid, make, fit, error, train, valid, open_test):
    pass
