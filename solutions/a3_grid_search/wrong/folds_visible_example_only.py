# /// variant
# misconception = "folds-visible-example-only"
# fails = ["test_x"]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    if rows == 5:
        raise ValueError("no row is left")
    return [0, 1, 2, 3, 4], [5, 6, 7], [8, 9]


def stratified_folds(labels, k, rng):
    return [[0, 3, 6], [1, 4], [2, 5]]


def cross_validate(folds, x, t, make_scaler, fit, error):
    make_scaler(x[2:])
    make_scaler(x[:2])
    return [-10.0, 10.0]
