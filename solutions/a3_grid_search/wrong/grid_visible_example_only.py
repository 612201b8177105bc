# /// variant
# misconception = "grid-visible-example-only"
# fails = ["test_x"]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a3_t5"
def combinations(grid):
    if not grid:
        return [{}]
    return [{"lr": lr, "layers": layers} for lr in (0.1, 0.01) for layers in ([4], [8], [8, 8])]


def grid_search(grid, make, fit, error, train, valid, open_test):
    open_test()
    return {"config": {"guess": 2.0}, "valid_error": 0.1, "test_error": 1.0, "trials": [1, 2, 3]}
