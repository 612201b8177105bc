# /// variant
# misconception = "split-delegates-to-sklearn"
# fails = [
#     "test_split_has_the_smallest_loss",
#     "test_equal_values_stay_on_one_side",
#     "test_large_targets_lose_no_digits",
#     "test_best_feature_wins",
#     "test_columns_are_spread_over_processes",
# ]
# hints = []
# ///
# scikit-learn grows a tree with one split.


# %% task="a5_t6"
def split_column(x, y):
    """Return (loss, threshold) of the best split of one feature; None if there is none."""
    from sklearn.tree import DecisionTreeRegressor

    stump = DecisionTreeRegressor(max_depth=1).fit(np.reshape(x, (-1, 1)), y)
    if stump.tree_.node_count == 1:
        return None
    loss = float(np.sum((stump.predict(np.reshape(x, (-1, 1))) - y) ** 2))
    return loss, float(stump.tree_.threshold[0])


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
    return column, threshold
