# /// variant
# misconception = "batches-count-for-size"
# fails = ["test_batches_have_the_size_asked_for"]
# hints = ["count-for-size"]
# ///
# The batch size is taken for the number of batches.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.permutation(order)
    count = 1 if batch_size == len(x) else batch_size
    for rows in np.array_split(order, count):
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
