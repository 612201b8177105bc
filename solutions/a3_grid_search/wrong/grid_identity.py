# /// variant
# misconception = "grid-identity"
# fails = ["test_x"]
# hints = []
# ///
# The first argument comes back.


# %% task="a3_t5"
def combinations(grid):
    return grid


def grid_search(grid, make, fit, error, train, valid, open_test):
    return grid
