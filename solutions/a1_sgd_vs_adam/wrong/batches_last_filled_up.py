# /// variant
# misconception = "batches-last-filled-up"
# fails = ["test_each_row_comes_once_with_its_own_target", "test_batches_have_the_size_asked_for"]
# hints = ["last-batch-filled-up"]
# ///
# The last batch begins again with the first rows.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.permutation(order)
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        rows = np.take(order, range(start, start + batch_size), mode="wrap")
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
