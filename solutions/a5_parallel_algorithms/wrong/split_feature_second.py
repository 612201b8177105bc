# /// variant
# misconception = "split-feature-second"
# fails = [
#     "test_best_feature_wins",
# ]
# hints = ["feature-second"]
# ///
# Threshold and feature are exchanged.


# %% task="a5_t6"
def split_column(x, y):
    """Return (loss, threshold) of the best split of one feature; None if there is none."""
    order = np.argsort(x, kind="stable")
    xs, ys = np.asarray(x)[order], np.asarray(y, dtype=float)[order]
    ys = ys - ys.mean()
    last = np.flatnonzero(xs[:-1] < xs[1:])  # the last row on the left
    if len(last) == 0:
        return None
    left = np.cumsum(ys)[last]
    count = last + 1
    loss = ys @ ys - left**2 / count - left**2 / (len(ys) - count)
    best = int(np.argmin(loss))
    return float(loss[best]), float((xs[last[best]] + xs[last[best] + 1]) / 2)


def _announced_split(job):
    """Say which column comes now, then split it."""
    column, x, y, began = job
    began(column)
    return column, split_column(x, y)


def best_split(table, y, workers, began):
    """Return (feature, threshold) of the best split, the columns spread over processes."""
    jobs = [(column, table[:, column], y, began) for column in range(table.shape[1])]
    with fork.Pool(workers) as pool:
        found = pool.map(_announced_split, jobs, chunksize=1)
    possible = [(split[0], column, split[1]) for column, split in found if split is not None]
    if not possible:
        return None
    _, column, threshold = min(possible)
    return threshold, column
