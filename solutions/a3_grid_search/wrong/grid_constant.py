# /// variant
# misconception = "grid-constant"
# fails = ["test_x"]
# hints = []
# ///
# Always 0.


# %% task="a3_t5"
def combinations(grid):
    return 0


def grid_search(grid, make, fit, error, train, valid, open_test):
    return 0
