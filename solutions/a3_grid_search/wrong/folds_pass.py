# /// variant
# misconception = "folds-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t1"
def three_folds(rows, valid, test, rng):
    pass


def stratified_folds(labels, k, rng):
    pass


def cross_validate(folds, x, t, make_scaler, fit, error):
    pass
