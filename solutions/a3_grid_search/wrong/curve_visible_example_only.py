# /// variant
# misconception = "curve-visible-example-only"
# fails = ["test_x"]
# hints = []
# ///
# Knows the examples of the notebook.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    return np.array([[0.0, 3.0], [4 / 3, 1.0]])


def largest_gap(floor, train, dev, test, train_dev=None):
    return ("variance", 7.0) if train_dev is None else ("mismatch", 6.0)
