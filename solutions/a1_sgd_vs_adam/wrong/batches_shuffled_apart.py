# /// variant
# misconception = "batches-shuffled-apart"
# fails = ["test_each_row_comes_once_with_its_own_target"]
# hints = ["targets-shuffled-apart"]
# ///
# Inputs and targets get an order each.


# %% task="a1_t2"
def minibatches(x, t, batch_size, rng):
    order = np.arange(len(x))
    if batch_size is None:
        batch_size = max(len(x), 1)
    else:
        order = rng.permutation(order)
    others = rng.permutation(len(x)) if batch_size < len(x) else order
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        others_now = others[start : start + batch_size]
        yield x[rows], t[others_now]


def linear_gradient(w, x, t):
    ones = np.ones((len(x), 1))
    inputs = np.hstack([ones, x])
    return 2 * inputs.T @ (inputs @ w - t) / len(x)
