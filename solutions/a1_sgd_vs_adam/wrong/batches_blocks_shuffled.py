# /// variant
# misconception = "batches-blocks-shuffled"
# fails = ["test_order_is_new_in_each_epoch_and_drawn_from_rng"]
# hints = ["blocks-shuffled"]
# ///
# The batches change places, and the rows stay in them.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        starts = rng.permutation(range(0, len(x), batch_size))
        for start in starts:
            yield x[start : start + batch_size], t[start : start + batch_size]
        return
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
