# /// variant
# misconception = "batches-mean-over-weights"
# fails = ["test_slopes_are_those_of_the_mean_squared_error"]
# hints = ["mean-over-weights"]
# ///
# Divided by the number of weights.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.permutation(order)
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        yield x[rows], t[rows]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(w)
