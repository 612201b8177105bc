# /// variant
# misconception = "curve-pass"
# fails = ["test_x"]
# hints = []
# ///
# Nothing is returned.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    pass


def largest_gap(floor, train, dev, test, train_dev=None):
    pass
