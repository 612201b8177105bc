# /// variant
# misconception = "curve-delegates-to-sklearn"
# fails = ["test_x"]
# hints = []
# ///
# scikit-learn's learning curve.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    from sklearn.utils import check_consistent_length

    check_consistent_length(*train)
    return np.array([
        [error(m, train[0][:n], train[1][:n]), error(m, *valid)]
        for n in sizes
        for m in [fit(train[0][:n], train[1][:n])]
    ])


def largest_gap(floor, train, dev, test, train_dev=None):
    """Return (name, size) of the largest gap between these errors; ("none", 0.0) without any."""
    gaps = {"bias": train - floor}
    if train_dev is None:
        gaps["variance"] = dev - train
    else:
        gaps["variance"] = train_dev - train
        gaps["mismatch"] = dev - train_dev
    gaps["dev worn out"] = test - dev
    name = max(gaps, key=gaps.get)
    return (name, gaps[name]) if gaps[name] > 0 else ("none", 0.0)
