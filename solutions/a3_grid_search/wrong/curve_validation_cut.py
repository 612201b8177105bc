# /// variant
# misconception = "curve-validation-cut"
# fails = ["test_errors_belong_to_the_rows_learnt_and_to_all_validation_rows"]
# hints = ["validation-rows-cut"]
# ///
# The validation rows are cut like the others.


# %% task="a3_t4"
def learning_curve(sizes, fit, error, train, valid):
    """Return the errors (training, validation) after training on so many rows, shape (n, 2)."""
    x, t = train
    if any(not 1 <= size <= len(x) for size in sizes):
        raise ValueError(f"there are {len(x)} rows to train with, and sizes are {list(sizes)}")
    errors = []
    for size in sizes:
        model = fit(x[:size], t[:size])
        errors.append([error(model, x[:size], t[:size]), error(model, valid[0][: size // 2], valid[1][: size // 2])])
    return np.array(errors, dtype=float).reshape(-1, 2)


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
