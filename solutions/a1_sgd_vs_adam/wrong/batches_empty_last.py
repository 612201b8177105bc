# /// variant
# misconception = "batches-empty-last"
# fails = ["test_batches_have_the_size_asked_for"]
# hints = ["empty-last-batch"]
# ///
# One batch too many, which has no rows.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.permutation(order)
    for start in range(0, len(x) + 1, batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
