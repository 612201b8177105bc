# /// variant
# misconception = "batches-none-of-nothing"
# fails = ["test_batches_have_the_size_asked_for"]
# hints = ["empty-last-batch"]
# ///
# Where there are no rows, None still gives a batch.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    if batch_size is None:
        yield x, t
        return
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
